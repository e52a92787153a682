"""Keyset pagination: newest first, a cursor that holds still while orders come in."""

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from .orders import ORDERS, STATUSES, PlaceOrder, expect_order_shape, order_path
from .responses import expect_invalid, expect_success

pytestmark = pytest.mark.needs(example=True)

BAD_LIMITS = [
    "0",
    "-1",
    "101",
    "abc",
    "",
    " ",
    "1.5",
    "1e1",
    "null",
    "NaN",
    "9" * 5_000,
    "0x1",
    "5.0",
    "1_0",
    "+5",
    "\n5",
    " 5",
    "5\n",
    "\u0665",
]
BAD_CURSORS: list[str] = [
    "",
    " ",
    "abc",
    "!!!",
    "null",
    "0",
    "\x00",
    "é",
    "=" * 8,
    "A" * 22,
    "A" * 5_000,
    base64.urlsafe_b64encode(b'{"id": 1}').decode(),
    base64.urlsafe_b64encode(b"[" * 2_000).decode(),
    base64.urlsafe_b64encode(b"\x00" * 24).decode(),
    base64.urlsafe_b64encode(b"\xff" * 24).decode(),
    base64.urlsafe_b64encode(b"9999-99-99T99:99:99Z|x").decode(),
]


def _page(client: httpx.Client, **params: Any) -> dict[str, Any]:
    page = expect_success(client.get(ORDERS, params=params)).json()
    assert isinstance(page, dict)
    assert set(page) == {"items", "next_cursor"}
    assert page["next_cursor"] is None or isinstance(page["next_cursor"], str)
    for order in page["items"]:
        expect_order_shape(order)
    return page


def _pages(client: httpx.Client, **params: Any) -> Iterator[dict[str, Any]]:
    page = _page(client, **params)
    yield page
    while page["next_cursor"] is not None:
        page = _page(client, **params, cursor=page["next_cursor"])
        yield page


@pytest.fixture
def placed(place_order: PlaceOrder) -> list[dict[str, Any]]:
    """Five orders, newest first."""
    return [place_order(note=f"page {n}") for n in range(5)][::-1]


def test_the_newest_order_comes_first(client: httpx.Client, placed: list[dict[str, Any]]) -> None:
    ids = [order["id"] for order in _page(client, limit=100)["items"]]
    ours = [order["id"] for order in placed]
    assert [order_id for order_id in ids if order_id in ours] == ours


def test_a_listed_order_looks_as_when_read(
    client: httpx.Client, placed: list[dict[str, Any]]
) -> None:
    listed = {order["id"]: order for order in _page(client, limit=100)["items"]}
    for order in placed:
        assert listed[order["id"]] == order == client.get(order_path(order)).json()


