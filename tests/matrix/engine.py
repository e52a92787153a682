"""Runs cells, several at once, and never twice what did not change."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.matrix import ledger, stages
from tests.matrix.cells import Cell
from tests.matrix.environments import environment, full_version, lock
from tests.matrix.processes import StageError
from tests.matrix.servers import PostgreSQL, server_versions
from tests.repository import CACHE

STAGES = ("render", "check", "boot")


@dataclass
class Outcome:
    """What became of a cell. `verdicts` has a word for every stage that was asked for."""

    cell: Cell
    verdicts: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    error: StageError | None = None
    note: str = ""

    @property
    def failed(self) -> bool:
        return "failed" in self.verdicts.values()


@dataclass(frozen=True)
class Engine:
    """Everything that cells have in common.

    `baseline` returns the hash of what a cell rendered to before the change that is looked at; a
    cell that renders the same is not run.
    """

    template: Path
    pythons: dict[str, Path]
    postgresql: PostgreSQL
    wanted: Sequence[str] = STAGES
    fresh: bool = False
    baseline: Callable[[Cell], str | None] = lambda _: None

    def run(self, cells: Sequence[Cell], jobs: int) -> Iterator[Outcome]:
        """Yield each cell's outcome as it comes in."""
        with ThreadPoolExecutor(jobs) as pool:
            for future in as_completed([pool.submit(self.run_cell, cell) for cell in cells]):
                yield future.result()

    def run_cell(self, cell: Cell) -> Outcome:
        outcome = Outcome(cell)
        try:
            self._go_through(cell, outcome)
        except StageError as error:
            outcome.error = error
        return outcome

    def _go_through(self, cell: Cell, outcome: Outcome) -> None:
        directory = CACHE / "cells" / cell.name
        log = CACHE / "logs" / cell.name / "checks.log"
        shutil.rmtree(log.parent, ignore_errors=True)
        with _stage("render", outcome):
            project = stages.render_cell(cell, self.template, directory)
        tree = ledger.hash_of_tree(project)
        later = [stage for stage in STAGES[1:] if stage in self.wanted]
        python = self.pythons.get(cell.python)
        if python is None:
            outcome.note = f"no Python {cell.python} here"
        elif tree == self.baseline(cell):
            outcome.note = "renders as before"
        elif later:
            self._prove(project, python, tree, later, outcome, log)
        for stage in later:
            outcome.verdicts.setdefault(stage, "not run")

    def _prove(
        self,
        project: Path,
        python: Path,
        tree: str,
        later: Sequence[str],
        outcome: Outcome,
        log: Path,
    ) -> None:
        locked = lock(project, python, log)
        parts = [
            tree,
            locked,
            full_version(python),
            server_versions(),
            ledger.hash_of_harness(),
            *later,
        ]
        key = ledger.key_of(parts)
        if not self.fresh and (seconds := ledger.proved(key)) is not None:
            outcome.note = f"proved before, in {sum(seconds.values()):.0f} s"
            outcome.verdicts |= dict.fromkeys(later, "cached")
            return
        with environment(project, python, log) as ready:
            if "check" in later:
                with _stage("check", outcome):
                    stages.check(ready, log)
            if "boot" in later:
                with _stage("boot", outcome):
                    healthy = stages.boot(ready, self.postgresql, log)
                outcome.note = f"healthy after {healthy:.2f} s"
        ledger.record(key, outcome.cell.name, outcome.seconds)


@contextmanager
def _stage(name: str, outcome: Outcome) -> Iterator[None]:
    begin = time.monotonic()
    outcome.verdicts[name] = "failed"
    try:
        yield
        outcome.verdicts[name] = "ok"
    finally:
        outcome.seconds[name] = time.monotonic() - begin
