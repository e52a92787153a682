"""Errors are problem+json, whoever raises them."""

from typing import Any

import httpx
import pytest

from .orders import MISSING_ID, ORDERS, line
from .responses import expect_invalid, expect_problem

UNKNOWN_PATHS = [
    "/",
    "/nope",
    "/api",
    "/api/v1",
    "/api/v1/nope",
    "/api/v2/orders",
    "//health",
    "/health//",
    "/HEALTH",
    "/%00",
    "/%ff%fe",
    "/%E2%82%AC",
    "/..%2f..%2fetc%2fpasswd",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_an_unknown_path_is_not_found(client: httpx.Client, path: str) -> None:
    url = str(client.base_url).rstrip("/") + path
    expect_problem(client.get(url), 404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_an_unknown_path_is_not_found_by_any_method(client: httpx.Client, method: str) -> None:
    expect_problem(client.request(method, "/api/v1/nope"), 404, "not_found")


def test_a_problem_names_the_path_without_the_query(client: httpx.Client) -> None:
    problem = expect_problem(client.get("/nope?secret=1"), 404, "not_found")
    assert problem["instance"] == "/nope"


def test_a_problem_ignores_the_media_types_that_a_client_accepts(client: httpx.Client) -> None:
    response = client.get("/nope", headers={"Accept": "text/html"})
    expect_problem(response, 404, "not_found")


@pytest.mark.needs(example=True)
def test_a_missing_order_is_told_apart_from_a_missing_path(client: httpx.Client) -> None:
    expect_problem(client.get(f"{ORDERS}/{MISSING_ID}"), 404, "order_not_found")


@pytest.mark.needs(example=True)
def test_every_bad_value_of_a_body_is_reported_at_once(client: httpx.Client) -> None:
    body = {"lines": [line(), line(quantity=0, sku="")], "note": 7}
    response = client.post(ORDERS, json=body)
    expect_invalid(response, "body", "/lines/1/quantity")
    expect_invalid(response, "body", "/lines/1/sku")
    expect_invalid(response, "body", "/note")


@pytest.mark.needs(example=True)
def test_what_is_wrong_is_told_by_its_place(client: httpx.Client) -> None:
    response = client.patch(
        f"{ORDERS}/some?mode=loud",
        headers={"If-Match": "last"},
        json={"lines": [line(quantity=0, sku="")], "note": 7, "colour": "red"},
    )
    assert places(response) == [
        ("path", "/order_id"),
        ("query", "/mode"),
        ("header", "/If-Match"),
        ("body", "/lines/0/sku"),
        ("body", "/lines/0/quantity"),
        ("body", "/note"),
        ("body", "/colour"),
    ]


@pytest.mark.needs(example=True)
def test_what_is_wrong_in_one_place_is_told_as_the_document_has_it(client: httpx.Client) -> None:
    response = client.get(f"{ORDERS}?cursor=!&limit=0&status=lost")
    assert places(response) == [("query", "/status"), ("query", "/limit"), ("query", "/cursor")]


@pytest.mark.needs(example=True)
def test_of_more_errors_than_are_told_those_of_the_body_are_left_out(client: httpx.Client) -> None:
    response = client.post(
        f"{ORDERS}?mode=loud",
        headers={"Idempotency-Key": "a key"},
        json={"lines": [line(quantity=0, sku="")] * 60},
    )
    told = places(response)
    assert len(told) == 100
    assert told[:3] == [
        ("query", "/mode"),
        ("header", "/Idempotency-Key"),
        ("body", "/lines/0/sku"),
    ]


@pytest.mark.needs(example=True)
def test_a_pointer_escapes_what_json_pointers_escape(client: httpx.Client) -> None:
    body: dict[str, Any] = {"lines": [line()], "a/b~c": 1}
    expect_invalid(client.post(ORDERS, json=body), "body", "/a~1b~0c")


@pytest.mark.needs(example=True)
def test_an_error_never_repeats_a_huge_input(client: httpx.Client) -> None:
    response = client.post(ORDERS, json={"lines": [line(sku="x" * 100_000)]})
    expect_invalid(response, "body", "/lines/0/sku")
    assert len(response.content) < 5_000


def places(response: httpx.Response) -> list[tuple[str, str]]:
    """Where the errors of a refused request are, in the order in which they are told."""
    problem = expect_problem(response, 422, "validation_failed")
    return [(error["in"], error["pointer"]) for error in problem["errors"]]
