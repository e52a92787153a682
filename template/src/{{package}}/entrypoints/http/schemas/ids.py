"""Ids in paths."""

import re
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from pydantic import BeforeValidator

HYPHENATED: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _hyphenated(value: object) -> object:
    """Refuse the other ways to write a UUID, so that a thing has one address."""
    if isinstance(value, str) and not HYPHENATED.fullmatch(value):
        raise ValueError("is not a UUID")
    return value


HyphenatedUUID: TypeAlias = Annotated[UUID, BeforeValidator(_hyphenated)]
