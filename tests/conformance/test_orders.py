"""Placing, reading and cancelling orders; what a valid order is."""

from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from .answers import without
from .orders import (
    MISSING_ID,
    ORDERS,
    PlaceOrder,
    etag,
    expect_order,
    line,
    order_body,
    order_path,
    settled,
)
from .responses import expect_invalid, expect_problem, expect_success, only

pytestmark = pytest.mark.needs(example=True)

BAD_IDS = [
    "abc",
    "1",
    "-1",
    "null",
    "%00",
    "%20",
    "%ff",
    MISSING_ID[:-1],
    MISSING_ID + "0",
    MISSING_ID + "%0A",
    "%20" + MISSING_ID,
    MISSING_ID.replace("-", ""),
    "urn:uuid:" + MISSING_ID,
    "%7B" + MISSING_ID + "%7D",
    "g" + MISSING_ID[1:],
    "9" * 5_000,
    "%D9%A1" * 8,
]
BAD_AMOUNTS = [
    "",
    " ",
    " 1",
    "1 ",
    "1\n",
    "-1",
    "-0",
    "+1",
    "1.",
    ".5",
    "1.234",
    "1,50",
    "1e3",
    "1_000",
    "0x10",
    "NaN",
    "Infinity",
    "1" * 11,
    "\uff11\uff12",
    "\u0661",
    12.5,
    12,
]
BAD_CURRENCIES = [
    "",
    "EU",
    "EURO",
    "eur",
    "Eur",
    "€",
    "EUR\n",
    " EUR",
    "\uff25\uff35\uff32",
    "E1R",
    978,
]
BAD_SKUS = ["", " ", "a b", "a/b", "ä", "a\n", "a,b", "x" * 65, "\uff11", 5, "<script>"]
BAD_QUANTITIES = [0, -1, 1001, "3", "", "abc", 1.5]
BAD_NOTES = ["x" * 501, "a\x00b", "\x07", "a\x1bb", "a\rb", "\x7f", "\x9b31m", 7, True, [], {}]


def _post(client: httpx.Client, *lines: dict[str, Any], **members: Any) -> httpx.Response:
    return client.post(ORDERS, json={"lines": list(lines), **members})


def _placed(client: httpx.Client, *lines: dict[str, Any], **members: Any) -> dict[str, Any]:
    return expect_order(expect_success(_post(client, *lines, **members), 201))


# ------------------------------------------------------------------ placing


def test_a_placed_order_is_found_at_its_location(client: httpx.Client) -> None:
    response = client.post(ORDERS, json=order_body(status="pending", note="found"))
    order = expect_order(expect_success(response, 201))
    location = urljoin(str(response.request.url), only(response, "Location"))
    assert httpx.URL(location).path == order_path(order)
    assert expect_success(client.get(location)).json() == order


def test_the_location_does_not_trust_forwarded_names(client: httpx.Client) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    response = client.post(ORDERS, json=order_body(), headers=headers)
    assert "evil" not in only(expect_success(response, 201), "Location")


def test_a_placed_order_has_an_etag_of_its_version(client: httpx.Client) -> None:
    response = expect_success(client.post(ORDERS, json=order_body()), 201)
    assert only(response, "ETag") == etag(response.json())


@pytest.mark.needs(queue="none")
@pytest.mark.parametrize("status", ["confirmed", "declined", "pending"])
def test_the_gateway_decides_the_status_at_once(client: httpx.Client, status: str) -> None:
    response = expect_success(client.post(ORDERS, json=order_body(status=status)), 201)
    assert expect_order(response)["status"] == status


@pytest.mark.needs(queue=without("none"))
@pytest.mark.parametrize("status", ["confirmed", "declined"])
def test_the_gateway_decides_the_status_in_the_end(client: httpx.Client, status: str) -> None:
    response = expect_success(client.post(ORDERS, json=order_body(status=status)), 201)
    order = expect_order(response)
    assert order["status"] == "pending"
    decided = settled(client, order)
    assert decided["status"] == status
    assert decided["version"] == order["version"] + 1


