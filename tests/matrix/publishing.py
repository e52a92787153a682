"""The page that says what was proved when, over as many runs as it took.

Beside it lie the proofs that it tells of, a line of JSON for each, for the next run to add to.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.matrix.cells import Cell, every_cell
from tests.matrix.engine import STAGES, Outcome
from tests.matrix.ledger import Proof
from tests.matrix.report import in_order, piped

HEADINGS = ("cell", "Python", "checked, seconds", "run, seconds", "proved on", "at commit")


def publish(page: Path, cells: Sequence[Cell], outcomes: Sequence[Outcome]) -> None:
    """Write how each of the cells was proved last; a cell that failed now is not, whatever was.

    Cells of another tier stay on the page for as long as their combination exists.
    """
    data = page.with_suffix(".jsonl")
    known = _read(data)
    for outcome in outcomes:
        if outcome.failed:
            known.pop(outcome.cell.name, None)
        elif outcome.proof:
            known[outcome.cell.name] = outcome.proof
    of_others = (cell for cell in every_cell() if cell.name in known)
    names = [cell.name for cell in in_order({*cells, *of_others})]
    proofs = {name: known[name] for name in names if name in known}
    data.write_text("".join(f"{_line(proof)}\n" for proof in proofs.values()), encoding="utf-8")
    page.write_text(told(names, proofs), encoding="utf-8")


def told(names: Sequence[str], proofs: Mapping[str, Proof]) -> str:
    """Return the page."""
    seconds = sum(sum(proof.seconds.values()) for proof in proofs.values())
    sections = (
        "# Proved combinations",
        f"{len(proofs)} of {len(names)} cells are proved: {_days(proofs)}, {seconds:.0f} s.",
        piped([HEADINGS, *(_row(name, proofs.get(name)) for name in names)]),
        "## Versions",
        piped([("what", "versions"), *_versions(proofs)]),
    )
    return "\n\n".join(sections) + "\n"


def _read(data: Path) -> dict[str, Proof]:
    lines = data.read_text(encoding="utf-8").splitlines() if data.exists() else []
    proofs = [Proof(**json.loads(line)) for line in lines]
    return {proof.cell: proof for proof in proofs}


def _line(proof: Proof) -> str:
    seconds = {stage: round(seconds) for stage, seconds in proof.seconds.items()}
    return json.dumps(asdict(proof) | {"seconds": seconds})


def _row(name: str, proof: Proof | None) -> tuple[str, ...]:
    if proof is None:
        return (name, "", "", "", "not yet", "")
    stages = (f"{proof.seconds.get(stage, 0):.0f}" for stage in STAGES[1:])
    return (name, proof.versions["Python"], *stages, proof.day, proof.commit)


def _days(proofs: Mapping[str, Proof]) -> str:
    days = sorted({proof.day for proof in proofs.values()})
    return " to ".join(dict.fromkeys([days[0], days[-1]])) if days else "on no day"


def _versions(proofs: Mapping[str, Proof]) -> Iterator[tuple[str, str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for proof in proofs.values():
        for name, version in proof.versions.items():
            found[name].add(version)
    yield from ((name, ", ".join(sorted(versions))) for name, versions in found.items())
