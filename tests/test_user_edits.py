"""The promise to services: what they add, a release leaves alone, and the sum works."""

from pathlib import Path

import pytest
from uv import find_uv_bin

from tests import next_release, user_edits, walkthrough
from tests.matrix.environments import Environment
from tests.matrix.processes import StageError
from tests.matrix.pythons import installed_pythons
from tests.repositories import Copier, commit, conflicts, git, release
from tests.repository import CACHE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("user-edits")]

ADDED_BY_UV = {"idna": "add", "iniconfig": "add --group custom"}


class Service:
    """A service in its own repository and environment, as its people have it."""

    def __init__(self, directory: Path, python: Path) -> None:
        self.directory = directory
        self.python = python
        self.log = directory.parent / "service.log"
        # Kept from one run to the next: the dependencies are the same, and the sync is exact.
        environment = CACHE / "environments" / f"user-edits-{python.name}"
        self.environment = Environment(directory, environment, python)

    def run(self, *command: str) -> None:
        try:
            self.environment.run(*command, log=self.log)
        except StageError as error:
            pytest.fail(f"{error}\n{error.tail()}", pytrace=False)

    def uv(self, command: str, *arguments: str) -> None:
        self.run(find_uv_bin(), *command.split(), "--quiet", *arguments)

    def read(self, path: str) -> str:
        return (self.directory / path).read_text(encoding="utf-8")


def add_everything(service: Service) -> None:
    """Add all that `template.md` calls a seam, in the way that the service's documents say."""
    for name, command in ADDED_BY_UV.items():
        service.uv(command, name)
    user_edits.write(service.directory)
    walkthrough.write_files(service.directory)
    service.uv("sync")
    script, *arguments = walkthrough.migration_command(service.directory)
    service.run(service.environment.command(script), *arguments)
    commit(service.directory, "Add customers")


@pytest.fixture(scope="module")
def updated(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service that was added to, after an update to a release that changed the same files."""
    directory = tmp_path_factory.mktemp("user-edits")
    formwork = release(directory / "formwork", "v0.0.1", sources=template)
    python = next(iter(installed_pythons().values()))
    service = Service(Copier().copy(formwork, directory / "service"), python)
    service.uv("lock")
    commit(service.directory, "Lock")
    add_everything(service)
    next_release.make(formwork)
    release(formwork, "v0.0.2")
    Copier().update(service.directory)
    return service


def test_the_update_has_no_conflict(updated: Service) -> None:
    assert conflicts(updated.directory) == []


def test_no_edit_is_lost(updated: Service) -> None:
    assert user_edits.lost(updated.directory) == []
    pyproject = updated.read("pyproject.toml")
    assert pyproject.count('"idna') == 2, "as a dependency, and as forbidden to the core"
    assert 'custom = [\n    "iniconfig' in pyproject
    committed = git(updated.directory, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    for path in [path for path in committed if "customers" in path or "custom" in path]:
        assert updated.read(path).strip() == git(updated.directory, "show", f"HEAD:{path}"), path


def test_the_walkthrough_was_followed(updated: Service) -> None:
    migrations = updated.directory / "src/my_service/adapters/persistence/migrations/versions"
    assert len(list((migrations / "customers").glob("*.py"))) == 1
    assert (updated.directory / "src/my_service/entrypoints/http/routes/customers.py").exists()


def test_the_release_arrived(updated: Service) -> None:
    assert next_release.missing(updated.directory) == []


def test_the_services_own_checks_are_green(updated: Service) -> None:
    """Style, types, architecture, dependencies, and all tests, the service's own among them."""
    updated.uv("lock")
    updated.run("make", "--no-print-directory", "check-all")
    updated.run("make", "--no-print-directory", "greet")