def test_a_page_holds_twenty_orders_unless_told(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    for _ in range(21):
        place_order()
    page = _page(client)
    assert len(page["items"]) == 20
    assert page["next_cursor"] is not None


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_a_page_holds_as_many_orders_as_asked(
    client: httpx.Client, placed: list[dict[str, Any]], limit: int
) -> None:
    assert len(_page(client, limit=limit)["items"]) == min(limit, len(placed))


def test_a_limit_of_a_hundred_is_taken(client: httpx.Client) -> None:
    assert len(_page(client, limit=100)["items"]) <= 100


def test_walking_shows_every_order_once(client: httpx.Client, placed: list[dict[str, Any]]) -> None:
    pages = list(_pages(client, limit=100))
    items = [order for page in pages for order in page["items"]]
    ids = [order["id"] for order in items]
    assert len(ids) == len(set(ids))
    assert {order["id"] for order in placed} <= set(ids)
    created = [order["created_at"].rstrip("Z") for order in items]
    assert created == sorted(created, reverse=True)
    assert pages[-1]["next_cursor"] is None


def test_a_walk_is_not_disturbed_by_new_orders(
    client: httpx.Client, placed: list[dict[str, Any]], place_order: PlaceOrder
) -> None:
    wanted = {order["id"] for order in placed}
    seen: list[str] = []
    new: set[str] = set()
    for page in _pages(client, limit=2):
        seen += [order["id"] for order in page["items"]]
        new.add(place_order(note="meanwhile")["id"])
        if wanted <= set(seen):
            break
    assert wanted <= set(seen)
    assert len(seen) == len(set(seen))
    assert not new & set(seen)


def test_a_cursor_gives_the_same_page_again(
    client: httpx.Client, placed: list[dict[str, Any]], place_order: PlaceOrder
) -> None:
    cursor = _page(client, limit=2)["next_cursor"]
    before = _page(client, limit=2, cursor=cursor)
    place_order(note="meanwhile")
    assert _page(client, limit=2, cursor=cursor) == before


def test_a_cursor_travels_in_a_url_as_it_is(
    client: httpx.Client, placed: list[dict[str, Any]]
) -> None:
    cursor = _page(client, limit=2)["next_cursor"]
    assert str(httpx.URL("http://x/", params={"cursor": cursor}).query, "ascii") in {
        f"cursor={cursor}",
        f"cursor={cursor}".replace("=", "%3D").replace("cursor%3D", "cursor=", 1),
    }
    assert cursor.replace("-", "").replace("_", "").rstrip("=").isalnum()


def test_the_page_size_may_change_on_the_way(
    client: httpx.Client, placed: list[dict[str, Any]]
) -> None:
    first = _page(client, limit=1)
    rest = _page(client, limit=4, cursor=first["next_cursor"])
    ids = [order["id"] for order in first["items"] + rest["items"]]
    assert ids == [order["id"] for order in _page(client, limit=5)["items"]]


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_filter_shows_one_status(
    client: httpx.Client, place_order: PlaceOrder, status: str
) -> None:
    if status == "cancelled":
        wanted = client.post(order_path(place_order()) + "/cancel").json()
    else:
        wanted = place_order(status=status)
    items = _page(client, status=status, limit=100)["items"]
    assert {order["status"] for order in items} == {status}
    assert wanted["id"] in {order["id"] for order in items}


def test_a_filtered_list_is_walked_too(client: httpx.Client, place_order: PlaceOrder) -> None:
    wanted = [place_order(status=status)["id"] for status in ("declined", "confirmed") * 3]
    seen: list[dict[str, Any]] = []
    for page in _pages(client, status="declined", limit=1):
        seen += page["items"]
        if len(seen) >= 3:
            break
    assert {order["status"] for order in seen} == {"declined"}
    assert set(wanted[::2]) <= {order["id"] for order in seen}


@pytest.mark.parametrize("limit", BAD_LIMITS)
def test_a_bad_limit_is_refused(client: httpx.Client, limit: str) -> None:
    expect_invalid(client.get(ORDERS, params={"limit": limit}), "query", "/limit")


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_bad_cursor_is_refused(client: httpx.Client, cursor: str) -> None:
    expect_invalid(client.get(ORDERS, params={"cursor": cursor}), "query", "/cursor")


@pytest.mark.parametrize("mangled", ["%ff%fe", "%", "%zz", "a%00b"])
def test_a_cursor_in_bad_encoding_is_refused(client: httpx.Client, mangled: str) -> None:
    url = f"{str(client.base_url).rstrip('/')}{ORDERS}?cursor={mangled}"
    expect_invalid(client.get(url), "query", "/cursor")


def test_a_cut_off_cursor_is_refused(client: httpx.Client, placed: list[dict[str, Any]]) -> None:
    cursor = _page(client, limit=1)["next_cursor"]
    for cut in (cursor[: len(cursor) // 2], cursor[1:], cursor + "AAAA"):
        expect_invalid(client.get(ORDERS, params={"cursor": cut}), "query", "/cursor")


@pytest.mark.parametrize("status", ["", "PENDING", "unknown", "pending,confirmed", "\x00", "1"])
def test_a_bad_status_is_refused(client: httpx.Client, status: str) -> None:
    expect_invalid(client.get(ORDERS, params={"status": status}), "query", "/status")


def test_parameters_that_nobody_knows_are_ignored(client: httpx.Client) -> None:
    _page(client, offset=5, page=2, sort="id", limit=1)
