"""The promise to services: what they add, a release leaves alone, and the sum works."""

from pathlib import Path

import pytest

from tests import next_release
from tests.rendering import render_and_commit, update
from tests.repositories import conflicts, release
from tests.services import Service

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("user-edits")]


@pytest.fixture(scope="module")
def updated(template: Path, open_folder: Path) -> Service:
    """A service that was added to, after an update to a release that changed the same files."""
    formwork = release(open_folder / "formwork", "v0.0.1", sources=template)
    service = Service(render_and_commit(formwork, open_folder / "service"), "user-edits")
    service.add_everything()
    next_release.make(formwork)
    release(formwork, "v0.0.2")
    update(service.directory)
    return service


def test_the_update_has_no_conflict(updated: Service) -> None:
    assert conflicts(updated.directory) == []


def test_no_edit_is_lost(updated: Service) -> None:
    updated.expect_no_edit_lost()


def test_the_walkthrough_was_followed(updated: Service) -> None:
    migrations = updated.directory / "src/my_service/adapters/persistence/migrations/versions"
    assert len(list((migrations / "customers").glob("*.py"))) == 1
    assert (updated.directory / "src/my_service/entrypoints/http/routes/customers.py").exists()


def test_the_release_arrived(updated: Service) -> None:
    assert next_release.missing(updated.directory) == []


def test_the_services_own_checks_are_green(updated: Service) -> None:
    """Style, types, architecture, dependencies, and the tests, the service's own among them."""
    updated.uv("lock")
    updated.run("make", "--no-print-directory", "check")
    updated.run("make", "--no-print-directory", "greet")
