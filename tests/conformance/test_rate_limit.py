"""Over the rate limit: 429, with fields that say when to come back."""

import re
from itertools import pairwise

import httpx
import pytest

from .orders import MISSING_ID, ORDERS, order_body
from .responses import expect_problem, expect_success, only

pytestmark = pytest.mark.needs(example=True)

POLICY = re.compile(r'"default";q=(\d+);w=(\d+)')
STATE = re.compile(r'"default";r=(\d+);t=(\d+)')


def _policy(response: httpx.Response) -> tuple[int, int]:
    match = POLICY.fullmatch(only(response, "RateLimit-Policy"))
    assert match
    return int(match[1]), int(match[2])


def _state(response: httpx.Response) -> tuple[int, int]:
    match = STATE.fullmatch(only(response, "RateLimit"))
    assert match
    return int(match[1]), int(match[2])


def _refused(limited: httpx.Client, **headers: str) -> httpx.Response:
    """Ask until refused; more than twice the quota of five, in case a window ends meanwhile."""
    for _ in range(12):
        response = limited.get(ORDERS, headers=headers)
        if response.status_code == 429:
            return response
        expect_success(response)
    raise AssertionError("never refused")


def test_operations_say_what_is_left(client: httpx.Client) -> None:
    for response in (
        client.get(ORDERS),
        client.head(ORDERS),
        client.get(f"{ORDERS}/{MISSING_ID}"),
        client.get(f"{ORDERS}/abc"),
        client.post(ORDERS, json=order_body()),
        client.post(ORDERS, json={}),
    ):
        quota, window = _policy(response)
        remaining, reset = _state(response)
        assert 0 <= remaining < quota
        assert 0 <= reset <= window


def test_each_request_uses_up_some_of_the_quota(client: httpx.Client) -> None:
    left = [_state(client.get(ORDERS, params={"limit": 1}))[0] for _ in range(4)]
    # A window may end in between, once.
    assert sum(later < earlier for earlier, later in pairwise(left)) >= 2


@pytest.mark.parametrize("path", ["/health", "/ready", "/docs", "/openapi.json"])
def test_other_routes_are_not_limited(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert "RateLimit" not in headers
    assert "RateLimit-Policy" not in headers


@pytest.mark.needs(limited_server=True)
def test_over_the_limit_a_client_is_told_when_to_come_back(limited: httpx.Client) -> None:
    response = _refused(limited)
    expect_problem(response, 429, "rate_limited")
    assert 1 <= int(only(response, "Retry-After")) <= 60
    assert _policy(response) == (5, 60)
    assert _state(response)[0] == 0


@pytest.mark.needs(limited_server=True)
def test_over_the_limit_nothing_is_written(limited: httpx.Client) -> None:
    _refused(limited)
    expect_problem(limited.post(ORDERS, json=order_body()), 429, "rate_limited")
    expect_problem(limited.head(ORDERS), 429, "rate_limited")


@pytest.mark.needs(limited_server=True)
def test_probes_are_answered_over_the_limit(limited: httpx.Client) -> None:
    _refused(limited)
    for path in ("/health", "/ready", "/openapi.json") * 3:
        expect_success(limited.get(path))


@pytest.mark.needs(limited_server=True)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_a_client_can_not_pretend_to_be_another(limited: httpx.Client, header: str) -> None:
    _refused(limited)
    for number in range(1, 4):
        response = limited.get(ORDERS, headers={header: f"203.0.113.{number}"})
        expect_problem(response, 429, "rate_limited")
