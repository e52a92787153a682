"""The engine runs what changed and nothing else: shown on real cells, by a check that is quick."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copy2, copytree
from typing import cast

import pytest

from tests import space
from tests.matrix import __main__ as command
from tests.matrix import engine, environments, ledger, stages
from tests.matrix.cells import Cell, each_value_once
from tests.matrix.engine import Engine, Outcome
from tests.matrix.servers import PostgreSQL, postgresql
from tests.repositories import commit, git
from tests.repository import BLOCK_LAST, ROOT, TEMPLATE, copy_sources, rendered_files

# In place of tools to install and suites to run.
MAKEFILE = 'check-all:\n\t@"$$UV_PYTHON" -m compileall -q src\n'
PROJECT = '[project]\nname = "my-service"\nversion = "1"\nrequires-python = ">=3.11"\n'
FAULT = "\n)(\n"

PYTHONS = {space.default("minimum_python"): Path(sys.executable)}
# The default, and two that differ from it by one option each.
CELLS = [Cell.of({}), *(Cell.of({axis: space.values(axis)[1]}) for axis in ("queue", "example"))]


def quick_template(directory: Path) -> Path:
    source = copy_sources(directory)
    (source / "template" / "Makefile.jinja").write_text(MAKEFILE, encoding="utf-8")
    (source / "template" / "pyproject.toml.jinja").write_text(PROJECT, encoding="utf-8")
    return source


def keep_everything_in(directory: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "CACHE", directory)
    patch.setattr(environments, "ENVIRONMENTS", directory / "environments")
    patch.setattr(ledger, "LEDGER", directory / "ledger")


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    keep_everything_in(tmp_path, monkeypatch)
    with postgresql() as server:
        source = quick_template(tmp_path / "template")
        yield Engine(source, PYTHONS, server, wanted=("render", "check"))


def run(quick: Engine, cells: list[Cell] = CELLS) -> dict[Cell, Outcome]:
    return {outcome.cell: outcome for outcome in quick.run(cells, jobs=2)}


def options() -> dict[frozenset[Cell], tuple[str, Path]]:
    """Return an option, and a Python file of it, for each set of cells that some options are in."""
    found: dict[frozenset[Cell], tuple[str, Path]] = {}
    active = {cell: space.active_overlays(cell.as_data()) for cell in CELLS}
    for file in rendered_files():
        if len(file.overlays) == 1 and file.target.startswith("src/") and ".py" in file.path.name:
            (option,) = file.overlays
            having = frozenset(cell for cell in CELLS if option in active[cell])
            if having and len(having) < len(CELLS):
                found[having] = option, file.path
    return found


@pytest.mark.slow
def test_a_fault_in_an_option_turns_exactly_the_cells_red_that_have_it(quick: Engine) -> None:
    assert all(outcome.proved and not outcome.cached for outcome in run(quick).values())
    assert all(outcome.cached for outcome in run(quick).values())
    assert options()
    for having, (option, path) in options().items():
        source = quick.template / TEMPLATE.name / path
        text = source.read_text(encoding="utf-8")
        source.write_text(text + FAULT, encoding="utf-8")
        outcomes = run(quick).values()
        assert {outcome.cell for outcome in outcomes if outcome.failed} == having, option
        assert {outcome.cell for outcome in outcomes if outcome.cached} == set(CELLS) - having
        source.write_text(text, encoding="utf-8")


# Copier leaves a directory open that it was in when a file could not be rendered.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cell_that_does_not_render_says_so_and_the_others_go_on(quick: Engine) -> None:
    (quick.template / TEMPLATE.name / "{{example_orders}}" / "a.jinja").write_text("{{ nobody }}")
    bare, full = Cell.of({"example": False}), Cell.of({"example": True})
    outcomes = run(quick, [full, bare])
    error = outcomes[full].error
    assert outcomes[full].verdicts == {"render": "failed"}
    assert error is not None
    assert "nobody" in error.tail()
    assert outcomes[bare].proved


def test_a_cell_that_passes_only_when_it_is_run_again_is_told_apart(
    quick: Engine, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    unsteady = f"check-all:\n\t@test -e {seen} || {{ touch {seen}; echo unlucky; exit 1; }}\n"
    (quick.template / "template" / "Makefile.jinja").write_text(unsteady, encoding="utf-8")
    cell = CELLS[0]
    once = run(quick, [cell])[cell]
    assert once.failed
    seen.unlink()
    twice = run(replace(quick, again=True), [cell])[cell]
    assert twice.proved
    said, _, log = twice.note.partition(", failed before: ")
    assert said == "UNSTEADY"
    assert "unlucky" in Path(log).read_text(encoding="utf-8")
    assert run(quick, [cell])[cell].cached


def test_a_cell_that_fails_again_has_failed(quick: Engine) -> None:
    (quick.template / "template" / "Makefile.jinja").write_text("check-all:\n\tfalse\n")
    cell = CELLS[0]
    assert run(replace(quick, again=True), [cell])[cell].failed


@pytest.mark.slow
def test_a_fault_in_any_file_is_in_exactly_the_cells_that_have_its_options(tmp_path: Path) -> None:
    """And so changes exactly their keys: all faults at once, each with a name of its own."""
    source = copy_sources(tmp_path / "template")
    faults = {f"# fault {number}": file for number, file in enumerate(rendered_files())}
    for fault, file in faults.items():
        path = source / TEMPLATE.name / file.path
        text = path.read_text(encoding="utf-8")
        inside, block, _ = text.rpartition(BLOCK_LAST)
        path.write_text(f"{inside or text}\n{fault}\n{block}", encoding="utf-8")
    for cell in each_value_once(space.choices("minimum_python")):
        project = stages.render_cell(cell, source, tmp_path / "cell")
        files = [path for path in project.rglob("*") if path.is_file()]
        texts = [path.read_text(encoding="utf-8") for path in files]
        lines = {line for text in texts for line in text.splitlines()}
        active = space.active_overlays(cell.as_data())
        having = {fault for fault, file in faults.items() if active.issuperset(file.overlays)}
        assert lines & set(faults) == having


@pytest.mark.slow
def test_neither_path_nor_order_makes_a_difference(
    quick: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(outcome.proved and not outcome.cached for outcome in run(quick).values())
    elsewhere = tmp_path / "än other path"
    proved = ledger.LEDGER
    keep_everything_in(elsewhere, monkeypatch)
    monkeypatch.setattr(ledger, "LEDGER", proved)
    source = quick_template(elsewhere / "template")
    there = Engine(source, PYTHONS, quick.postgresql, wanted=quick.wanted)
    for cells in (CELLS[::-1], CELLS[1:] + CELLS[:1]):
        assert all(outcome.cached for outcome in run(there, cells).values())


@dataclass(frozen=True)
class AnotherServer:
    version: str = "99.1"


@pytest.mark.slow
def test_each_part_of_the_key_makes_a_cell_run_again(
    quick: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tree is the subject of the test above, the harness of the test below."""
    cells = CELLS[:1]
    assert not run(quick, cells)[cells[0]].cached
    assert run(quick, cells)[cells[0]].cached
    for other in (
        replace(quick, required=["iniconfig"]),
        replace(quick, postgresql=cast("PostgreSQL", AnotherServer())),
        replace(quick, targets=lambda _: ("check-all", "--silent")),
    ):
        assert not run(other, cells)[cells[0]].cached
        assert run(quick, cells)[cells[0]].cached
    # There need not be a second interpreter here.
    monkeypatch.setattr(engine, "full_version", lambda _: "CPython 3.11.99")
    assert not run(quick, cells)[cells[0]].cached


