"""Idempotency-Key on POST /orders: one order, however often the request arrives."""

from typing import Any

import httpx
import pytest

from .concurrency import at_once
from .orders import ORDERS, expect_order, order_body, order_path, unique
from .responses import expect_invalid, expect_problem, expect_success, only

pytestmark = pytest.mark.needs(example=True)

REPLAYED = "Idempotency-Replayed"
GOOD_KEYS = [
    "k",
    "x" * 255,
    "!\"#$%&'()*+-./:;<=>?@[\\]^_`{|}~",
    "8e03978e-40d5-43e8-bc93-6894a57f9324",
]
BAD_KEYS = [
    b"",
    b"a b",
    b"a\tb",
    b"a,b",
    b"x" * 256,
    b"x" * 5_000,
    "ключ".encode(),
    "é".encode("latin-1"),
    b"\xff",
]


def _post(client: httpx.Client, key: str, body: Any, **params: str) -> httpx.Response:
    return client.post(ORDERS, json=body, headers={"Idempotency-Key": key}, params=params)


def _orders_noted(client: httpx.Client, note: str) -> list[dict[str, Any]]:
    items = expect_success(client.get(ORDERS, params={"limit": 100})).json()["items"]
    return [order for order in items if order["note"] == note]


def test_the_first_request_is_no_replay(client: httpx.Client) -> None:
    response = expect_success(_post(client, unique(), order_body()), 201)
    assert REPLAYED not in response.headers


@pytest.mark.parametrize("status", ["confirmed", "declined", "pending"])
def test_a_repeated_request_gets_the_first_response(client: httpx.Client, status: str) -> None:
    key, body = unique(), order_body(status=status, note=unique())
    first = expect_success(_post(client, key, body), 201)
    again = expect_success(_post(client, key, body), 201)
    assert again.content == first.content
    assert only(again, REPLAYED) == "true"
    assert only(again, "Location") == only(first, "Location")
    assert only(again, "ETag") == only(first, "ETag")
    assert len(_orders_noted(client, body["note"])) == 1


def test_a_replay_has_a_request_id_of_its_own(client: httpx.Client) -> None:
    key, body = unique(), order_body()
    ids = {only(_post(client, key, body), "X-Request-ID") for _ in range(3)}
    assert len(ids) == 3


def test_a_replay_shows_the_order_as_it_was(client: httpx.Client) -> None:
    key, body = unique(), order_body(status="pending")
    first = _post(client, key, body)
    expect_success(client.post(order_path(expect_order(first)) + "/cancel"))
    again = expect_success(_post(client, key, body), 201)
    assert again.content == first.content
    assert again.json()["status"] == "pending"


def test_a_key_is_bound_to_its_body(client: httpx.Client) -> None:
    key, note = unique(), unique()
    expect_success(_post(client, key, order_body(note=note)), 201)
    refused = _post(client, key, order_body(note=note + "!"))
    expect_problem(refused, 422, "idempotency_key_reused")
    assert REPLAYED not in refused.headers
    assert _orders_noted(client, note + "!") == []


def test_keys_differ_by_case(client: httpx.Client) -> None:
    key = unique("key")
    expect_success(_post(client, key, order_body(note="lower")), 201)
    expect_success(_post(client, key.upper(), order_body(note="upper")), 201)


def test_different_keys_make_different_orders(client: httpx.Client) -> None:
    body = order_body()
    first, second = _post(client, unique(), body), _post(client, unique(), body)
    assert expect_order(first)["id"] != expect_order(second)["id"]


@pytest.mark.parametrize("key", GOOD_KEYS)
def test_a_key_is_any_printable_ascii_but_a_comma(client: httpx.Client, key: str) -> None:
    fresh = unique() + key[len(unique()) :] if len(key) > 200 else key + unique()
    expect_success(_post(client, fresh, order_body()), 201)


def test_a_key_of_one_character_is_taken(client: httpx.Client) -> None:
    # Whether it is new depends on earlier runs against the same database; the syntax is good.
    response = _post(client, "k", order_body(note="always the same"))
    expect_success(response, 201)


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_malformed_key_is_refused(client: httpx.Client, key: bytes) -> None:
    response = client.post(ORDERS, json=order_body(), headers=[(b"Idempotency-Key", key)])
    problem = expect_problem(response, 422, "validation_failed")
    (error,) = problem["errors"]
    assert error["in"] == "header"
    assert error["pointer"].lower() == "/idempotency-key"


def test_two_keys_are_refused(client: httpx.Client) -> None:
    # Some servers join them by a comma, which no key has.
    headers = [("Idempotency-Key", unique()), ("Idempotency-Key", unique())]
    response = client.post(ORDERS, json=order_body(), headers=headers)
    expect_invalid(response, "header", "/Idempotency-Key")


@pytest.mark.parametrize("mode", ["commit", "dry_run"])
def test_an_invalid_request_does_not_use_up_its_key(client: httpx.Client, mode: str) -> None:
    key = unique()
    expect_invalid(_post(client, key, {"lines": []}, mode=mode), "body", "/lines")
    response = expect_success(_post(client, key, order_body()), 201)
    assert REPLAYED not in response.headers


def test_a_refused_order_does_not_use_up_its_key(client: httpx.Client) -> None:
    key = unique()
    mixed = {"lines": [*order_body()["lines"], *order_body()["lines"]]}
    mixed["lines"][1] = {**mixed["lines"][1], "unit_price": {"amount": "1", "currency": "USD"}}
    expect_problem(_post(client, key, mixed), 422, "mixed_currencies")
    expect_success(_post(client, key, order_body()), 201)


def test_twenty_concurrent_requests_make_one_order(client: httpx.Client) -> None:
    key, note = unique(), unique()
    answers = at_once(20, lambda _: _post(client, key, order_body(note=note)))
    placed = [answer for answer in answers if answer.status_code == 201]
    for answer in placed:
        expect_success(answer, 201)
    for answer in answers:
        if answer not in placed:
            expect_problem(answer, 409, "idempotency_in_flight")
    assert len({answer.content for answer in placed}) == 1
    assert len([answer for answer in placed if REPLAYED not in answer.headers]) == 1
    assert len(_orders_noted(client, note)) == 1


def test_concurrent_requests_with_other_bodies_make_one_order(client: httpx.Client) -> None:
    key, notes = unique(), [unique(), unique()]
    answers = at_once(10, lambda n: _post(client, key, order_body(note=notes[n % 2])))
    refusals = {409: "idempotency_in_flight", 422: "idempotency_key_reused"}
    for answer in answers:
        if answer.status_code != 201:
            expect_problem(answer, answer.status_code, refusals[answer.status_code])
    placed = {answer.content for answer in answers if answer.status_code == 201}
    assert len(placed) == 1
    assert len([order for note in notes for order in _orders_noted(client, note)]) == 1


def test_concurrent_requests_without_a_key_are_all_served(client: httpx.Client) -> None:
    note = unique()
    answers = at_once(20, lambda _: client.post(ORDERS, json=order_body(note=note)))
    assert {answer.status_code for answer in answers} == {201}
    assert len(_orders_noted(client, note)) == 20
