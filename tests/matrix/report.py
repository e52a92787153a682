"""The report: a line for each cell, and the totals."""

from collections.abc import Sequence

from tests.matrix.engine import STAGES, Outcome

HEADINGS = ("cell", "rendered", "checked", "run", "seconds", "note")


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the report as aligned columns, in the order of the cells' names, default first."""
    ordered = sorted(
        outcomes, key=lambda outcome: (outcome.cell.name != "default", outcome.cell.name)
    )
    rows = [HEADINGS, *map(row, ordered)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in rows]
    return "\n".join([*lines, "", totals(outcomes)])


def row(outcome: Outcome) -> tuple[str, ...]:
    verdicts = [outcome.verdicts.get(stage, "-") for stage in STAGES]
    return (outcome.cell.name, *verdicts, f"{sum(outcome.seconds.values()):.0f}", outcome.note)


def totals(outcomes: Sequence[Outcome]) -> str:
    failed = sum(outcome.failed for outcome in outcomes)
    proved = sum(_last(outcome) in {"ok", "cached"} for outcome in outcomes)
    idle = len(outcomes) - proved - failed
    return f"{len(outcomes)} cells: {proved} proved, {failed} failed, {idle} not run"


def _last(outcome: Outcome) -> str:
    return "failed" if outcome.failed else list(outcome.verdicts.values())[-1]
