"""Which services are rendered and run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests import oracle, space
from tests.space import Answers


@dataclass(frozen=True)
class Cell:
    """A point of the space, by what differs from the defaults."""

    answers: tuple[tuple[str, Any], ...]

    @classmethod
    def of(cls, answers: Answers) -> "Cell":
        return cls(
            tuple(
                (axis, _frozen(answers.get(axis, space.values(axis)[0])))
                for axis in space.code_axes()
            )
        )

    @property
    def name(self) -> str:
        default = space.defaults()
        differing = [
            f"{axis}={_said(value)}"
            for axis, value in self.answers
            if _thawed(value) != default[axis]
        ]
        return ",".join(differing) or "default"

    @property
    def python(self) -> str:
        """The oldest Python that it promises to run on, which is the one that it is run on."""
        return str(dict(self.answers)["minimum_python"])

    def as_data(self) -> Answers:
        return {axis: _thawed(value) for axis, value in self.answers}


def each_value_once(pythons: Sequence[str]) -> list[Cell]:
    """Return the default cell, and few more in which every value of every axis occurs.

    Values are combined only in cells whose Python is there, so that no value hides behind one that
    can't run; a Python that is not there gets a cell of its own, to be reported as not run.
    """
    cells = [Cell.of({})]
    waiting = [(axis, value) for axis in space.code_axes() for value in space.values(axis)[1:]]
    absent = [
        ("minimum_python", version)
        for version in space.values("minimum_python")[1:]
        if version not in pythons
    ]
    waiting = [value for value in waiting if value not in absent]
    while waiting:
        answers = _gather(waiting)
        cells.append(Cell.of(answers))
        waiting = [(axis, value) for axis, value in waiting if answers.get(axis) != value]
    return cells + [Cell.of(dict([value])) for value in absent]


def every_cell() -> Iterator[Cell]:
    """Yield every valid combination of all axes, the default first."""
    for core in space.combine(list(space.CORE)):
        if oracle.is_valid(core):
            for side in space.combine([x for x in space.code_axes() if x not in space.CORE]):
                yield Cell.of(core | side)


def _gather(waiting: Sequence[tuple[str, Any]]) -> Answers:
    """Take the first value that waits, and of each other axis the first that still goes with it."""
    answers: Answers = {}
    for axis, value in waiting:
        if axis not in answers and oracle.is_valid(space.defaults() | answers | {axis: value}):
            answers[axis] = value
    if not answers:
        raise ValueError(f"no valid combination has any of {waiting}")
    return answers


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _thawed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _said(value: Any) -> str:
    return "+".join(value) if isinstance(value, tuple) else str(value).lower()
