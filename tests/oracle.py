"""Which combinations of the core axes are valid, by rules written by hand.

Nothing here reads copier.yml. A combination is valid unless a rule refuses it;
`tests/test_oracle.py` holds Copier to the same answer for every combination there is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.space import Answers


@dataclass(frozen=True)
class Rule:
    """Why some combinations can't be. `nearest` is what Copier's refusal has to suggest."""

    reason: str
    refuses: Callable[[Answers], bool]
    nearest: str


# Every pair of what there is now goes together.
RULES: tuple[Rule, ...] = ()


def refusal(answers: Answers) -> Rule | None:
    """Return the first rule that refuses these answers, or None if they are valid."""
    return next((rule for rule in RULES if rule.refuses(answers)), None)


def is_valid(answers: Answers) -> bool:
    return refusal(answers) is None