@pytest.mark.needs(queue="none")
def test_without_a_queue_there_is_no_confirmation_job(place_order: PlaceOrder) -> None:
    assert "confirmation_job" not in place_order()


def test_an_order_keeps_its_lines_in_order(client: httpx.Client) -> None:
    lines = [line(sku=f"SKU_{n}.x-y", quantity=n + 1, amount="1.25") for n in range(5)]
    order = _placed(client, *lines, note="five")
    assert order["lines"] == lines
    assert order["note"] == "five"


def test_two_lines_may_have_the_same_sku(client: httpx.Client) -> None:
    assert len(_placed(client, line(), line())["lines"]) == 2


def test_placing_without_a_key_twice_makes_two_orders(place_order: PlaceOrder) -> None:
    assert place_order()["id"] != place_order()["id"]


@pytest.mark.parametrize(
    ("amount", "answered"),
    [
        ("0", "0.00"),
        ("0.00", "0.00"),
        ("12", "12.00"),
        ("12.5", "12.50"),
        ("007.5", "7.50"),
        ("0.1", "0.10"),
        ("9999999999.99", "9999999999.99"),
    ],
)
def test_an_amount_is_answered_with_two_decimals(
    client: httpx.Client, amount: str, answered: str
) -> None:
    order = _placed(client, line(amount=amount))
    assert order["lines"][0]["unit_price"] == {"amount": answered, "currency": "EUR"}
    assert order["total"] == {"amount": answered, "currency": "EUR"}


def test_a_total_is_summed_without_rounding(client: httpx.Client) -> None:
    order = _placed(client, line(amount="0.10", quantity=3), line(amount="0.21", quantity=7))
    assert order["total"] == {"amount": "1.77", "currency": "EUR"}


def test_the_largest_order_has_an_exact_total(client: httpx.Client) -> None:
    lines = [line(amount="9999999999.99", quantity=1000)] * 100
    order = _placed(client, *lines)
    assert order["total"]["amount"] == "999999999999000.00"
    read = expect_success(client.get(order_path(order))).json()
    assert read["total"] == order["total"]
    assert read["lines"] == order["lines"]


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "XXX"])
def test_a_currency_is_any_three_capitals(client: httpx.Client, currency: str) -> None:
    assert _placed(client, line(currency=currency))["total"]["currency"] == currency


def test_one_order_has_one_currency(client: httpx.Client) -> None:
    response = _post(client, line(currency="EUR"), line(currency="USD"))
    expect_problem(response, 422, "mixed_currencies")


@pytest.mark.parametrize(
    "note",
    [
        None,
        "x",
        "x" * 500,
        "🎉" * 500,
        "two\nlines\tand a tab",
        "'; DROP TABLE orders; --",
        "<script>alert(1)</script>",
        "\u202eright to left",
        "%s {} ${} {{ }}",
        "\\u0000 spelled out",
    ],
)
def test_a_note_comes_back_as_it_was_sent(client: httpx.Client, note: str | None) -> None:
    order = _placed(client, line(), note=note)
    assert expect_success(client.get(order_path(order))).json()["note"] == note


def test_a_note_may_be_left_out(client: httpx.Client) -> None:
    assert _placed(client, line())["note"] is None


def test_a_query_that_nobody_knows_is_ignored(client: httpx.Client) -> None:
    expect_success(client.post(ORDERS, json=order_body(), params={"unknown": "1"}), 201)


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize("sku", BAD_SKUS)
def test_a_bad_sku_is_refused(client: httpx.Client, sku: Any) -> None:
    expect_invalid(_post(client, line(sku=sku)), "body", "/lines/0/sku")


@pytest.mark.parametrize("sku", ["a", "A.b_c-9", "x" * 64, "-", "."])
def test_a_good_sku_is_taken(client: httpx.Client, sku: str) -> None:
    assert _placed(client, line(sku=sku))["lines"][0]["sku"] == sku


