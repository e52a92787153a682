"""Which combinations of the core axes are valid, by rules written by hand.

Nothing here reads copier.yml. A combination is valid unless a rule refuses it;
`tests/test_oracle.py` holds Copier to the same answer for every combination there is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.space import Answers


@dataclass(frozen=True)
class Rule:
    """Why some combinations can't be.

    Copier's refusal has to say why, which `says` is a part of, and to suggest what is `nearest`.
    """

    reason: str
    refuses: Callable[[Answers], bool]
    says: str
    nearest: str


ASYNCHRONOUS_ONLY = {"asyncpg", "tortoise"}

RULES: tuple[Rule, ...] = (
    Rule(
        reason="Django's admin, accounts and migrations stand on its own ORM",
        refuses=lambda answers: answers["framework"] == "django" and answers["orm"] != "django",
        says="stand on Django's own ORM",
        nearest="orm=django",
    ),
    Rule(
        reason="Django's ORM is set up by Django",
        refuses=lambda answers: answers["orm"] == "django" and answers["framework"] != "django",
        says="comes with Django",
        nearest="orm=sqlalchemy",
    ),
    Rule(
        reason="what waits without a thread has nobody to wait for it in a synchronous service",
        refuses=lambda answers: (
            answers["framework"] == "flask" and answers["orm"] in ASYNCHRONOUS_ONLY
        ),
        says="is asynchronous, and flask is not",
        nearest="orm=sqlalchemy",
    ),
)


def refusal(answers: Answers) -> Rule | None:
    """Return the first rule that refuses these answers, or None if they are valid."""
    return next((rule for rule in RULES if rule.refuses(answers)), None)


def is_valid(answers: Answers) -> bool:
    return refusal(answers) is None
