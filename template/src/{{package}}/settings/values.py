"""Kinds of values that settings share."""

import json
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator
from pydantic_settings import NoDecode


def _parse_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [item.strip() for item in value.split(",") if item.strip()]


# Written as "a, b", as a JSON list, or blank for none.
StringList: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_list)]
