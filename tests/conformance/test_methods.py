"""HEAD answers as GET, other methods get 405 with Allow, trailing slashes are not found."""

import re
from typing import Any

import httpx
import pytest

from .orders import MISSING_ID, ORDERS, PlaceOrder, order_path
from .responses import expect_problem, only

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
UNDOCUMENTED = {"/openapi.json": {"GET", "HEAD"}, "/docs": {"GET", "HEAD"}}
VOLATILE = {"date", "x-request-id", "ratelimit"}


def _paths(document: dict[str, Any]) -> dict[str, set[str]]:
    """Each path with a made-up id in place of its parameters, and the methods it has."""
    paths = dict(UNDOCUMENTED)
    for template, operations in document["paths"].items():
        methods = {name.upper() for name in operations if name.upper() in METHODS}
        with_head = methods | ({"HEAD"} if "GET" in methods else set())
        paths[re.sub(r"{[^}]*}", MISSING_ID, template)] = with_head
    return paths


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_a_path_does_not_have_is_refused(
    client: httpx.Client, document: dict[str, Any], method: str
) -> None:
    for path, allowed in _paths(document).items():
        if method not in allowed:
            response = client.request(method, path)
            expect_problem(response, 405, "method_not_allowed")
            assert set(re.split(r"\s*,\s*", only(response, "Allow"))) == allowed, path


def test_a_trailing_slash_is_not_found(client: httpx.Client, document: dict[str, Any]) -> None:
    for path, allowed in _paths(document).items():
        for method in {"GET", *allowed}:
            response = client.request(method, path + "/")
            expect_problem(response, 404, "not_found")
            assert "Location" not in response.headers


def _expect_the_same_head(client: httpx.Client, path: str) -> None:
    full, head = client.get(path), client.head(path)
    assert head.status_code == full.status_code
    assert head.content == b""
    assert _stable_headers(head) == _stable_headers(full)


def _stable_headers(response: httpx.Response) -> list[tuple[str, str]]:
    headers = response.headers.multi_items()
    return sorted((name, value) for name, value in headers if name not in VOLATILE)


@pytest.mark.parametrize("path", ["/health", "/ready", "/openapi.json", "/docs", "/nope"])
def test_head_answers_as_get_without_a_body(client: httpx.Client, path: str) -> None:
    _expect_the_same_head(client, path)


@pytest.mark.needs(example=True)
@pytest.mark.parametrize(
    "path",
    [f"{ORDERS}?status=cancelled&limit=1", f"{ORDERS}?limit=0", f"{ORDERS}/{MISSING_ID}"],
)
def test_head_answers_as_get_for_orders(client: httpx.Client, path: str) -> None:
    _expect_the_same_head(client, path)


@pytest.mark.needs(example=True)
def test_head_of_an_order_has_its_etag(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    _expect_the_same_head(client, order_path(order))
    _expect_the_same_head(client, order_path(order) + "/status")
    assert only(client.head(order_path(order)), "ETag") == f'"{order["version"]}"'


@pytest.mark.needs(example=True)
def test_a_method_override_is_not_obeyed(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    headers = {"X-HTTP-Method-Override": "PATCH", "If-Match": "*"}
    response = client.post(order_path(order), json={"note": "sneaked in"}, headers=headers)
    expect_problem(response, 405, "method_not_allowed")
