"""Whose order it is, and what a token is for."""

import httpx
import pytest

from .identities import bearer, become_somebody, log_in
from .orders import MISSING_ID, ORDERS, PlaceOrder, etag, order_body, order_path, unique
from .responses import expect_problem, expect_success, only

pytestmark = pytest.mark.needs(auth="jwt", example=True)


@pytest.fixture
def another(stranger: httpx.Client) -> dict[str, str]:
    """The headers of somebody who owns nothing."""
    return bearer(become_somebody(stranger))


def _each_operation(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> list[httpx.Response]:
    conditional = {**headers, "If-Match": "*"}
    return [
        client.get(path, headers=headers),
        client.get(f"{path}/status", headers=headers),
        client.patch(path, json={"note": "theirs"}, headers=conditional),
        client.post(f"{path}/cancel", headers=headers),
    ]


def test_another_s_order_is_as_good_as_none(
    client: httpx.Client, place_order: PlaceOrder, another: dict[str, str]
) -> None:
    order = place_order(note=unique())
    for response in _each_operation(client, order_path(order), another):
        assert order["note"] not in response.text
        problem = expect_problem(response, 404, "order_not_found")
        missing = client.get(f"{ORDERS}/{MISSING_ID}", headers=another).json()
        assert problem["detail"] == missing["detail"]
    assert client.get(order_path(order)).json() == order


def test_another_s_orders_are_not_listed(
    client: httpx.Client, place_order: PlaceOrder, another: dict[str, str]
) -> None:
    place_order()
    assert expect_success(client.get(ORDERS, headers=another)).json()["items"] == []


def test_one_key_of_two_actors_makes_two_orders(
    client: httpx.Client, another: dict[str, str]
) -> None:
    key, body = {"Idempotency-Key": unique()}, order_body()
    mine = expect_success(client.post(ORDERS, json=body, headers=key), 201)
    theirs = expect_success(client.post(ORDERS, json=body, headers=key | another), 201)
    assert mine.json()["id"] != theirs.json()["id"]
    assert "Idempotency-Replayed" not in theirs.headers


def test_without_credentials_nothing_is_read_or_written(
    stranger: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    responses = [
        *_each_operation(stranger, order_path(order), {}),
        stranger.get(ORDERS),
        stranger.post(ORDERS, json=order_body()),
        stranger.post(ORDERS, json={"lines": "bad"}),
    ]
    for response in responses:
        expect_problem(response, 401, "unauthenticated")
        assert only(response, "WWW-Authenticate") == "Bearer"


@pytest.mark.parametrize(
    ("scope", "method"),
    [("orders:read", "POST"), ("orders:write", "GET"), ("orders:write", "HEAD")],
)
def test_what_a_token_is_not_for_is_forbidden(
    stranger: httpx.Client, scope: str, method: str
) -> None:
    tokens = become_somebody(stranger, scope=scope)
    assert tokens["scope"] == scope
    response = stranger.request(
        method, ORDERS, json=order_body() if method == "POST" else None, headers=bearer(tokens)
    )
    expect_problem(response, 403, "insufficient_scope")
    missing = "orders:write" if method == "POST" else "orders:read"
    challenge = only(response, "WWW-Authenticate")
    assert challenge == f'Bearer error="insufficient_scope", scope="{missing}"'


@pytest.mark.needs(admin=True)
def test_an_admin_sees_and_changes_everybody_s(
    stranger: httpx.Client, place_order: PlaceOrder, admin: dict[str, str]
) -> None:
    order = place_order()
    found = stranger.get(order_path(order), headers=admin)
    assert expect_success(found).json() == order
    newest = stranger.get(ORDERS, params={"limit": 1}, headers=admin).json()["items"]
    assert [listed["id"] for listed in newest] == [order["id"]]
    headers = {**admin, "If-Match": etag(order)}
    cancelled = stranger.post(f"{order_path(order)}/cancel", headers=headers)
    assert expect_success(cancelled).json()["status"] == "cancelled"


@pytest.fixture
def admin(pytestconfig: pytest.Config, stranger: httpx.Client) -> dict[str, str]:
    username, _, password = pytestconfig.getoption("--admin").partition(":")
    tokens = log_in(stranger, username, password)
    assert "admin" in tokens["scope"].split()
    return bearer(tokens)