@pytest.mark.parametrize(
    "judge",
    [
        "extensions/reserved_names.jinja",
        "tests/conformance/test_orders.py",
        "tests/matrix/stages.py",
        "tests/repositories.py",
        "uv.lock",
    ],
)
def test_whatever_judges_a_cell_is_part_of_its_key(tmp_path: Path, judge: str) -> None:
    for name in ledger.HARNESS:
        copy = copytree if (ROOT / name).is_dir() else copy2
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    assert ledger.hash_of_harness(tmp_path) == ledger.hash_of_harness()
    with (tmp_path / judge).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert ledger.hash_of_harness(tmp_path) != ledger.hash_of_harness()


def test_a_proof_names_the_commit_of_the_template_that_was_rendered(tmp_path: Path) -> None:
    source = copy_sources(tmp_path)
    (source / "README.md").write_text("No part of the template.\n", encoding="utf-8")
    commit(source, "A template")
    named = ledger.commit_of_template(source)
    assert git(source, "rev-parse", "HEAD").startswith(named)
    assert len(named) >= 10
    (source / "README.md").write_text("Nor is this.\n", encoding="utf-8")
    assert ledger.commit_of_template(source) == named
    (source / "template" / "new.txt").write_text("This is.\n", encoding="utf-8")
    assert ledger.commit_of_template(source) == ""


def run_the_command(directory: str) -> None:
    """Run three cells one after the other, by the command, in a process of its own."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    patch = pytest.MonkeyPatch()
    keep_everything_in(Path(directory), patch)
    patch.setattr(command, "copy_sources", quick_template)
    patch.setattr(command, "installed_pythons", lambda: PYTHONS)
    cells = [f"--cell={cell.name}" for cell in CELLS]
    sys.exit(command.main([*cells, "--jobs=1", "--steps=render,check"]))


@pytest.mark.slow
def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    code = f"from tests.test_engine import run_the_command; run_the_command({str(tmp_path)!r})"
    arguments = [sys.executable, "-c", code]
    with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline().startswith("[1/3]")
        first.send_signal(signal.SIGINT)
        said = first.stdout.read()
    assert first.returncode == command.INTERRUPTED, said
    assert "goes on after 1 of 3 cells" in said
    done = len(list((tmp_path / "ledger").iterdir()))
    assert 1 <= done < len(CELLS)
    again = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f"3 cells: 3 proved ({done} of them before)" in again


def test_processes_do_not_share_an_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path)
    with environments.free_directory("digest") as here, environments.free_directory("digest") as it:
        assert (here.name, it.name) == ("digest-1", "digest-2")
        assert taken_elsewhere(tmp_path) == "digest-3"
    assert taken_elsewhere(tmp_path) == "digest-1"


def taken_elsewhere(directory: Path) -> str:
    code = f"""
from pathlib import Path
from tests.matrix import environments
environments.ENVIRONMENTS = Path({str(directory)!r})
with environments.free_directory("digest") as it:
    print(it.name)
"""
    arguments = [sys.executable, "-c", code]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
