"""Faults that a service's own tests have to find: `python -m tests.matrix.mutations`.

`tests/mutations.toml` lists them. Each is put into a copy of the template, rendered, and met by the
tests of the service. A suite that stays green does not test what it seems to test.
"""

import argparse
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.matrix import ledger
from tests.matrix.cells import Cell
from tests.matrix.environments import Environment, environment, full_version, lock
from tests.matrix.ledger import Proof
from tests.matrix.processes import StageError, exit_code
from tests.matrix.pythons import installed_pythons
from tests.matrix.report import aligned, piped
from tests.matrix.servers import server_version
from tests.rendering import paths_in, render
from tests.repository import CACHE, ROOT, TEMPLATE, copy_sources
from tests.space import Answers

LISTED = ROOT / "tests" / "mutations.toml"
LOGS = CACHE / "logs" / "mutations"
HEADINGS = ("mutation", "cell", "verdict", "found by", "seconds")
LONGEST = 300.0  # seconds; a suite that hangs tells nobody what is wrong
TESTS_FAILED = 1  # pytest's exit code; any other than that and 0 says that the tests did not run


@dataclass(frozen=True)
class Mutation:
    """A fault: one text of one template file, and what stands there instead.

    `answers` are those of a cell that renders the file; `tests` what pytest is to run of the
    service's tests: all but the slow ones if there are none.
    """

    name: str
    file: str
    before: str
    after: str
    answers: Answers = field(default_factory=dict)
    tests: tuple[str, ...] = ()
    slow: bool = False

    @property
    def cell(self) -> Cell:
        return Cell.of(self.answers)

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name.replace(' ', '-').replace('/', '-')}.log"

    def apply(self, template: Path) -> None:
        """Put the fault into a copy of the template."""
        path = template / TEMPLATE.name / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.before) != 1:
            raise ValueError(f"{self.file} has the text {text.count(self.before)} times, not once")
        path.write_text(text.replace(self.before, self.after), encoding="utf-8")


@dataclass(frozen=True)
class Verdict:
    mutation: Mutation
    word: str
    found_by: str = ""
    seconds: float = 0.0

    @property
    def found(self) -> bool:
        return self.word in {"found", "cached"}


