"""Optimistic concurrency: ETag on an order, If-Match on a change."""

from typing import Any

import httpx
import pytest

from .concurrency import at_once
from .orders import MISSING_ID, ORDERS, PlaceOrder, etag, expect_order, order_path, unique
from .responses import expect_problem, expect_success, only

pytestmark = pytest.mark.needs(example=True)

STALE = [
    '"0"',
    '"999"',
    '"01"',
    '""',
    '"abc"',
    '"' + "9" * 5_000 + '"',
    '"0", "999"',
    '"0","999"',
    'W/"0"',
    'W/"abc", "0"',
    '"\x21\x23~"',
]
MALFORMED: list[bytes] = [
    b"1",
    b"abc",
    b"'1'",
    b'"1',
    b'1"',
    b"W/1",
    b'w/"1"',
    b'W"1"',
    b'"1" "2"',
    b'*, "1"',
    b'"1", *',
    b"**",
    b'"1"; q=1',
    b'{"version": 1}',
]


def _change(
    client: httpx.Client, path: str, if_match: str | bytes | None, body: Any = None
) -> httpx.Response:
    headers = {} if if_match is None else {b"If-Match": _encoded(if_match)}
    return client.patch(path, json=body or {"note": unique()}, headers=headers)


def _cancel(client: httpx.Client, path: str, if_match: str | bytes) -> httpx.Response:
    return client.post(path + "/cancel", headers={b"If-Match": _encoded(if_match)})


def _encoded(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def test_each_change_needs_the_etag_of_the_one_before(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    path, tag = order_path(order), etag(order)
    for step in range(1, 4):
        response = expect_success(_change(client, path, tag))
        assert response.json()["version"] == order["version"] + step
        assert only(response, "ETag") == etag(response.json())
        expect_problem(_change(client, path, tag), 412, "stale_version")
        tag = only(client.get(path), "ETag")


def test_a_change_without_a_precondition_is_refused(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    response = _change(client, order_path(order), None)
    expect_problem(response, 428, "precondition_required")
    assert client.get(order_path(order)).json() == order


@pytest.mark.parametrize("pattern", ["*", "{}", '"0", {}', '{},"0"', 'W/"0", {}, "abc"'])
def test_a_precondition_that_holds_lets_a_change_through(
    client: httpx.Client, place_order: PlaceOrder, pattern: str
) -> None:
    order = place_order()
    expect_success(_change(client, order_path(order), pattern.format(etag(order))))


@pytest.mark.parametrize("if_match", STALE)
def test_a_stale_tag_stops_a_change(
    client: httpx.Client, place_order: PlaceOrder, if_match: str
) -> None:
    order = place_order()
    expect_problem(_change(client, order_path(order), if_match), 412, "stale_version")
    expect_problem(_cancel(client, order_path(order), if_match), 412, "stale_version")
    assert client.get(order_path(order)).json() == order


def test_a_weak_tag_never_matches(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    weak = "W/" + etag(order)
    expect_problem(_change(client, order_path(order), weak), 412, "stale_version")
    expect_problem(_cancel(client, order_path(order), weak), 412, "stale_version")


@pytest.mark.parametrize("if_match", MALFORMED)
def test_a_malformed_tag_is_refused(client: httpx.Client, if_match: bytes) -> None:
    path = f"{ORDERS}/{MISSING_ID}"
    for response in (_change(client, path, if_match), _cancel(client, path, if_match)):
        problem = expect_problem(response, 422, "validation_failed")
        (error,) = problem["errors"]
        assert error["in"] == "header"
        assert error["pointer"].lower() == "/if-match"


def test_a_tag_given_in_two_header_lines_is_a_list(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    headers = [("If-Match", '"0"'), ("If-Match", etag(order))]
    expect_success(client.patch(order_path(order), json={"note": "two"}, headers=headers))


@pytest.mark.parametrize(
    ("first", "second"), [('"1"', "1"), ('"1"', "*"), ("*", '"1"'), ('"1"', "")]
)
def test_a_malformed_tag_is_refused_in_a_second_line_too(
    client: httpx.Client, first: str, second: str
) -> None:
    headers = [("If-Match", first), ("If-Match", second)]
    path = f"{ORDERS}/{MISSING_ID}"
    for response in (
        client.patch(path, json={"note": "two"}, headers=headers),
        client.post(path + "/cancel", headers=headers),
    ):
        expect_problem(response, 422, "validation_failed")


def test_a_cancellation_may_have_a_precondition(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    for pattern in ("*", "{}", '"0", {}'):
        order = place_order()
        response = _cancel(client, order_path(order), pattern.format(etag(order)))
        assert expect_order(expect_success(response))["status"] == "cancelled"


def test_bad_syntax_is_noticed_before_a_missing_precondition(client: httpx.Client) -> None:
    path = f"{ORDERS}/{MISSING_ID}"
    expect_problem(_change(client, path, None, {"note": 7}), 422, "validation_failed")
    expect_problem(_change(client, f"{ORDERS}/abc", None), 422, "validation_failed")


def test_a_missing_precondition_is_noticed_before_a_missing_order(client: httpx.Client) -> None:
    path = f"{ORDERS}/{MISSING_ID}"
    expect_problem(_change(client, path, None), 428, "precondition_required")


@pytest.mark.parametrize("if_match", ['"1"', "*", 'W/"1"'])
def test_a_missing_order_is_noticed_before_a_stale_tag(client: httpx.Client, if_match: str) -> None:
    path = f"{ORDERS}/{MISSING_ID}"
    expect_problem(_change(client, path, if_match), 404, "order_not_found")
    expect_problem(_cancel(client, path, if_match), 404, "order_not_found")


def test_a_stale_tag_is_noticed_before_a_conflict(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order(status="confirmed")
    path = order_path(order)
    expect_problem(_change(client, path, '"0"'), 412, "stale_version")
    expect_problem(_cancel(client, path, '"0"'), 412, "stale_version")
    expect_problem(_change(client, path, etag(order)), 409, "order_not_changeable")
    expect_problem(_cancel(client, path, etag(order)), 409, "order_not_cancellable")


def test_of_ten_concurrent_changes_one_wins(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    path, tag = order_path(order), etag(order)
    answers = at_once(10, lambda n: _change(client, path, tag, {"note": f"change {n}"}))
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    for answer in answers:
        if answer not in winners:
            expect_problem(answer, 412, "stale_version")
    assert client.get(path).json() == expect_success(winners[0]).json()


def test_of_ten_concurrent_cancellations_one_wins(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    path = order_path(place_order())
    answers = at_once(10, lambda _: client.post(path + "/cancel"))
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    for answer in answers:
        if answer not in winners:
            expect_problem(answer, 409, "order_not_cancellable")
