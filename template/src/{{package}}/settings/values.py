"""Kinds of values that settings share."""

import json
from contextlib import suppress
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator
from pydantic_settings import NoDecode


def _parse_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        if isinstance(parsed := json.loads(value), list):
            return parsed
    return [item.strip() for item in value.split(",") if item.strip()]


# Written as "a, b", as a JSON list, or blank for none.
StringList: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_list)]
