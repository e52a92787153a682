"""Renders services, runs them, and reports: `python -m tests.matrix`."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.matrix.baseline import baseline_at
from tests.matrix.cells import Cell, each_value_once, every_cell
from tests.matrix.engine import STAGES, Engine, Outcome
from tests.matrix.pythons import installed_pythons
from tests.matrix.report import table
from tests.matrix.servers import postgresql
from tests.repository import copy_sources


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    pythons = installed_pythons()
    cells = select(options, list(pythons))
    if options.list:
        print(*(cell.name for cell in cells), sep="\n")
        return 0
    begin = time.monotonic()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="formwork-matrix-")))
        engine = Engine(
            template=copy_sources(scratch / "template"),
            pythons=pythons,
            postgresql=stack.enter_context(postgresql()),
            wanted=options.steps,
            fresh=options.fresh,
            **(
                {"baseline": baseline_at(options.changed_since, scratch / "before")}
                if options.changed_since
                else {}
            ),
        )
        outcomes = []
        for outcome in engine.run(cells, options.jobs):
            outcomes.append(outcome)
            tell(outcome, f"{len(outcomes)}/{len(cells)}")
    print(f"\n{table(outcomes)}, in {time.monotonic() - begin:.0f} s")
    return 1 if any(outcome.failed or outcome.error for outcome in outcomes) else 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument(
        "--all", action="store_true", help="every valid combination, not each value once"
    )
    parser.add_argument(
        "--cell", action="append", metavar="NAME", help="only this cell, as --list names it"
    )
    parser.add_argument(
        "--changed-since", metavar="COMMIT", help="only cells that rendered otherwise there"
    )
    parser.add_argument("--fresh", action="store_true", help="run what was proved before, too")
    parser.add_argument(
        "--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="cells at once"
    )
    parser.add_argument("--list", action="store_true", help="print the cells' names and stop")
    parser.add_argument(
        "--steps", type=steps, default=STAGES, help="of render,check,boot; all by default"
    )
    return parser.parse_args(arguments)


def steps(text: str) -> tuple[str, ...]:
    asked = text.split(",")
    if unknown := set(asked) - set(STAGES):
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}: the steps are {', '.join(STAGES)}"
        )
    return tuple(asked)


def select(options: argparse.Namespace, pythons: Sequence[str]) -> list[Cell]:
    if not options.cell:
        return list(every_cell()) if options.all else each_value_once(pythons)
    known = {cell.name: cell for cell in every_cell()}
    if unknown := set(options.cell) - set(known):
        sys.exit(f"no cell is called {', '.join(sorted(unknown))}; --all --list names them")
    return [known[name] for name in options.cell]


def tell(outcome: Outcome, progress: str) -> None:
    verdict = "FAILED" if outcome.failed or outcome.error else outcome.note or "ok"
    print(f"[{progress}] {outcome.cell.name}: {verdict}", flush=True)
    if outcome.error is not None:
        print(
            f"  {outcome.error}\n  the whole log: {outcome.error.log}\n\n{outcome.error.tail()}\n",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
