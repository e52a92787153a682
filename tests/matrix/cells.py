"""Which services are rendered and run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from tests import oracle, space
from tests.matrix.covering import covering_array
from tests.repository import rendered_files
from tests.space import Answers

# Where a bug of three choices together is likely: all triples of these are run, not only all pairs.
DEEP = ("framework", "orm", "auth", "queue")
COLOURS = {"io_async", "io_sync"}
SLOW = "pytest.mark.slow"


@dataclass(frozen=True)
class Cell:
    """A point of the space, by what differs from the defaults."""

    answers: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, answers: Answers) -> "Cell":
        everything = space.completed(answers)
        return cls(tuple((axis, _frozen(everything[axis])) for axis in space.code_axes()))

    @property
    def name(self) -> str:
        answers = self.as_data()
        differing = [
            f"{axis}={_said(value)}"
            for axis, value in self.answers
            if _thawed(value) != space.default(axis, answers)
        ]
        return ",".join(differing) or "default"

    @property
    def python(self) -> str:
        """The oldest Python that it promises to run on, which is the one that it is run on."""
        return str(dict(self.answers)["minimum_python"])

    @cached_property
    def files(self) -> frozenset[str]:
        """What is rendered, by the paths of the template."""
        active = space.active_overlays(self.as_data())
        return frozenset(path for path, overlays in _template() if active.issuperset(overlays))

    @property
    def slow_parts(self) -> frozenset[str]:
        """What only slow tests show: their files, and whether functions wait with `await`."""
        colour = space.active_overlays(self.as_data()) & COLOURS
        return (self.files & _slow_tests()) | colour

    @property
    def parts(self) -> frozenset[Any]:
        """What a bug can be in, or come from: its values and its files."""
        return frozenset(self.answers) | self.files

    @property
    def weight(self) -> int:
        """How long it takes, roughly: the number of its test files."""
        return sum("/test_" in path for path in self.files)

    def as_data(self) -> Answers:
        return {axis: _thawed(value) for axis, value in self.answers}


def each_value_once(pythons: Sequence[str]) -> list[Cell]:
    """Return the cells of the presets, and few more with every value of every axis and every file.

    The files matter where options meet: what is rendered for two values together would else be
    in no cell when each of them is taken with another's.

    Values are combined only in cells whose Python is there, so that no value hides behind one that
    can't run; a Python that is not there gets a cell of its own, to be reported as not run.
    """
    everywhere = list(every_cell())
    runnable = [cell for cell in everywhere if cell.python in pythons] or everywhere
    presets = [Cell.of(space.answers_in(path)) for path in space.PRESETS]
    known = frozenset().union(*(cell.parts for cell in presets))
    cells = presets + cover({cell: cell.parts for cell in runnable}, known)
    absent = set(space.values("minimum_python")) - {cell.python for cell in cells}
    return cells + [Cell.of({"minimum_python": version}) for version in sorted(absent)]


def cover(parts: Mapping[Cell, frozenset[Any]], known: frozenset[Any] = frozenset()) -> list[Cell]:
    """Return few of the cells, which have all parts that any of them has and that are not known."""
    chosen: list[Cell] = []
    waiting = frozenset().union(*parts.values()) - known
    while waiting:
        chosen.append(max(parts, key=lambda cell: len(parts[cell] & waiting)))
        waiting -= parts[chosen[-1]]
    return chosen


def with_each_slow_test(cells: Sequence[Cell]) -> list[Cell]:
    """Return few of these cells, with each file of slow tests, and both colours of functions."""
    return cover({cell: cell.slow_parts for cell in cells})


def covering(pythons: Sequence[str]) -> list[Cell]:
    """Return cells with every valid pair of values, and every valid triple of the deep axes.

    What can be run covers by itself every pair that can be run. Only then follow cells for the
    pairs that have a Python that is not there; they are reported as not run.
    """
    axes = {axis: [_frozen(value) for value in space.values(axis)] for axis in space.code_axes()}
    here = axes | {"minimum_python": [it for it in axes["minimum_python"] if it in pythons]}
    rows = [dict(Cell.of({}).answers)]
    for space_of_rows in (here, axes):
        if all(space_of_rows.values()):
            rows = covering_array(space_of_rows, oracle.is_valid, space.CORE, DEEP, rows)
    return [Cell.of(row) for row in rows]


def every_cell() -> Iterator[Cell]:
    """Yield every valid combination of all axes, the default first."""
    for core in space.combine(list(space.CORE)):
        if oracle.is_valid(core):
            for side in space.combine([x for x in space.code_axes() if x not in space.CORE]):
                yield Cell.of(core | side)


def shard(cells: Sequence[Cell], part: int, parts: int) -> list[Cell]:
    """Return one of as many parts, counted from 1: disjoint, together all, about equally long."""
    return sorted(cells, key=lambda cell: (-cell.weight, cell.name))[part - 1 :: parts]


@cache
def _template() -> list[tuple[str, tuple[str, ...]]]:
    return [(file.path.as_posix(), file.overlays) for file in rendered_files()]


@cache
def _slow_tests() -> frozenset[str]:
    files = [file for file in rendered_files() if file.path.name.startswith("test_")]
    return frozenset(
        file.path.as_posix() for file in files if SLOW in file.source.read_text(encoding="utf-8")
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _thawed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _said(value: Any) -> str:
    return ("+".join(value) or "none") if isinstance(value, tuple) else str(value).lower()