@pytest.mark.parametrize("quantity", BAD_QUANTITIES)
def test_a_bad_quantity_is_refused(client: httpx.Client, quantity: Any) -> None:
    expect_invalid(_post(client, line(quantity=quantity)), "body", "/lines/0/quantity")


@pytest.mark.parametrize("quantity", [1, 1000])
def test_a_quantity_at_a_bound_is_taken(client: httpx.Client, quantity: int) -> None:
    assert _placed(client, line(quantity=quantity))["lines"][0]["quantity"] == quantity


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_a_bad_amount_is_refused(client: httpx.Client, amount: Any) -> None:
    response = _post(client, line(), line(amount=amount))
    expect_invalid(response, "body", "/lines/1/unit_price/amount")


@pytest.mark.parametrize("currency", BAD_CURRENCIES)
def test_a_bad_currency_is_refused(client: httpx.Client, currency: Any) -> None:
    response = _post(client, line(currency=currency))
    expect_invalid(response, "body", "/lines/0/unit_price/currency")


@pytest.mark.parametrize("note", BAD_NOTES)
def test_a_bad_note_is_refused(client: httpx.Client, note: Any) -> None:
    expect_invalid(_post(client, line(), note=note), "body", "/note")


@pytest.mark.parametrize("lines", [None, [], {}, "a", 1, [line()] * 101])
def test_bad_lines_are_refused(client: httpx.Client, lines: Any) -> None:
    expect_invalid(client.post(ORDERS, json={"lines": lines}), "body", "/lines")


def test_a_hundred_lines_are_taken(client: httpx.Client) -> None:
    assert len(_placed(client, *[line()] * 100)["lines"]) == 100


@pytest.mark.parametrize("missing", ["sku", "quantity", "unit_price"])
def test_a_missing_member_is_named(client: httpx.Client, missing: str) -> None:
    incomplete = {name: value for name, value in line().items() if name != missing}
    expect_invalid(_post(client, incomplete), "body", f"/lines/0/{missing}")


def test_missing_lines_are_named(client: httpx.Client) -> None:
    expect_invalid(client.post(ORDERS, json={}), "body", "/lines")


@pytest.mark.parametrize("member", ["id", "status", "total", "version", "created_at", "Note"])
def test_an_unknown_member_is_refused(client: httpx.Client, member: str) -> None:
    expect_invalid(_post(client, line(), **{member: "x"}), "body", f"/{member}")


def test_an_unknown_member_deep_inside_is_refused(client: httpx.Client) -> None:
    expect_invalid(_post(client, {**line(), "vat": 1}), "body", "/lines/0/vat")
    priced = line()
    priced["unit_price"]["net"] = True
    expect_invalid(_post(client, priced), "body", "/lines/0/unit_price/net")


# ------------------------------------------------------------------ reading