@dataclass(frozen=True)
class Bench:
    """A rendering of a cell, with its environment, to try one mutation after the other on."""

    pristine: Path
    ready: Environment
    key: tuple[str, ...]

    @property
    def scratch(self) -> Path:
        return self.ready.project.with_name(f"{self.ready.project.name}-mutated")

    def test(self, mutation: Mutation) -> Verdict:
        """Render with the fault, run the tests, and leave the project as it was."""
        begin = time.monotonic()
        mutation.log.unlink(missing_ok=True)
        try:
            word, found_by = self._meet(mutation)
        except StageError as error:
            word, found_by = "broken", str(error)
        except Exception as error:  # noqa: BLE001 - whatever kept it from rendering
            word, found_by = "broken", str(StageError.of(error, mutation.log))
        return Verdict(mutation, word, found_by, time.monotonic() - begin)

    def _meet(self, mutation: Mutation) -> tuple[str, str]:
        changed = self._render(mutation)
        tests = selection([mutation])
        key = ledger.key_of([*self.key, ledger.hash_of_tree(self.scratch), *tests])
        if ledger.proved(key) is not None:
            return "cached", ""
        try:
            _copy(changed, self.scratch, self.ready.project)
            code = run_tests(self.ready, tests, mutation.log, LONGEST)
        finally:
            _copy(changed, self.pristine, self.ready.project)
        word, found_by = judge(code, mutation.log)
        if word == "found":
            ledger.record(key, Proof(mutation.name))
        return word, found_by

    def _render(self, mutation: Mutation) -> list[str]:
        """Render with the fault, and return the paths that it makes a difference to."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        with TemporaryDirectory(prefix="formwork-mutation-") as directory:
            template = copy_sources(Path(directory))
            mutation.apply(template)
            render(template, self.scratch, mutation.cell.as_data())
        changed = [
            path
            for path in sorted(paths_in(self.scratch) | paths_in(self.pristine))
            if not _same(self.scratch / path, self.pristine / path)
        ]
        if not changed:
            raise ValueError(f"{self.pristine.name} renders the same with it")
        return changed


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    chosen = [
        mutation
        for mutation in load()
        if options.cell in {None, mutation.cell.name}
        and all(word in f"{mutation.name} {mutation.file}" for word in options.only)
    ]
    if options.list:
        print(*(mutation.name for mutation in chosen), sep="\n")
        return 0
    begin = time.monotonic()
    verdicts = []
    by_cell = sorted(chosen, key=lambda mutation: mutation.cell.name)
    for _, some in groupby(by_cell, key=lambda mutation: mutation.cell.name):
        for verdict in run(list(some), options.jobs):
            verdicts.append(verdict)
            progress = f"[{len(verdicts)}/{len(chosen)}]"
            print(f"{progress} {verdict.mutation.name}: {verdict.word}", flush=True)
    report = rows(verdicts)
    print(f"\n{aligned(report)}\n\n{totals(verdicts)}, in {time.monotonic() - begin:.0f} s")
    if options.report:
        with options.report.open("a", encoding="utf-8") as summary:
            summary.write(f"{piped(report)}\n\n{totals(verdicts)}\n\n")
    return 0 if verdicts and all(verdict.found for verdict in verdicts) else 1


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.matrix.mutations", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--cell", metavar="NAME", help="those of this cell")
    parser.add_argument("--jobs", type=int, default=2, help="mutations at once")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WORDS",
        help="those with these words in name or file",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="append the report to this file, in Markdown"
    )
    return parser.parse_args(arguments)


def load() -> list[Mutation]:
    listed = tomllib.loads(LISTED.read_text(encoding="utf-8"))["mutation"]
    return [Mutation(**{**each, "tests": tuple(each.get("tests", ()))}) for each in listed]


def run(mutations: Sequence[Mutation], jobs: int) -> Iterator[Verdict]:
    """Try mutations of one cell, several at once. The tests have to be green without them."""
    try:
        yield from _try(mutations, jobs)
    except StageError as error:
        for mutation in mutations:
            yield Verdict(mutation, "broken", f"{error}, see {error.log}")


def _try(mutations: Sequence[Mutation], jobs: int) -> Iterator[Verdict]:
    with ExitStack() as stack:
        benches = [
            stack.enter_context(open_bench(mutations[0].cell, number))
            for number in range(min(jobs, len(mutations)))
        ]
        for slow in (False, True):
            _hold_to_green(benches[0], [it for it in mutations if it.slow is slow])
        idle: SimpleQueue[Bench] = SimpleQueue()
        for bench in benches:
            idle.put(bench)

        def test(mutation: Mutation) -> Verdict:
            bench = idle.get()
            try:
                return bench.test(mutation)
            finally:
                idle.put(bench)

        with ThreadPoolExecutor(len(benches)) as pool:
            yield from pool.map(test, mutations)


@contextmanager
def open_bench(cell: Cell, number: int) -> Iterator[Bench]:
    """Render a cell and make an environment of its own for it."""
    log = LOGS / f"{cell.name}.log"
    pristine = CACHE / "mutations" / cell.name
    project = CACHE / "mutations" / f"{cell.name}-{number}"
    if number == 0:
        log.unlink(missing_ok=True)
        shutil.rmtree(pristine, ignore_errors=True)
        with TemporaryDirectory(prefix="formwork-mutations-") as directory:
            render(copy_sources(Path(directory)), pristine, cell.as_data())
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(pristine, project)
    # The oldest Python is no part of any mutation: where it is not there, this one will do.
    python = installed_pythons().get(cell.python, Path(sys.executable))
    locked = lock(project, python, log)
    with environment(project, python, log) as ready:
        key = (locked, full_version(python), server_version(), ledger.hash_of_harness())
        yield Bench(pristine, ready, key)


def _hold_to_green(bench: Bench, mutations: Sequence[Mutation]) -> None:
    if not mutations:
        return
    log = LOGS / f"{mutations[0].cell.name}.log"
    tree = ledger.hash_of_tree(bench.pristine)
    key = ledger.key_of([*bench.key, tree, *selection(mutations)])
    if ledger.proved(key) is None:
        if run_tests(bench.ready, selection(mutations), log):
            raise StageError("the tests are red without any mutation", log)
        ledger.record(key, Proof(bench.pristine.name))


def selection(mutations: Sequence[Mutation]) -> list[str]:
    """Return the arguments with which pytest runs the tests that these mutations need."""
    slow = any(mutation.slow for mutation in mutations)
    everything = not all(mutation.tests for mutation in mutations)
    paths = {path for mutation in mutations for path in mutation.tests}
    return [*(["-m", ""] if slow else []), *([] if everything else sorted(paths))]


def run_tests(
    ready: Environment, arguments: Sequence[str], log: Path, seconds: float | None = None
) -> int:
    """Run a service's tests in a fixed order up to the first that fails; return the exit code."""
    options = ["--exitfirst", "--quiet", "-rf", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [ready.command("python"), "-m", "pytest", *options, *arguments]
    return exit_code(
        command, cwd=ready.project, log=log, environment=ready.variables, seconds=seconds
    )


def judge(code: int, log: Path) -> tuple[str, str]:
    """Return a word for how pytest ended, and the test that failed or what else went wrong."""
    if code == 0:
        return "SURVIVED", ""
    printed = log.read_text(encoding="utf-8", errors="replace").splitlines()
    failed = [line.split()[1] for line in printed if line.startswith("FAILED ")]
    # A service that does not even start finds nothing: the fault has to be one that could pass.
    if code != TESTS_FAILED or not failed:
        return "broken", f"pytest exits {code}, see {log}"
    return "found", failed[0]


def rows(verdicts: Sequence[Verdict]) -> list[tuple[str, ...]]:
    return [
        HEADINGS,
        *(
            (it.mutation.name, it.mutation.cell.name, it.word, it.found_by, f"{it.seconds:.0f}")
            for it in verdicts
        ),
    ]


def totals(verdicts: Sequence[Verdict]) -> str:
    found = sum(verdict.found for verdict in verdicts)
    return f"{len(verdicts)} mutations: {found} found, {len(verdicts) - found} not"


def _copy(paths: Sequence[str], source: Path, destination: Path) -> None:
    for path in paths:
        if (source / path).exists():
            shutil.copy2(source / path, destination / path)
        else:
            (destination / path).unlink(missing_ok=True)


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main())
