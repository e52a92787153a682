"""What the service under test was rendered with, and whether a test applies to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Without:
    """Asks that an answer is not this value, or does not list it."""

    value: object


def without(value: object) -> Without:
    return Without(value)


def read_answers(path: Path) -> dict[str, Any]:
    """Read a `.copier-answers.yml`, or the same mapping as JSON."""
    text = path.read_text(encoding="utf-8")
    answers = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    if not isinstance(answers, dict):
        raise ValueError(f"{path} holds no mapping of answers")
    return answers


def applies(wanted: Mapping[str, object], facts: Mapping[str, object]) -> bool:
    """Whether the facts meet every wish; a wish for an unknown fact is a KeyError."""
    return all(_meets(facts[name], wish) for name, wish in wanted.items())


def _meets(fact: object, wish: object) -> bool:
    if isinstance(wish, Without):
        return not _meets(fact, wish.value)
    if isinstance(wish, tuple):
        return any(_meets(fact, alternative) for alternative in wish)
    if isinstance(fact, list):
        return wish in fact
    return fact == wish
