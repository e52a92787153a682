"""Whatever is a test is run: by `make test`, which is what CI runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import space
from tests.matrix import stages
from tests.matrix.cells import every_cell
from tests.repository import ROOT, rendered_files

CONFORMANCE = ROOT / "tests" / "conformance"


def recipe(target: str) -> str:
    """Return a target's line in the Makefile and the commands below it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n(?:\t.*\n)*", makefile, re.MULTILINE)
    assert found is not None
    return found[0]


def test_ci_runs_make_test_and_make_test_runs_everything() -> None:
    assert ".ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {"lint", "suite", "matrix"} <= set(recipe("test").split())
    assert re.search(r"\tpytest( -n auto)?\n", recipe("suite")), (
        "all of tests/, without a selection"
    )
    assert "python -m tests.matrix" in recipe("matrix")


@pytest.mark.slow
def test_every_test_file_is_collected_or_run_by_the_matrix() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "--quiet",
        "-p",
        "no:cacheprovider",
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    collected = {ROOT / line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    files = set((ROOT / "tests").rglob("test_*.py"))
    assert files - collected == set(CONFORMANCE.glob("test_*.py"))


def test_the_matrix_runs_the_conformance_suite_and_the_services_own_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[str] = []
    monkeypatch.setattr(
        stages, "run_logged", lambda command, **_: commands.append(" ".join(command))
    )
    stages.conform(tmp_path, base_url="http://a", limited_base_url="http://b", log=tmp_path)
    assert "pytest tests/conformance" in commands[0]
    makefile = (ROOT / "template" / "Makefile.jinja").read_text(encoding="utf-8")
    assert re.search(r'^check-all:.*\n\t.*pytest --cov -m ""\n', makefile, re.MULTILINE)


def test_every_test_of_a_service_is_in_some_cell() -> None:
    overlays = {file.overlays for file in rendered_files() if "/test_" in f"/{file.target}"}
    cells = [space.active_overlays(cell.as_data()) for cell in every_cell()]
    assert all(any(set(wanted) <= active for active in cells) for wanted in overlays)
