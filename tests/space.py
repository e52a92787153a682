"""The space of answers, read from copier.yml, so that a new choice enrols itself."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from jinja2 import Environment, StrictUndefined, Template

from tests.repository import ROOT

Answers: TypeAlias = dict[str, Any]

CORE = ("framework", "orm", "auth", "queue", "observability")
# Axes whose values meet in code. What another axis changes, it changes alone.
MEETING = (*CORE, "example")
# Axes that change a text and no code: every value is rendered, but needs no run of its own.
TEXT = ("license",)
# The computed answer that chooses no overlay: it holds what the options contribute.
WOVEN = "contributions"
# Answers that somebody is likely to start with; the first is the default.
PRESETS = sorted((ROOT / "docs" / "presets").glob("*.yml"))


@cache
def declarations() -> Mapping[str, Any]:
    """Return copier.yml as it is written."""
    declared = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    assert isinstance(declared, dict)
    return declared


def answers_in(file: Path) -> Answers:
    """Return the answers that a file holds, such as a preset. What holds none is a `TypeError`."""
    with file.open(encoding="utf-8") as text:
        answers = yaml.safe_load(text)
    if not isinstance(answers, dict):
        raise TypeError("it takes a line `name: answer` for each")
    return answers


def settings() -> dict[str, Any]:
    return {name: value for name, value in declarations().items() if name.startswith("_")}


@cache
def questions() -> dict[str, dict[str, Any]]:
    """Return what is asked, and what is answered without asking but stored."""
    return {
        name: value
        for name, value in declarations().items()
        if not name.startswith("_") and value.get("when") is not False
    }


@cache
def computed_answers() -> dict[str, str]:
    """Return the expressions that decide, last in copier.yml, which overlays are rendered."""
    return {
        name: value["default"]
        for name, value in declarations().items()
        if not name.startswith("_") and value.get("when") is False and name != WOVEN
    }


def choices(question: str) -> list[Any]:
    """Return the values of a question's choices, or none if anything can be typed."""
    declared = questions()[question].get("choices", [])
    return list(declared.values() if isinstance(declared, dict) else declared)


def default(question: str, earlier: Answers | None = None) -> Any:
    """Return what a question is answered with if nobody answers it, after `earlier` answers."""
    declared = questions()[question]
    value = declared["default"]
    if not isinstance(value, str):
        return value
    text = _compiled(value).render(earlier or {})
    return yaml.safe_load(text) if declared.get("type") == "yaml" else text


def values(axis: str) -> list[Any]:
    """Return what an axis can be, the default first. One of many values can be any set of them."""
    found = choices(axis)
    if questions()[axis].get("multiselect"):
        sizes = range(len(found) + 1)
        found = [list(some) for size in sizes for some in combinations(found, size)]
    usual = defaults()[axis]
    return sorted(found, key=lambda value: value != usual) or [usual]


def axes() -> list[str]:
    """Return the questions that change what is rendered by more than a name."""
    return [name for name in questions() if name in CORE or choices(name)]


def side_axes() -> list[str]:
    return [axis for axis in axes() if axis not in CORE]


def code_axes() -> list[str]:
    return [axis for axis in axes() if axis not in TEXT]


def completed(answers: Answers) -> Answers:
    """Return these answers and, of every other axis, the default that follows from them."""
    found = dict(answers)
    for axis in axes():
        found.setdefault(axis, default(axis, found))
    return found


def defaults() -> Answers:
    """Return the default of every axis."""
    return completed({})


def combine(names: list[str]) -> Iterator[Answers]:
    """Yield every combination of the values of these axes, the default ones first."""
    for chosen in product(*map(values, names)):
        yield dict(zip(names, chosen, strict=True))


def active_overlays(answers: Answers) -> set[str]:
    """Return the variables that these answers render to "." and not to nothing."""
    everything = completed(answers)
    rendered: dict[str, str] = {}
    for name, expression in computed_answers().items():
        rendered[name] = _compiled(expression).render(everything | rendered)
    assert set(rendered.values()) <= {".", ""}, rendered
    return {name for name, value in rendered.items() if value == "."}


@cache
def _compiled(expression: str) -> Template:
    return Environment(undefined=StrictUndefined, autoescape=False).from_string(expression)
