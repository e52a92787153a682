"""How much of a list is asked for."""

import re
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field

DIGITS: Final = re.compile(r"[0-9]{1,3}")


def _in_digits(value: object) -> object:
    """Refuse the other ways to write a number, such as `1_0`, `+5` and `5.0`."""
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise ValueError("is not a number from 1 to 100")
    return value


PageLimit: TypeAlias = Annotated[int, Field(ge=1, le=100), BeforeValidator(_in_digits)]
