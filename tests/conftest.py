"""What all tests of the template share."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.repositories import IDENTITY
from tests.repository import copy_sources


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--record",
        action="store_true",
        help="write tests/snapshots/ and tests/answers/questions.yml anew, and do nothing else",
    )
    parser.addoption(
        "--changed-since",
        metavar="COMMIT",
        help="of the renderings, only a few that show what changed since then",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process waits for another in the end."""
    if config.getoption("--record"):
        items[:] = [item for item in items if "recording" in getattr(item, "fixturenames", ())]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def _git_identity() -> None:
    patch = pytest.MonkeyPatch()
    for name, value in IDENTITY.items():
        patch.setenv(name, value)


@pytest.fixture(scope="session")
def recording(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--record"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the template as it stands in the work tree, without a history."""
    return copy_sources(tmp_path_factory.mktemp("template") / "formwork")


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder for services that are developed in: PostgreSQL, another user, gets into it.

    Into pytest's own it does not, once a service's tests begin: each run shuts them to all others.
    """
    with TemporaryDirectory(prefix="formwork-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
