"""The matrix: what is run, what is not run again, and what the report says."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from tests import oracle, space
from tests.matrix import changes, ledger
from tests.matrix.__main__ import good, parse, part, parts, select, targets
from tests.matrix.cells import DEEP, Cell, covering, each_value_once, every_cell, shard
from tests.matrix.changes import changes_since, fewest, showing
from tests.matrix.covering import covering_array
from tests.matrix.engine import Outcome
from tests.matrix.ledger import Proof
from tests.matrix.processes import StageError
from tests.matrix.publishing import publish
from tests.matrix.report import markdown, table
from tests.rendering import ANSWERS_FILE
from tests.repository import ROOT, TEMPLATE

ALL_PYTHONS = space.choices("minimum_python")

# More than there is now: five frameworks, one with an ORM of its own, and what goes with what.
LARGE: dict[str, list[Any]] = {
    "python": ["3.11", "3.12", "3.13", "3.14"],
    "framework": ["fastapi", "litestar", "starlette", "flask", "django"],
    "orm": ["sqlalchemy", "tortoise", "piccolo", "django"],
    "auth": ["none", "jwt", "oidc", "session", "api_key"],
    "queue": ["none", "procrastinate", "celery", "dramatiq", "taskiq"],
    "observability": [(), ("prometheus",), ("opentelemetry",), ("prometheus", "opentelemetry")],
    "example": [True, False],
}
PROOF = Proof(
    "default",
    {"check": 1.5, "boot": 1.2},
    {"Python": "3.11.7", "fastapi": "1.0"},
    "0123456789",
    "2026-01-02",
)
JUDGED = ("framework", "orm", "queue")


def large_is_valid(answers: space.Answers) -> bool:
    synchronous = answers["framework"] in {"flask", "django"}
    return (
        (answers["framework"] == "django") == (answers["orm"] == "django")
        and not (synchronous and answers["orm"] in {"tortoise", "piccolo"})
        and not (synchronous and answers["queue"] == "taskiq")
        and not (not synchronous and answers["queue"] == "dramatiq")
    )


def values_in(cells: list[Cell]) -> set[tuple[str, str]]:
    return {(axis, str(value)) for cell in cells for axis, value in cell.as_data().items()}


def every_value() -> set[tuple[str, str]]:
    return {(axis, str(value)) for axis in space.code_axes() for value in space.values(axis)}


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:1], []], ids=len)
def test_each_value_and_each_preset_is_in_a_cell_and_the_default_is_first(
    pythons: list[str],
) -> None:
    cells = each_value_once(pythons)
    assert {Cell.of(space.answers_in(path)) for path in space.PRESETS} <= set(cells)
    assert cells[0].name == "default"
    assert values_in(cells) == every_value()
    assert len(set(cells)) == len(cells) <= 15
    assert all(oracle.is_valid(cell.as_data()) for cell in cells)


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:1]], ids=len)
def test_each_file_is_in_a_cell_that_can_be_run(pythons: list[str]) -> None:
    runnable = [cell for cell in each_value_once(pythons) if cell.python in pythons]
    runnable_at_all = [cell for cell in every_cell() if cell.python in pythons]
    assert files_in(runnable) == files_in(runnable_at_all)


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:1]], ids=len)
def test_each_slow_test_is_run_in_one_of_these_cells_at_least(pythons: list[str]) -> None:
    options = parse(["--tier=2"])
    runnable = [cell for cell in each_value_once(pythons) if cell.python in pythons]
    asked = targets(options, runnable)
    thorough = [cell for cell in runnable if asked(cell) == ("check-all",)]
    slow = {
        path
        for path in files_in(runnable)
        if "/test_" in path and "mark.slow" in (TEMPLATE / path).read_text(encoding="utf-8")
    }
    assert slow
    assert slow <= files_in(thorough)
    assert {cell.as_data()["framework"] in {"flask", "django"} for cell in thorough} == {
        True,
        False,
    }
    assert {asked(cell) for cell in runnable} == {("check",), ("check-all",)}


@pytest.mark.parametrize("arguments", [["--tier=3"], ["--tier=4"], ["--cell=default"]])
def test_all_of_a_cell_is_run_beyond_that(arguments: list[str]) -> None:
    cells = [Cell.of({}), Cell.of({"example": False})]
    assert {targets(parse(arguments), cells)(cell) for cell in cells} == {("check-all",)}


def files_in(cells: Iterable[Cell]) -> set[str]:
    return {path for cell in cells for path in cell.files}


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:2]], ids=len)
def test_no_value_hides_behind_a_python_that_is_not_there(pythons: list[str]) -> None:
    runnable = [cell for cell in each_value_once(pythons) if cell.python in pythons]
    absent = {("minimum_python", version) for version in ALL_PYTHONS if version not in pythons}
    assert values_in(runnable) == every_value() - absent


def tuples(
    rows: Iterable[space.Answers], axes: Iterable[str], size: int
) -> set[tuple[tuple[str, str], ...]]:
    """Return what occurs together in these rows: by brute force, and by no library."""
    return {
        tuple((axis, str(row[axis])) for axis in some)
        for row in rows
        for some in combinations(sorted(axes), size)
    }


@pytest.mark.parametrize("pythons", [ALL_PYTHONS, ALL_PYTHONS[:2], ALL_PYTHONS[1:2], []], ids=len)
def test_no_valid_pair_and_no_deep_triple_is_missing(pythons: list[str]) -> None:
    cells = covering(pythons)
    rows = [cell.as_data() for cell in cells]
    valid = [answers for answers in space.combine(space.code_axes()) if oracle.is_valid(answers)]
    assert tuples(rows, space.code_axes(), 2) == tuples(valid, space.code_axes(), 2)
    assert tuples(rows, DEEP, 3) == tuples(valid, DEEP, 3)
    assert all(oracle.is_valid(row) for row in rows)
    assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("pythons", [ALL_PYTHONS[:2], ALL_PYTHONS[1:2]], ids=len)
def test_no_pair_hides_behind_a_python_that_is_not_there(pythons: list[str]) -> None:
    runnable = [cell.as_data() for cell in covering(pythons) if cell.python in pythons]
    valid = [
        answers
        for answers in space.combine(space.code_axes())
        if oracle.is_valid(answers) and answers["minimum_python"] in pythons
    ]
    assert tuples(runnable, space.code_axes(), 2) == tuples(valid, space.code_axes(), 2)
    assert tuples(runnable, DEEP, 3) == tuples(valid, DEEP, 3)


def test_nothing_is_missing_where_rules_refuse_much() -> None:
    rows = covering_array(LARGE, large_is_valid, JUDGED, DEEP)
    everything = [dict(zip(LARGE, values, strict=True)) for values in product(*LARGE.values())]
    valid = list(filter(large_is_valid, everything))
    assert tuples(rows, LARGE, 2) == tuples(valid, LARGE, 2)
    assert tuples(rows, DEEP, 3) == tuples(valid, DEEP, 3)
    assert all(map(large_is_valid, rows))
    assert len(rows) <= len(valid) / 20


def test_the_same_cells_cover_on_every_machine() -> None:
    code = "from tests.matrix.cells import covering as c; print([x.name for x in c(['3.11'])])"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert printed == {f"{[cell.name for cell in covering(['3.11'])]}\n"}


@pytest.mark.parametrize("parts", [1, 3, 4])
def test_shards_are_all_cells_and_about_as_long(parts: int) -> None:
    cells = list(every_cell())
    shards = [shard(cells, part, parts) for part in range(1, parts + 1)]
    assert sorted(cell.name for some in shards for cell in some) == sorted(
        cell.name for cell in cells
    )
    weights = [sum(cell.weight for cell in some) for some in shards]
    assert max(weights) - min(weights) <= max(cell.weight for cell in cells)


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


@pytest.mark.parametrize("cells", [1, 6, 22, 896])
def test_parts_are_as_many_as_are_needed(cells: int) -> None:
    named = [part(text) for text in parts(cells, 6)]
    assert [number for number, _ in named] == list(range(1, len(named) + 1))
    assert {of for _, of in named} == {len(named)}
    assert (len(named) - 1) * 6 < cells <= len(named) * 6


def test_the_core_is_every_valid_combination_of_its_axes_once() -> None:
    cells = select(parse(["--tier=4", "--core"]), ALL_PYTHONS)
    valid = [answers for answers in space.combine(list(space.CORE)) if oracle.is_valid(answers)]
    assert [{axis: cell.as_data()[axis] for axis in space.CORE} for cell in cells] == valid
    assert {cell.python for cell in cells} == {space.default("minimum_python")}


OVERLAYS = frozenset({"queue_procrastinate"})
MEETING = frozenset({"queue_procrastinate", "orm_tortoise"})


def test_a_change_is_shown_by_the_cells_that_have_its_overlays_and_by_few_of_them() -> None:
    cells = showing(every_cell(), {OVERLAYS, MEETING})
    assert cells == [cell for cell in every_cell() if cell.as_data()["queue"] == "procrastinate"]
    few = fewest(cells, {OVERLAYS, MEETING})
    assert [cell.as_data()["orm"] for cell in few] == ["tortoise"]
    assert fewest(showing(every_cell(), set()), set()) == []


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a file of an overlay, and with one that every cell depends on."""
    monkeypatch.setattr(changes, "ROOT", tmp_path)
    folder = tmp_path / "template" / "{{queue_procrastinate}}"
    folder.mkdir(parents=True)
    (folder / "queue.py").write_text("A = 1\n")
    (tmp_path / "copier.yml").write_text("a: 1\n")
    (tmp_path / "README.md").write_text("# A\n")
    for command in ("init --quiet", "add --all", "commit --quiet --message=first"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    return tmp_path


def test_changes_are_those_of_the_work_tree_with_new_and_deleted_files(history: Path) -> None:
    assert changes_since("HEAD") == set()
    queue = history / "template" / "{{queue_procrastinate}}"
    (queue / "queue.py").unlink()
    (queue / "{{orm_tortoise}}").mkdir()
    (queue / "{{orm_tortoise}}" / "new.py").write_text("A = 1\n")
    (history / "README.md").write_text("# B\n")
    assert changes_since("HEAD") == {OVERLAYS, MEETING}


def test_what_may_concern_every_cell_is_not_taken_for_a_change_of_few(history: Path) -> None:
    assert changes_since("no-such-commit") is None
    (history / "copier.yml").write_text("a: 2\n")
    assert changes_since("HEAD") is None


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
    ledger.record(key, PROOF)
    assert ledger.proved(key) == PROOF
    assert [entry.name for entry in tmp_path.iterdir()] == [f"{key}.json"]
    assert ledger.proved(ledger.key_of(["tree", "lock", "another python"])) is None
    assert ledger.key_of(["ab", "c"]) != ledger.key_of(["a", "bc"])


TELLING = """
from tests.matrix.cells import Cell
from tests.matrix.engine import Outcome
from tests.matrix.report import telling
with telling(2) as tell:
    tell(Outcome(Cell.of({})))
"""


def test_a_terminal_has_a_bar_and_a_file_has_lines_alone() -> None:
    command = [sys.executable, "-c", TELLING]
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert piped == "[1/2] default: ok\n"
    terminal, inside = pty.openpty()
    environment = os.environ | {"TERM": "xterm"}
    subprocess.run(command, cwd=ROOT, env=environment, stdout=inside, check=True)
    os.close(inside)
    seen = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "[1/2] default: ok" in seen
    assert "━" in seen


def test_what_is_published_says_versions_and_days_and_what_is_not_proved(tmp_path: Path) -> None:
    page = tmp_path / "matrix.md"
    default, bare = Cell.of({}), Cell.of({"example": False})
    publish(page, [bare, default], [Outcome(default, {"check": "cached"}, proof=PROOF)])
    lines = page.read_text().splitlines()
    assert "1 of 2 cells are proved: 2026-01-02, 3 s." in lines
    assert "| default | 3.11.7 | 2 | 1 | 2026-01-02 | 0123456789 |" in lines
    assert "| example=false |  |  |  | not yet |  |" in lines
    assert lines[-2:] == ["| Python | 3.11.7 |", "| fastapi | 1.0 |"]


def test_what_another_run_published_stays_until_the_cell_is_proved_again_or_fails(
    tmp_path: Path,
) -> None:
    page = tmp_path / "matrix.md"
    default, bare = Cell.of({}), Cell.of({"example": False})
    publish(page, [default, bare], [Outcome(default, proof=PROOF)])
    later = replace(PROOF, cell=bare.name, day="2026-01-03")
    publish(page, [default, bare], [Outcome(bare, proof=later)])
    assert "2 of 2 cells are proved: 2026-01-02 to 2026-01-03, 6 s." in page.read_text()
    failed = Outcome(default, {"check": "failed"}, error=StageError("mypy", tmp_path))
    publish(page, [default, bare], [failed])
    assert "| default |  |  |  | not yet |  |" in page.read_text()
    assert "| example=false | 3.11.7 | 2 | 1 | 2026-01-03 | 0123456789 |" in page.read_text()


def test_what_another_tier_published_stays_for_as_long_as_the_combination_exists(
    tmp_path: Path,
) -> None:
    page = tmp_path / "matrix.md"
    default, bare = Cell.of({}), Cell.of({"example": False})
    gone = replace(PROOF, cell="framework=bottle")
    publish(page, [bare], [Outcome(bare, proof=replace(PROOF, cell=bare.name))])
    with page.with_suffix(".jsonl").open("a") as proofs:
        proofs.write(json.dumps(asdict(gone)) + "\n")
    publish(page, [default], [Outcome(default, proof=PROOF)])
    assert "2 of 2 cells are proved" in page.read_text()
    assert gone.cell not in page.read_text()


@pytest.mark.parametrize(
    "other",
    [
        "--quick",
        "--steps=render,check",
        "--cell=default",
        "--changed-since=HEAD",
        "--require=django>=6",
    ],
)
def test_only_what_went_through_everything_as_it_is_is_published(other: str) -> None:
    with pytest.raises(SystemExit):
        parse(["--publish=matrix.md", "--tier=4", other])


def test_slow_tests_that_are_run_once_prove_no_page() -> None:
    with pytest.raises(SystemExit):
        parse(["--publish=matrix.md", "--tier=2"])


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
    assert lines[-1] == "3 cells: 1 proved (1 of them before), 1 failed, 1 not run"
    assert "| example=false | ok | failed | not run | 0 |  |" in markdown([failed]).splitlines()
    assert [good(it, strict=False) for it in (proved, failed, idle)] == [True, False, True]
    assert [good(it, strict=True) for it in (proved, failed, idle)] == [True, False, False]
