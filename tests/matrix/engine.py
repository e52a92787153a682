"""Runs cells, several at once, and never twice what did not change."""

import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from tests.matrix import ledger, stages
from tests.matrix.cells import Cell
from tests.matrix.environments import environment, full_version, lock, locked_versions
from tests.matrix.ledger import Proof
from tests.matrix.processes import StageError
from tests.matrix.servers import PostgreSQL
from tests.repository import CACHE

STAGES = ("render", "check", "boot")
LOG = "checks.log"


@dataclass
class Outcome:
    """What became of a cell. `verdicts` has a word for every stage that was asked for.

    `proof` is how it passed, now or before.
    """

    cell: Cell
    verdicts: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    error: StageError | None = None
    proof: Proof | None = None
    note: str = ""

    @property
    def failed(self) -> bool:
        return self.error is not None or "failed" in self.verdicts.values()

    @property
    def proved(self) -> bool:
        """Whether all that was asked for was done, now or before."""
        return not self.failed and set(self.verdicts.values()) <= {"ok", "cached"}

    @property
    def cached(self) -> bool:
        return self.proved and "cached" in self.verdicts.values()


@dataclass(frozen=True)
class Engine:
    """Everything that cells have in common.

    `baseline` returns the hash of what a cell rendered to before the change that is looked at; a
    cell that renders the same is not run. `targets` returns what its own Makefile is asked for.
    `required` are dependencies that cells are tried with instead of their own. With `again` a cell
    that fails is run once more, and one that passes only then is told apart. `commit` is what a
    proof says that the template was at.
    """

    template: Path
    pythons: dict[str, Path]
    postgresql: PostgreSQL
    wanted: Sequence[str] = STAGES
    fresh: bool = False
    targets: Callable[[Cell], Sequence[str]] = lambda _: ("check-all",)
    required: Sequence[str] = ()
    again: bool = False
    baseline: Callable[[Cell], str | None] = lambda _: None
    commit: str = ""

    def run(self, cells: Sequence[Cell], jobs: int) -> Generator[Outcome]:
        """Yield each cell's outcome as it comes in. The longest begin, so that all end together.

        Whoever closes this before its end waits for the cells that are under way, and no others.
        """
        longest_first = sorted(cells, key=lambda cell: (not self._is_thorough(cell), -cell.weight))
        with ThreadPoolExecutor(jobs) as pool:
            running = [pool.submit(self.run_cell, cell) for cell in longest_first]
            try:
                for future in as_completed(running):
                    yield future.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _is_thorough(self, cell: Cell) -> bool:
        return "check-all" in self.targets(cell)

    def run_cell(self, cell: Cell) -> Outcome:
        logs = CACHE / "logs" / cell.name
        # Its rendering and its logs are in one place, whichever process runs it.
        with FileLock(CACHE / "cells" / f"{cell.name}.lock"):
            outcome = self._attempt(cell, logs)
            if not (outcome.failed and self.again):
                return outcome
            failed = logs.with_name(f"{logs.name}.failed")
            shutil.rmtree(failed, ignore_errors=True)
            logs.rename(failed)
            second = self._attempt(cell, logs)
        if second.proved:
            second.note = f"UNSTEADY, failed before: {failed / LOG}"
        return second

    def _attempt(self, cell: Cell, logs: Path) -> Outcome:
        outcome = Outcome(cell)
        log = logs / LOG
        try:
            shutil.rmtree(logs, ignore_errors=True)
            self._go_through(cell, outcome, log)
        except StageError as error:
            outcome.error = error
        except Exception as error:  # noqa: BLE001 - whatever it was, the other cells go on
            outcome.error = StageError.of(error, log)
        return outcome

    def _go_through(self, cell: Cell, outcome: Outcome, log: Path) -> None:
        with _stage("render", outcome):
            project = stages.render_cell(cell, self.template, CACHE / "cells" / cell.name)
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
        targets = self.targets(outcome.cell)
        locked = lock(project, python, log, required=self.required)
        version = full_version(python)
        servers = self.postgresql.version
        parts = [tree, locked, version, servers, ledger.hash_of_harness()]
        key = ledger.key_of([*parts, *targets, *later])
        if not self.fresh and (proof := ledger.proved(key)) is not None:
            outcome.proof = proof
            outcome.note = f"proved on {proof.day}, in {sum(proof.seconds.values()):.0f} s"
            outcome.verdicts |= dict.fromkeys(later, "cached")
            return
        with environment(project, python, log) as ready:
            if "check" in later:
                with _stage("check", outcome):
                    stages.check(ready, targets, log)
            if "boot" in later:
                with _stage("boot", outcome):
                    healthy = stages.boot(ready, self.postgresql, log)
                outcome.note = f"healthy after {healthy:.2f} s"
        versions = {"Python": version.split()[1], "PostgreSQL": servers} | locked_versions(locked)
        outcome.proof = Proof(outcome.cell.name, outcome.seconds, versions, self.commit)
        ledger.record(key, outcome.proof)


@contextmanager
def _stage(name: str, outcome: Outcome) -> Iterator[None]:
    begin = time.monotonic()
    outcome.verdicts[name] = "failed"
    try:
        yield
        outcome.verdicts[name] = "ok"
    finally:
        outcome.seconds[name] = time.monotonic() - begin
