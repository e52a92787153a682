"""The report: a line for each cell, and the totals."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from tests.matrix.cells import Cell
from tests.matrix.engine import STAGES, Outcome

HEADINGS = ("cell", "rendered", "checked", "run", "seconds", "note")


@contextmanager
def telling(total: int) -> Iterator[Callable[[Outcome], None]]:
    """Yield what says how a cell ended; below stands a bar where there is a terminal."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, disable=not sys.stdout.isatty()) as progress:
        cells = progress.add_task("cells", total=total)

        def tell(outcome: Outcome) -> None:
            progress.advance(cells)
            print(f"[{progress.tasks[0].completed:.0f}/{total}] {line(outcome)}", flush=True)

        yield tell


def line(outcome: Outcome) -> str:
    """Return how a cell ended; with the end of its log if it failed."""
    said = f"{outcome.cell.name}: {'FAILED' if outcome.failed else outcome.note or 'ok'}"
    if outcome.error is None:
        return said
    error = outcome.error
    return f"{said}\n  {error}\n  the whole log: {error.log}\n\n{error.tail()}\n"


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the report as aligned columns, in the order of the cells' names, default first."""
    return f"{aligned(rows(outcomes))}\n\n{totals(outcomes)}"


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Return the same as a section of Markdown, for the summary of a CI job."""
    return f"{piped(rows(outcomes))}\n\n{totals(outcomes)}\n\n"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def piped(lines: Sequence[Sequence[str]]) -> str:
    headings, *others = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([headings, "|---" * len(lines[0]) + "|", *others])


def rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    of = {outcome.cell: outcome for outcome in outcomes}
    return [HEADINGS, *(row(of[cell]) for cell in in_order(of))]


def in_order(cells: Iterable[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (cell.name != "default", cell.name))


def row(outcome: Outcome) -> tuple[str, ...]:
    verdicts = [outcome.verdicts.get(stage, "-") for stage in STAGES]
    return (outcome.cell.name, *verdicts, f"{sum(outcome.seconds.values()):.0f}", outcome.note)


def totals(outcomes: Sequence[Outcome]) -> str:
    """Say how many were proved, by this run or before it, and how many were not."""
    failed = sum(outcome.failed for outcome in outcomes)
    proved = sum(outcome.proved for outcome in outcomes)
    cached = sum(outcome.cached for outcome in outcomes)
    before = f" ({cached} of them before)" if cached else ""
    idle = len(outcomes) - proved - failed
    return f"{len(outcomes)} cells: {proved} proved{before}, {failed} failed, {idle} not run"
