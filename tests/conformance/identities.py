"""How a client makes itself known to a service, by the answer to `auth`."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from .responses import expect_success

AUTH = "/api/v1/auth"
PASSWORD = "correct horse battery staple"


def identify(auth: str, stranger: httpx.Client) -> dict[str, str]:
    """Become somebody new, and return the headers that say so."""
    return IDENTIFY[auth](stranger)


def new_username() -> str:
    return f"{uuid4().hex}@example.com"


def register(stranger: httpx.Client, username: str, password: str = PASSWORD) -> httpx.Response:
    body = {"username": username, "password": password}
    return stranger.post(f"{AUTH}/register", json=body)


def ask_for_tokens(
    stranger: httpx.Client, username: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password, **more}
    return stranger.post(f"{AUTH}/token", data=form)


def log_in(
    stranger: httpx.Client, username: str, password: str = PASSWORD, **more: str
) -> dict[str, Any]:
    """Return the tokens of an account that is there."""
    tokens = expect_success(ask_for_tokens(stranger, username, password, **more)).json()
    assert isinstance(tokens, dict)
    return tokens


def become_somebody(stranger: httpx.Client, **more: str) -> dict[str, Any]:
    """Register, log in, and return the tokens."""
    username = new_username()
    expect_success(register(stranger, username), 202)
    return log_in(stranger, username, **more)


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


IDENTIFY: dict[str, Callable[[httpx.Client], dict[str, str]]] = {
    "none": lambda stranger: {},
    "jwt": lambda stranger: bearer(become_somebody(stranger)),
}
