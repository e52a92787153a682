"""The promise to services: what they add, a release leaves alone, and the sum works."""

from pathlib import Path

import pytest

from tests import next_release
from tests.rendering import COPIER, render_and_commit
from tests.repositories import conflicts, release
from tests.services import Service
from tests.space import Answers

pytestmark = pytest.mark.slow

# Services that differ most: of each framework and each ORM one, and without what others have.
SERVICES: dict[str, Answers] = {
    "default": {},
    "django": {"framework": "django"},
    "flask": {"framework": "flask", "observability": []},
    "litestar": {"framework": "litestar", "orm": "asyncpg", "queue": "none", "auth": "none"},
    "tortoise": {"orm": "tortoise", "example": False},
}
# What of a service's own suite shows that its additions work; the default answers run all of it.
RELEVANT = [
    "tests/unit/test_custom_settings.py",
    "tests/unit/test_customers.py",
    "tests/unit/test_customers_command.py",
    "tests/unit/test_settings.py",
    "tests/cli/test_migrations.py",
    "tests/contract/test_customer_unit_of_work.py",
    "tests/http/test_customers.py",
    "tests/integration/test_migrations.py",
]


@pytest.fixture(scope="module")
def formwork(template: Path, open_folder: Path) -> Path:
    """Two releases: what services begin with, and one that changes the same files."""
    formwork = release(open_folder / "formwork", "v0.0.1", sources=template)
    next_release.make(formwork)
    return release(formwork, "v0.0.2")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.xdist_group(f"user-edits-{name}")) for name in SERVICES
    ],
)
def updated(request: pytest.FixtureRequest, formwork: Path, open_folder: Path) -> Service:
    """A service that was added to, and then updated; nothing is left to do, it was told."""
    name: str = request.param
    directory = open_folder / name / "service"
    render_and_commit(formwork, directory, SERVICES[name], tag="v0.0.1")
    service = Service(directory, f"user-edits-{name}")
    service.add_everything()
    service.run("make", "template-update", f"COPIER={COPIER}")
    return service


def test_the_update_has_no_conflict(updated: Service) -> None:
    assert conflicts(updated.directory) == []


def test_no_edit_is_lost(updated: Service) -> None:
    updated.expect_no_edit_lost()


def test_the_walkthrough_was_followed(updated: Service) -> None:
    migrations = updated.directory / "src/my_service/adapters/persistence/migrations"
    written = [*migrations.rglob("customers/*.py"), *migrations.rglob("customers/*.sql")]
    assert len([path for path in written if path.name != "__init__.py"]) == 1
    assert (updated.directory / "src/my_service/entrypoints/http/routes/customers.py").exists()


def test_the_release_arrived(updated: Service) -> None:
    assert next_release.missing(updated.directory) == []


def test_the_services_own_checks_are_green(
    updated: Service, request: pytest.FixtureRequest
) -> None:
    """Style, types, architecture, dependencies, and the tests, the service's own among them."""
    if request.node.callspec.params["updated"] == "default":
        updated.run("make", "--no-print-directory", "check")
    else:
        updated.run("make", "--no-print-directory", "static")
        updated.run(updated.environment.command("pytest"), "-n0", "--quiet", "-m", "", *RELEVANT)
    updated.run("make", "--no-print-directory", "greet")
