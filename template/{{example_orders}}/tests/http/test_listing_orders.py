from typing import Any

import httpx2
import pytest

from tests.http.expectations import expect_invalid
from tests.http.orders import CONFIRMED, DECLINED, ORDERS, PENDING, path_of, place


async def listed(client: httpx2.AsyncClient, **query: object) -> dict[str, Any]:
    response = await client.get(ORDERS, params={key: str(value) for key, value in query.items()})
    assert response.status_code == 200, response.text
    page = response.json()
    assert set(page) == {"items", "next_cursor"}
    return dict(page)


async def walk(client: httpx2.AsyncClient, limit: int, **query: object) -> list[list[str]]:
    """Follow the cursors to the end; return the ids on each page."""
    page = await listed(client, limit=limit, **query)
    pages = [[order["id"] for order in page["items"]]]
    while page["next_cursor"] is not None:
        page = await listed(client, limit=limit, cursor=page["next_cursor"], **query)
        pages.append([order["id"] for order in page["items"]])
        assert len(pages) < 10, "the cursors go in circles"
    return pages


async def test_without_orders_the_list_is_empty(client: httpx2.AsyncClient) -> None:
    assert await listed(client) == {"items": [], "next_cursor": None}


async def test_orders_come_newest_first_and_whole(client: httpx2.AsyncClient) -> None:
    orders = [await place(client) for _ in range(3)]
    assert (await listed(client))["items"] == orders[::-1]


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 5), (2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (100, [5])])
async def test_a_walk_meets_every_order_once(client: httpx2.AsyncClient, limit: int, sizes: list[int]) -> None:
    placed = [(await place(client))["id"] for _ in range(5)]
    pages = await walk(client, limit)
    assert [len(page) for page in pages] == sizes
    assert [order for page in pages for order in page] == placed[::-1]


async def test_twenty_are_a_page_unless_told_otherwise(client: httpx2.AsyncClient) -> None:
    for _ in range(21):
        await place(client)
    page = await listed(client)
    assert len(page["items"]) == 20
    assert page["next_cursor"] is not None


async def test_orders_placed_during_a_walk_do_not_disturb_it(client: httpx2.AsyncClient) -> None:
    placed = [(await place(client))["id"] for _ in range(3)]
    first = await listed(client, limit=2)
    await place(client)
    second = await listed(client, limit=2, cursor=first["next_cursor"])
    met = [order["id"] for order in first["items"] + second["items"]]
    assert met == placed[::-1]
    assert second["next_cursor"] is None


async def test_orders_are_found_by_their_status(client: httpx2.AsyncClient) -> None:
    for price in (PENDING, CONFIRMED, DECLINED):
        await place(client, price)
    cancelled = await place(client)
    await client.post(f"{path_of(cancelled)}/cancel")
    for status in ("pending", "confirmed", "declined", "cancelled"):
        page = await listed(client, status=status)
        assert [order["status"] for order in page["items"]] == [status]


async def test_a_walk_keeps_to_its_status(client: httpx2.AsyncClient) -> None:
    pending = []
    for _ in range(3):
        pending.append((await place(client))["id"])
        await place(client, CONFIRMED)
    assert await walk(client, 2, status="pending") == [pending[:0:-1], pending[:1]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "ten"),
        ("limit", ""),
        ("limit", "1.5"),
        ("limit", "9" * 5_000),
        ("status", "lost"),
        ("status", "Pending"),
        ("status", ""),
        ("cursor", ""),
        ("cursor", "a"),
        ("cursor", "a" * 30),
        ("cursor", "a" * 32),
        ("cursor", "!" * 31),
        ("cursor", "ä" * 31),
        ("cursor", "a" * 31 + "\n"),
    ],
    ids=lambda value: value if len(value) < 40 else "endless",
)
async def test_a_wrong_parameter_is_pointed_at(client: httpx2.AsyncClient, name: str, value: str) -> None:
    expect_invalid(await client.get(ORDERS, params={name: value}), ("query", f"/{name}"))


@pytest.mark.parametrize("letter", ["A", "_", "7"])
async def test_a_cursor_that_was_made_up_does_no_harm(client: httpx2.AsyncClient, letter: str) -> None:
    await place(client)
    page = await listed(client, cursor=letter * 31)
    assert len(page["items"]) <= 1


async def test_parameters_that_nobody_knows_are_ignored(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    assert (await listed(client, colour="blue"))["items"] == [order]
