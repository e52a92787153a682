"""Renders services, runs them, and reports: `python -m tests.matrix`."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import space
from tests.matrix.baseline import baseline_at
from tests.matrix.cells import (
    Cell,
    covering,
    each_value_once,
    every_cell,
    shard,
    with_each_slow_test,
)
from tests.matrix.changes import changes_since, fewest, showing
from tests.matrix.engine import STAGES, Engine, Outcome
from tests.matrix.ledger import commit_of_template
from tests.matrix.publishing import publish
from tests.matrix.pythons import installed_pythons
from tests.matrix.report import markdown, table, telling
from tests.matrix.servers import postgresql
from tests.repository import copy_sources

SIDES = [axis for axis in space.code_axes() if axis not in space.CORE]
INTERRUPTED = 130  # as shells say it of SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    pythons = installed_pythons()
    selected = select(options, list(pythons))
    cells = shard(selected, *options.shard) if options.shard else selected
    if options.list:
        print(*(cell.name for cell in cells), sep="\n")
        return 0
    if options.parts_of:
        print(json.dumps(parts(len(cells), options.parts_of)))
        return 0
    begin = time.monotonic()
    outcomes, interrupted = run(cells, pythons, options)
    print(f"\n{table(outcomes)}, in {time.monotonic() - begin:.0f} s")
    if options.report:
        with options.report.open("a", encoding="utf-8") as report:
            report.write(markdown(outcomes))
    if options.publish:
        publish(options.publish, selected, outcomes)
    if interrupted:
        print(f"Interrupted. The same again goes on after {len(outcomes)} of {len(cells)} cells.")
        return INTERRUPTED
    return 0 if all(good(outcome, strict=options.strict) for outcome in outcomes) else 1


def run(
    cells: Sequence[Cell], pythons: dict[str, Path], options: argparse.Namespace
) -> tuple[list[Outcome], bool]:
    """Return what became of the cells, and whether somebody interrupted it."""
    outcomes = []
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="formwork-matrix-")))
        engine = Engine(
            template=copy_sources(scratch / "template"),
            pythons=pythons,
            postgresql=stack.enter_context(postgresql()),
            wanted=options.steps,
            fresh=options.fresh,
            targets=targets(options, cells),
            required=options.require,
            again=not (options.strict or options.publish),
            commit=commit_of_template(),
        )
        if options.changed_since and changes_since(options.changed_since) is None:
            before = baseline_at(options.changed_since, scratch / "before")
            engine = replace(engine, baseline=before)
        tell = stack.enter_context(telling(len(cells)))
        try:
            for outcome in stack.enter_context(closing(engine.run(cells, options.jobs))):
                outcomes.append(outcome)
                tell(outcome)
        except KeyboardInterrupt:
            return outcomes, True
    return outcomes, False


def targets(options: argparse.Namespace, cells: Sequence[Cell]) -> Callable[[Cell], Sequence[str]]:
    """Return what a cell's own Makefile is asked for.

    Where each value is run once, so is each slow test.
    """
    thorough = with_each_slow_test(cells) if has_slow_tests_once(options) else cells

    def of_cell(cell: Cell) -> Sequence[str]:
        if options.quick:
            return "static", "test"
        return ("check-all",) if cell in thorough else ("check",)

    return of_cell


def has_slow_tests_once(options: argparse.Namespace) -> bool:
    return options.tier == 2 and not options.cell


def good(outcome: Outcome, *, strict: bool) -> bool:
    return outcome.proved if strict else not outcome.failed


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument(
        "--tier",
        type=int,
        choices=[2, 3, 4],
        default=2,
        help="2: each value of each axis once, and each slow test; 3: every pair of values;"
        " 4: every combination",
    )
    parser.add_argument(
        "--cell", action="append", metavar="NAME", help="only this cell, as --list names it"
    )
    parser.add_argument(
        "--core",
        action="store_true",
        help="only cells that differ from the default in core axes: every combination of those",
    )
    parser.add_argument(
        "--changed-since", metavar="COMMIT", help="only cells that rendered otherwise there"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="the fewest cells that show what changed; no slow tests, no coverage",
    )
    parser.add_argument(
        "--require",
        action="append",
        default=[],
        metavar="DEPENDENCY",
        help="try the cells with this instead of their own: django>=6",
    )
    parser.add_argument("--fresh", action="store_true", help="run what was proved before, too")
    parser.add_argument(
        "--jobs", type=int, default=min(os.cpu_count() or 1, 4), help="cells at once"
    )
    parser.add_argument("--list", action="store_true", help="print the cells' names and stop")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="append the report to this file, in Markdown"
    )
    parser.add_argument(
        "--publish",
        type=Path,
        metavar="FILE",
        help="write to this page what was proved, now or by the runs that it tells of",
    )
    parser.add_argument(
        "--parts-of",
        type=int,
        metavar="CELLS",
        help="print the values of --shard for parts of so many cells, as JSON, and stop",
    )
    parser.add_argument(
        "--shard", type=part, metavar="I/N", help="only the Ith of N parts, about equally long"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="fail for a cell that could not be run, too, and give none that fails a second chance",
    )
    parser.add_argument(
        "--steps", type=steps, default=STAGES, help="of render,check,boot; all by default"
    )
    options = parser.parse_args(arguments)
    partly = options.cell or options.changed_since or set(options.steps) != set(STAGES)
    lightly = options.quick or options.require or has_slow_tests_once(options)
    if options.publish and (partly or lightly):
        parser.error("only a tier, or a shard of it, that went through everything is published")
    return options


def steps(text: str) -> tuple[str, ...]:
    asked = text.split(",")
    if unknown := set(asked) - set(STAGES):
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}: the steps are {', '.join(STAGES)}"
        )
    return tuple(asked)


def part(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise argparse.ArgumentTypeError(f"{text}: say 1/4, 2/4, 3/4 or 4/4")
    return int(number), int(of)


def select(options: argparse.Namespace, pythons: Sequence[str]) -> list[Cell]:
    cells = named(options.cell) if options.cell else tier(options.tier, pythons)
    if options.core:
        default = space.defaults()
        cells = [it for it in cells if all(it.as_data()[x] == default[x] for x in SIDES)]
    changes = changes_since(options.changed_since) if options.changed_since else None
    if changes is not None:
        cells = showing(cells, changes)
        if options.quick:
            cells = fewest([cell for cell in cells if cell.python in pythons], changes)
    return cells


def parts(cells: int, size: int) -> list[str]:
    """Return the parts of so many cells, none of them longer than `size`, as --shard takes them."""
    number = max(1, -(-cells // size))
    return [f"{part}/{number}" for part in range(1, number + 1)]


def tier(number: int, pythons: Sequence[str]) -> list[Cell]:
    match number:
        case 2:
            return each_value_once(pythons)
        case 3:
            return covering(pythons)
        case _:
            return list(every_cell())


def named(names: Sequence[str]) -> list[Cell]:
    known = {cell.name: cell for cell in every_cell()}
    if unknown := set(names) - set(known):
        sys.exit(f"no cell is called {', '.join(sorted(unknown))}; --tier=4 --list names them")
    return [known[name] for name in names]


if __name__ == "__main__":
    sys.exit(main())