def test_an_order_is_read_as_it_was_placed(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    response = expect_success(client.get(order_path(order)))
    assert expect_order(response) == order
    assert only(response, "ETag") == etag(order)


def test_an_id_is_understood_in_upper_case(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    response = client.get(f"{ORDERS}/{order['id'].upper()}")
    assert expect_success(response).json() == order


@pytest.mark.parametrize("order_id", BAD_IDS)
def test_a_malformed_id_is_refused(client: httpx.Client, order_id: str) -> None:
    pointers = {
        error["pointer"]
        for path in (f"{ORDERS}/{order_id}", f"{ORDERS}/{order_id}/status")
        for error in expect_problem(client.get(path), 422, "validation_failed")["errors"]
        if error["in"] == "path"
    }
    assert len(pointers) == 1


@pytest.mark.parametrize(
    "order_id",
    [MISSING_ID, "00000000-0000-0000-0000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479"],
)
def test_an_id_of_no_order_is_not_found(client: httpx.Client, order_id: str) -> None:
    expect_problem(client.get(f"{ORDERS}/{order_id}"), 404, "order_not_found")
    expect_problem(client.post(f"{ORDERS}/{order_id}/cancel"), 404, "order_not_found")


# ------------------------------------------------------------------ cancelling


def test_a_pending_order_is_cancelled(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    response = expect_success(client.post(order_path(order) + "/cancel"))
    cancelled = expect_order(response)
    assert cancelled["status"] == "cancelled"
    assert cancelled["version"] == order["version"] + 1
    assert only(response, "ETag") == etag(cancelled)
    assert expect_success(client.get(order_path(order))).json() == cancelled


def test_a_confirmed_order_is_not_cancelled(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order(status="confirmed")
    response = client.post(order_path(order) + "/cancel")
    expect_problem(response, 409, "order_not_cancellable")
    assert client.get(order_path(order)).json() == order


def test_an_order_is_cancelled_once(client: httpx.Client, place_order: PlaceOrder) -> None:
    path = order_path(place_order()) + "/cancel"
    expect_success(client.post(path))
    expect_problem(client.post(path), 409, "order_not_cancellable")


# ------------------------------------------------------------------ changing


def _change(client: httpx.Client, order: dict[str, Any], **changes: Any) -> httpx.Response:
    return client.patch(order_path(order), json=changes, headers={"If-Match": etag(order)})


def test_a_pending_order_gets_another_note(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order(note="before")
    changed = expect_order(expect_success(_change(client, order, note="after")))
    kept = {"id", "status", "lines", "total", "created_at"}
    assert {name: changed[name] for name in kept} == {name: order[name] for name in kept}
    assert changed["note"] == "after"
    assert changed["version"] == order["version"] + 1
    assert expect_success(client.get(order_path(order))).json() == changed


def test_null_clears_the_note(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order(note="before")
    assert expect_success(_change(client, order, note=None)).json()["note"] is None


def test_a_pending_order_gets_other_lines(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order(note="kept")
    lines = [line(sku="other", quantity=2, amount="3.50")]
    changed = expect_order(expect_success(_change(client, order, lines=lines)))
    assert changed["lines"] == lines
    assert changed["total"]["amount"] == "7.00"
    assert changed["note"] == "kept"
    assert changed["status"] == "pending"


def test_an_empty_change_changes_nothing(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    response = expect_success(_change(client, order))
    assert response.json() == order
    assert only(response, "ETag") == etag(order)


@pytest.mark.parametrize("status", ["confirmed", "declined"])
def test_a_settled_order_is_not_changed(
    client: httpx.Client, place_order: PlaceOrder, status: str
) -> None:
    order = place_order(status=status)
    expect_problem(_change(client, order, note="late"), 409, "order_not_changeable")
    assert client.get(order_path(order)).json() == order


def test_a_cancelled_order_is_not_changed(client: httpx.Client, place_order: PlaceOrder) -> None:
    cancelled = client.post(order_path(place_order()) + "/cancel").json()
    expect_problem(_change(client, cancelled, note="late"), 409, "order_not_changeable")


def test_a_change_can_not_mix_currencies(client: httpx.Client, place_order: PlaceOrder) -> None:
    order = place_order()
    response = _change(client, order, lines=[line(), line(currency="USD")])
    expect_problem(response, 422, "mixed_currencies")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"lines": None}, "/lines"),
        ({"lines": []}, "/lines"),
        ({"lines": [line(quantity=0)]}, "/lines/0/quantity"),
        ({"note": "x" * 501}, "/note"),
        ({"note": "a\x00"}, "/note"),
        ({"status": "confirmed"}, "/status"),
        ({"id": MISSING_ID}, "/id"),
        ({"version": 7}, "/version"),
    ],
)
def test_a_bad_change_is_refused(
    client: httpx.Client, place_order: PlaceOrder, change: dict[str, Any], pointer: str
) -> None:
    order = place_order()
    expect_invalid(_change(client, order, **change), "body", pointer)
    assert client.get(order_path(order)).json() == order
