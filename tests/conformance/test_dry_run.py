"""?mode=dry_run on a write: everything is checked, nothing is stored."""

from typing import Any

import httpx
import pytest

from .orders import (
    MISSING_ID,
    ORDERS,
    PlaceOrder,
    etag,
    expect_order,
    line,
    order_body,
    order_path,
    unique,
)
from .responses import expect_invalid, expect_problem, expect_success

pytestmark = pytest.mark.needs(example=True)

DRY_RUN = {"mode": "dry_run"}


def _place(client: httpx.Client, body: Any, **headers: str) -> httpx.Response:
    return client.post(ORDERS, json=body, params=DRY_RUN, headers=headers)


def _change(client: httpx.Client, order: dict[str, Any], **changes: Any) -> httpx.Response:
    headers = {"If-Match": etag(order)}
    return client.patch(order_path(order), json=changes, params=DRY_RUN, headers=headers)


def _cancel(client: httpx.Client, order: dict[str, Any], **headers: str) -> httpx.Response:
    return client.post(order_path(order) + "/cancel", params=DRY_RUN, headers=headers)


def test_a_dry_placement_shows_what_would_be(client: httpx.Client) -> None:
    note = unique()
    response = expect_success(_place(client, {"lines": [line(quantity=3)], "note": note}))
    order = expect_order(response)
    assert order["note"] == note
    assert order["total"] == {"amount": "30.00", "currency": "EUR"}
    assert order.get("confirmation_job") is None
    assert "ETag" not in response.headers
    assert "Location" not in response.headers


def test_a_dry_placement_stores_nothing(client: httpx.Client) -> None:
    before = client.get(ORDERS, params={"limit": 100}).json()["items"]
    dry = expect_order(expect_success(_place(client, order_body(note=unique()))))
    after = client.get(ORDERS, params={"limit": 100}).json()["items"]
    assert dry["note"] not in {order["note"] for order in after}
    assert [order["id"] for order in after] == [order["id"] for order in before]
    expect_problem(client.get(order_path(dry)), 404, "order_not_found")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-7", "hex", "nonsense"])
def test_a_dry_placement_is_one_whatever_its_charset(client: httpx.Client, charset: str) -> None:
    media_type = f"application/json;charset={charset}"
    response = expect_success(_place(client, order_body(), **{"Content-Type": media_type}))
    expect_problem(client.get(order_path(response.json())), 404, "order_not_found")


def test_a_dry_placement_does_not_use_up_a_key(client: httpx.Client) -> None:
    key = unique()
    expect_success(_place(client, order_body(note="dry"), **{"Idempotency-Key": key}))
    response = client.post(ORDERS, json=order_body(note="wet"), headers={"Idempotency-Key": key})
    assert expect_order(expect_success(response, 201))["note"] == "wet"
    assert "Idempotency-Replayed" not in response.headers


def test_a_dry_placement_ignores_a_used_key(client: httpx.Client) -> None:
    headers = {"Idempotency-Key": unique()}
    expect_success(client.post(ORDERS, json=order_body(note="wet"), headers=headers), 201)
    response = expect_success(_place(client, order_body(note="dry"), **headers))
    assert response.json()["note"] == "dry"
    assert "Idempotency-Replayed" not in response.headers


def test_a_dry_placement_is_validated(client: httpx.Client) -> None:
    expect_invalid(_place(client, {"lines": [line(quantity=0)]}), "body", "/lines/0/quantity")
    mixed = {"lines": [line(), line(currency="USD")]}
    expect_problem(_place(client, mixed), 422, "mixed_currencies")


def test_a_dry_change_shows_what_would_be_and_stores_nothing(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order(note="before")
    response = _change(client, order, note="after", lines=[line(amount="1.00")])
    changed = expect_order(expect_success(response))
    assert changed["id"] == order["id"]
    assert changed["note"] == "after"
    assert changed["total"]["amount"] == "1.00"
    assert "ETag" not in response.headers
    assert client.get(order_path(order)).json() == order


def test_a_dry_change_is_checked_like_a_real_one(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order, settled = place_order(), place_order(status="confirmed")
    stale = {**order, "version": 999}
    missing = {**order, "id": MISSING_ID}
    expect_invalid(_change(client, order, note=7), "body", "/note")
    unconditional = client.patch(order_path(order), json={"note": "x"}, params=DRY_RUN)
    expect_problem(unconditional, 428, "precondition_required")
    expect_problem(_change(client, missing, note="x"), 404, "order_not_found")
    expect_problem(_change(client, stale, note="x"), 412, "stale_version")
    expect_problem(_change(client, settled, note="x"), 409, "order_not_changeable")


def test_a_dry_cancellation_shows_what_would_be_and_stores_nothing(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    response = expect_success(_cancel(client, order))
    assert "ETag" not in response.headers
    cancelled = expect_order(response)
    assert (cancelled["id"], cancelled["status"]) == (order["id"], "cancelled")
    assert client.get(order_path(order)).json() == order


def test_a_dry_cancellation_is_checked_like_a_real_one(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order, settled = place_order(), place_order(status="confirmed")
    expect_problem(_cancel(client, {"id": MISSING_ID}), 404, "order_not_found")
    expect_problem(_cancel(client, order, **{"If-Match": '"999"'}), 412, "stale_version")
    expect_problem(_cancel(client, settled), 409, "order_not_cancellable")


def test_to_commit_is_what_happens_anyway(client: httpx.Client) -> None:
    response = client.post(ORDERS, json=order_body(status="pending"), params={"mode": "commit"})
    order = expect_order(expect_success(response, 201))
    assert client.get(order_path(order)).json() == order


@pytest.mark.parametrize("mode", ["", "dry", "DRY_RUN", "dry-run", "true", "1", "\x00"])
def test_another_mode_is_refused(client: httpx.Client, place_order: PlaceOrder, mode: str) -> None:
    order = place_order()
    params, headers = {"mode": mode}, {"If-Match": etag(order)}
    path = order_path(order)
    expect_invalid(client.post(ORDERS, json=order_body(), params=params), "query", "/mode")
    changed = client.patch(path, json={"note": "x"}, params=params, headers=headers)
    expect_invalid(changed, "query", "/mode")
    expect_invalid(client.post(path + "/cancel", params=params), "query", "/mode")
    assert client.get(path).json() == order
