"""Kinds of values that settings share."""

import json
from contextlib import suppress
from typing import Annotated, Final, TypeAlias

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

# What .env.example has in place of secrets, or of the name of one.
PLACEHOLDERS: Final = ("change-me", "postgres_password")


def is_placeholder(secret: str) -> bool:
    return any(placeholder in secret.lower() for placeholder in PLACEHOLDERS)


def parse_list(value: object) -> object:
    """Return the items of "a, b" or of a JSON list."""
    if not isinstance(value, str):
        return value
    with suppress(ValueError):
        if isinstance(parsed := json.loads(value), list):
            return parsed
    return [item.strip() for item in value.split(",") if item.strip()]


def _check_rate(rate: str) -> str:
    try:
        limit, *others = parse_many(rate)
    except ValueError as error:
        raise ValueError('is written like "600/minute"') from error
    if others:
        raise ValueError("takes one rate, not several")
    if limit.amount < 1:
        raise ValueError("lets nobody in; the least is one request")
    return rate


# Written as "a, b", as a JSON list, or blank for none.
StringList: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_list)]
Rate: TypeAlias = Annotated[str, AfterValidator(_check_rate)]
