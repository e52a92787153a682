"""Copy and update need Copier and nothing beside it: no trust, no extension, old and new."""

import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests import space
from tests.repositories import Copier, changes, conflicts, release, run
from tests.repository import CACHE

pytestmark = pytest.mark.slow

MINIMUM = str(space.settings()["_min_copier_version"])
INSTALLED = version("copier")


def python_with_copier(wanted: str) -> Path:
    """Return the interpreter of an environment that holds this Copier alone."""
    if wanted == INSTALLED:
        return Path(sys.executable)
    environment = CACHE / "copier" / wanted
    python = environment / "bin" / "python"
    if not (environment / "complete").exists():
        run(
            [
                find_uv_bin(),
                "venv",
                "--quiet",
                "--clear",
                "--python",
                sys.executable,
                str(environment),
            ]
        )
        run(
            [
                find_uv_bin(),
                "pip",
                "install",
                "--quiet",
                "--python",
                str(python),
                f"copier=={wanted}",
            ]
        )
        (environment / "complete").touch()
    return python


@pytest.mark.parametrize("wanted", sorted({MINIMUM, INSTALLED}))
def test_copy_and_update_without_trust(template: Path, tmp_path: Path, wanted: str) -> None:
    copier = Copier(python_with_copier(wanted))
    formwork = release(tmp_path / "formwork", "v0.0.1", sources=template)
    service = copier.copy(formwork, tmp_path / "service")
    gitignore = formwork / "template" / ".gitignore"
    gitignore.write_text(
        "# A later release\n" + gitignore.read_text(encoding="utf-8"), encoding="utf-8"
    )
    release(formwork, "v0.0.2")
    copier.update(service)
    assert changes(service).splitlines() == ["M .copier-answers.yml", " M .gitignore"]
    assert conflicts(service) == []


def test_both_ends_of_what_we_promise_are_tested() -> None:
    assert tuple(map(int, MINIMUM.split("."))) >= (9, 17, 2)
    assert tuple(map(int, MINIMUM.split("."))) < tuple(map(int, INSTALLED.split(".")))
