"""Virtual environments of services: one for each distinct set of dependencies, used again."""

import hashlib
import subprocess
import threading
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from tests.matrix.processes import clean_environment, run_logged
from tests.repository import CACHE

ENVIRONMENTS = CACHE / "environments"

_locks: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


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
            }
        )

    def command(self, name: str) -> str:
        return str(self.directory / "bin" / name)

    def run(self, *command: str, log: Path, **variables: str) -> None:
        run_logged(command, cwd=self.project, log=log, environment=self.variables | variables)


def lock(project: Path, python: Path, log: Path) -> str:
    """Resolve the newest versions that fit, and return the lock."""
    variables = clean_environment() | _uv_variables(python)
    run_logged([find_uv_bin(), "lock", "--quiet"], cwd=project, log=log, environment=variables)
    return (project / "uv.lock").read_text(encoding="utf-8")


@contextmanager
def environment(project: Path, python: Path, log: Path) -> Iterator[Environment]:
    """Make or reuse the environment of what `project` has locked, and keep others out of it."""
    locked = (project / "uv.lock").read_text(encoding="utf-8")
    digest = hashlib.sha256(f"{full_version(python)}\n{locked}".encode()).hexdigest()[:16]
    directory = ENVIRONMENTS / digest
    with _locks[directory]:
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


def full_version(python: Path) -> str:
    done = subprocess.run([python, "-VV"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _uv_variables(python: Path) -> dict[str, str]:
    return {"UV_PYTHON": str(python), "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


def _name(project: Path) -> str:
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return str(described["project"]["name"])
