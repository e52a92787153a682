"""Virtual environments of services: one for each distinct set of dependencies, used again."""

import hashlib
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout
from uv import find_uv_bin

from tests.matrix.processes import clean_environment, run_logged
from tests.repository import CACHE

ENVIRONMENTS = CACHE / "environments"


@dataclass(frozen=True)
class Environment:
    """Where the commands of one project run: what it has locked, and the project itself."""

    project: Path
    directory: Path
    python: Path

    @property
    def variables(self) -> dict[str, str]:
        return (
            clean_environment()
            | _uv_variables(self.python)
            | {
                "UV_PROJECT_ENVIRONMENT": str(self.directory),
                # What it knows of the dependencies outlives the rendering.
                "MYPY_CACHE_DIR": f"{self.directory}.mypy",
            }
        )

    def command(self, name: str) -> str:
        return str(self.directory / "bin" / name)

    def run(self, *command: str, log: Path, typed: str = "", **variables: str) -> None:
        environment = self.variables | variables
        run_logged(command, cwd=self.project, log=log, environment=environment, typed=typed)


def lock(project: Path, python: Path, log: Path, *, required: Sequence[str] = ()) -> str:
    """Resolve the newest versions that fit, and return the lock.

    What is `required` takes the place of what the project says of the same packages.
    """
    variables = clean_environment() | _uv_variables(python)
    uv = [find_uv_bin(), "--quiet"]
    if required:
        add = [*uv, "add", "--frozen", *required]
        run_logged(add, cwd=project, log=log, environment=variables)
    run_logged([*uv, "lock"], cwd=project, log=log, environment=variables)
    return (project / "uv.lock").read_text(encoding="utf-8")


@contextmanager
def environment(project: Path, python: Path, log: Path) -> Iterator[Environment]:
    """Make or reuse the environment of what `project` has locked, and keep others out of it."""
    locked = (project / "uv.lock").read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{full_version(python)}\n{locked}".encode()).hexdigest()[:16]
    with free_directory(digest) as directory:
        ready = Environment(project, directory, python)
        ready.run(
            find_uv_bin(),
            "sync",
            "--quiet",
            "--locked",
            "--reinstall-package",
            _name(project),
            log=log,
        )
        yield ready


@contextmanager
def free_directory(digest: str) -> Iterator[Path]:
    """Take the first that no process uses: one more is made sooner than a suite ends."""
    directories = (ENVIRONMENTS / f"{digest}-{number}" for number in count(1))
    with ExitStack() as stack:
        yield next(directory for directory in directories if _taken(directory, stack))


def _taken(directory: Path, stack: ExitStack) -> bool:
    try:
        stack.enter_context(FileLock(f"{directory}.lock").acquire(blocking=False))
    except Timeout:
        return False
    return True


def locked_versions(locked: str) -> dict[str, str]:
    """Return what a service depends on by itself, and the version of each that `locked` names."""
    packages = tomllib.loads(locked).get("package", [])
    versions = {package["name"]: package.get("version", "") for package in packages}
    direct = {
        dependency["name"]
        for package in packages
        if "editable" in package["source"] or "virtual" in package["source"]
        for dependency in package.get("dependencies", [])
    }
    return {name: versions[name] for name in sorted(direct)}


def full_version(python: Path) -> str:
    done = subprocess.run([python, "-VV"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _uv_variables(python: Path) -> dict[str, str]:
    return {"UV_PYTHON": str(python), "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


def _name(project: Path) -> str:
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return str(described["project"]["name"])
