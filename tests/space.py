"""The space of answers, read from copier.yml, so that a new choice enrols itself."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from typing import Any, TypeAlias

import yaml
from jinja2 import Environment, StrictUndefined

from tests.repository import ROOT

Answers: TypeAlias = dict[str, Any]

CORE = ("framework", "orm", "auth", "queue", "observability")
# Axes that change a text and no code: every value is rendered, but needs no run of its own.
TEXT = ("license",)


@cache
def declarations() -> Mapping[str, Any]:
    """Return copier.yml as it is written."""
    declared = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    assert isinstance(declared, dict)
    return declared


def settings() -> dict[str, Any]:
    return {name: value for name, value in declarations().items() if name.startswith("_")}


def questions() -> dict[str, dict[str, Any]]:
    """Return what is asked, and what is answered without asking but stored."""
    return {
        name: value
        for name, value in declarations().items()
        if not name.startswith("_") and value.get("when") is not False
    }


def computed_answers() -> dict[str, str]:
    """Return the expressions that decide, last in copier.yml, which overlays are rendered."""
    return {
        name: value["default"]
        for name, value in declarations().items()
        if not name.startswith("_") and value.get("when") is False
    }


def choices(question: str) -> list[Any]:
    """Return the values of a question's choices, or none if anything can be typed."""
    declared = questions()[question].get("choices", [])
    return list(declared.values() if isinstance(declared, dict) else declared)


def default(question: str) -> Any:
    """Return the default of a question whose default depends on no other answer."""
    declared = questions()[question]
    value = declared["default"]
    return (
        yaml.safe_load(value)
        if declared.get("type") == "yaml" and isinstance(value, str)
        else value
    )


def values(axis: str) -> list[Any]:
    """Return what an axis can be, the default first. One of many values can be any set of them."""
    found = choices(axis)
    if questions()[axis].get("multiselect"):
        return [list(some) for size in range(len(found) + 1) for some in combinations(found, size)]
    return sorted(found, key=lambda value: value != default(axis)) or [default(axis)]


def axes() -> list[str]:
    """Return the questions that change what is rendered by more than a name."""
    return [name for name in questions() if name in CORE or choices(name)]


def side_axes() -> list[str]:
    return [axis for axis in axes() if axis not in CORE]


def code_axes() -> list[str]:
    return [axis for axis in axes() if axis not in TEXT]


def defaults() -> Answers:
    """Return the default of every axis."""
    return {axis: values(axis)[0] for axis in axes()}


def combine(names: list[str]) -> Iterator[Answers]:
    """Yield every combination of the values of these axes, the default ones first."""
    for chosen in product(*map(values, names)):
        yield dict(zip(names, chosen, strict=True))


def active_overlays(answers: Answers) -> set[str]:
    """Return the variables that these answers render to "." and not to nothing."""
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    everything = defaults() | answers
    rendered = {
        name: environment.from_string(expression).render(everything)
        for name, expression in computed_answers().items()
    }
    assert set(rendered.values()) <= {".", ""}, rendered
    return {name for name, value in rendered.items() if value == "."}
