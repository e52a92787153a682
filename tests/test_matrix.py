"""The matrix: what is run, what is not run again, and what the report says."""

from itertools import product
from pathlib import Path

import pytest

from tests import oracle, space
from tests.matrix import ledger
from tests.matrix.cells import Cell, each_value_once, every_cell
from tests.matrix.engine import Outcome
from tests.matrix.processes import StageError
from tests.matrix.report import table
from tests.rendering import ANSWERS_FILE

ALL_PYTHONS = space.choices("minimum_python")


def values_in(cells: list[Cell]) -> set[tuple[str, str]]:
    return {(axis, str(value)) for cell in cells for axis, value in cell.as_data().items()}


def every_value() -> set[tuple[str, str]]:
    return {(axis, str(value)) for axis in space.code_axes() for value in space.values(axis)}


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:1], []], ids=len)
def test_each_value_of_each_axis_is_in_a_cell_and_the_default_is_first(pythons: list[str]) -> None:
    cells = each_value_once(pythons)
    assert cells[0].name == "default"
    assert values_in(cells) == every_value()
    assert len(set(cells)) == len(cells) <= 15
    assert all(oracle.is_valid(cell.as_data()) for cell in cells)


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:2]], ids=len)
def test_no_value_hides_behind_a_python_that_is_not_there(pythons: list[str]) -> None:
    runnable = [cell for cell in each_value_once(pythons) if cell.python in pythons]
    absent = {("minimum_python", version) for version in ALL_PYTHONS if version not in pythons}
    assert values_in(runnable) == every_value() - absent


def test_all_is_every_valid_combination_once() -> None:
    cells = list(every_cell())
    everything = list(product(*map(space.values, space.code_axes())))
    valid = [
        values
        for values in everything
        if oracle.is_valid(dict(zip(space.code_axes(), values, strict=True)))
    ]
    assert len(cells) == len(set(cells)) == len(valid)
    assert len({cell.name for cell in cells}) == len(cells)


@pytest.fixture
def rendering(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("A = 1\n")
    (tmp_path / ANSWERS_FILE).write_text("_src_path: /somewhere\norm: sqlalchemy\n")
    return tmp_path


def test_a_rendering_is_the_same_wherever_it_came_from(rendering: Path) -> None:
    before = ledger.hash_of_tree(rendering)
    (rendering / ANSWERS_FILE).write_text("_src_path: /elsewhere\norm: sqlalchemy\n")
    assert ledger.hash_of_tree(rendering) == before


@pytest.mark.parametrize(
    ("path", "text"), [("a.py", "A = 2\n"), ("b.py", ""), (ANSWERS_FILE, "orm: other\n")]
)
def test_a_rendering_differs_by_any_file(rendering: Path, path: str, text: str) -> None:
    before = ledger.hash_of_tree(rendering)
    (rendering / path).write_text(text)
    assert ledger.hash_of_tree(rendering) != before


def test_what_was_proved_is_found_by_its_key_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LEDGER", tmp_path)
    key = ledger.key_of(["tree", "lock", "python"])
    ledger.record(key, "default", {"check": 1.5})
    assert ledger.proved(key) == {"check": 1.5}
    assert ledger.proved(ledger.key_of(["tree", "lock", "another python"])) is None
    assert ledger.key_of(["ab", "c"]) != ledger.key_of(["a", "bc"])


def test_the_report_tells_proved_from_failed_and_not_run(tmp_path: Path) -> None:
    proved = Outcome(Cell.of({}), {"render": "ok", "check": "ok", "boot": "cached"}, {"check": 2.0})
    failed = Outcome(
        Cell.of({"example": False}),
        {"render": "ok", "check": "failed", "boot": "not run"},
        error=StageError("mypy", tmp_path),
    )
    idle = Outcome(
        Cell.of({"minimum_python": "3.14"}), {"render": "ok", "check": "not run", "boot": "not run"}
    )
    lines = table([idle, failed, proved]).splitlines()
    assert lines[1].split() == ["default", "ok", "ok", "cached", "2"]
    assert lines[2].split() == ["example=false", "ok", "failed", "not", "run", "0"]
    assert lines[-1] == "3 cells: 1 proved, 1 failed, 1 not run"
