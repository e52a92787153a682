from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from pydantic import SecretStr

from tests.http.expectations import Logs, Serve, expect_invalid, expect_problem
from tests.http.orders import CONFIRMED, DECLINED, ORDERS, PENDING, body, count, line


async def test_an_order_is_answered_with_all_that_there_is_to_it(client: httpx2.AsyncClient) -> None:
    lines = [line("1.5", sku="a", quantity=3), line("0", sku="b.C_d-1", quantity=1000)]
    response = await client.post(ORDERS, json={"lines": lines, "note": "Ring\n\ttwice"})
    order = response.json()
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json"
    assert UUID(order["id"]).version == 7
    assert order["lines"] == [line("1.50", sku="a", quantity=3), line("0.00", sku="b.C_d-1", quantity=1000)]
    assert order["total"] == {"amount": "4.50", "currency": "EUR"}
    assert order["note"] == "Ring\n\ttwice"
    assert set(order) == {
        "id", "status", "lines", "total", "note", "created_at", "updated_at", "version",
    }  # fmt: skip


async def test_an_order_says_where_it_is_and_which_version(client: httpx2.AsyncClient) -> None:
    response = await client.post(ORDERS, json=body())
    found = await client.get(response.headers["Location"])
    assert found.json() == response.json()
    assert found.headers["ETag"] == response.headers["ETag"]
    assert response.headers["ETag"] == f'"{response.json()["version"]}"'


async def test_its_times_are_the_present_in_utc(client: httpx2.AsyncClient) -> None:
    order = (await client.post(ORDERS, json=body(PENDING))).json()
    assert order["created_at"].endswith("Z")
    assert order["updated_at"] == order["created_at"]
    age = datetime.now(UTC) - datetime.fromisoformat(order["created_at"])
    assert timedelta() <= age < timedelta(minutes=1)


@pytest.mark.parametrize(("price", "status"), [(CONFIRMED, "confirmed"), (DECLINED, "declined"), (PENDING, "pending")])
async def test_an_order_becomes_what_its_payment_makes_of_it(
    client: httpx2.AsyncClient, price: str, status: str
) -> None:
    response = await client.post(ORDERS, json=body(price))
    assert response.status_code == 201
    assert response.json()["status"] == status
    assert (await client.get(response.headers["Location"])).json()["status"] == status


async def test_the_log_names_the_route_and_the_actor(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.post(ORDERS, json=body())
    assert logs.access_line["route"] == ORDERS
    assert logs.access_line["actor"] == "anonymous"
    assert logs.access_line["status"] == 201


async def test_a_hundred_lines_are_an_order(client: httpx2.AsyncClient) -> None:
    response = await client.post(ORDERS, json={"lines": [line("9999999999.99", quantity=1000)] * 100})
    assert response.status_code == 201
    assert response.json()["total"]["amount"] == "999999999999000.00"
    assert await count(client) == 1


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({}, "/lines"),
        ({"lines": None}, "/lines"),
        ({"lines": {}}, "/lines"),
        ({"lines": []}, "/lines"),
        ({"lines": [line()] * 101}, "/lines"),
        ({"lines": ["tea"]}, "/lines/0"),
        (body(colour="blue"), "/colour"),
        (body(status="confirmed"), "/status"),
        (body(note=1), "/note"),
        (body(note="x" * 501), "/note"),
        (body(note="a\0b"), "/note"),
        (body(note="a\x1bb"), "/note"),
        (body(note="a\rb"), "/note"),
        ({"lines": [line(colour="blue")]}, "/lines/0/colour"),
        ({"lines": [line(sku="")]}, "/lines/0/sku"),
        ({"lines": [line(sku="x" * 65)]}, "/lines/0/sku"),
        ({"lines": [line(sku="a b")]}, "/lines/0/sku"),
        ({"lines": [line(sku="a\n")]}, "/lines/0/sku"),
        ({"lines": [line(sku="ä")]}, "/lines/0/sku"),
        ({"lines": [line(sku=7)]}, "/lines/0/sku"),
        ({"lines": [line(), line(quantity=0)]}, "/lines/1/quantity"),
        ({"lines": [line(quantity=1001)]}, "/lines/0/quantity"),
        ({"lines": [line(quantity=-1)]}, "/lines/0/quantity"),
        ({"lines": [line(quantity=1.0)]}, "/lines/0/quantity"),
        ({"lines": [line(quantity="1")]}, "/lines/0/quantity"),
        ({"lines": [line(quantity=True)]}, "/lines/0/quantity"),
        ({"lines": [line(quantity=10**40)]}, "/lines/0/quantity"),
        ({"lines": [line(unit_price="1.00 EUR")]}, "/lines/0/unit_price"),
        ({"lines": [line("-1")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("1.005")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("1.")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line(".5")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("1e3")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("NaN")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("12345678901")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("\u0661")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line("1\n")]}, "/lines/0/unit_price/amount"),
        ({"lines": [line(currency="eur")]}, "/lines/0/unit_price/currency"),
        ({"lines": [line(currency="EURO")]}, "/lines/0/unit_price/currency"),
        ({"lines": [line(currency="")]}, "/lines/0/unit_price/currency"),
    ],
    ids=repr,
)
async def test_an_order_that_can_not_be_is_pointed_at(
    client: httpx2.AsyncClient, sent: dict[str, Any], pointer: str
) -> None:
    expect_invalid(await client.post(ORDERS, json=sent), ("body", pointer))


async def test_an_amount_has_to_be_a_text(client: httpx2.AsyncClient) -> None:
    sent = {"lines": [line(unit_price={"amount": 12.5, "currency": "EUR"})]}
    expect_invalid(await client.post(ORDERS, json=sent), ("body", "/lines/0/unit_price/amount"))


async def test_everything_that_is_wrong_is_told_at_once(client: httpx2.AsyncClient) -> None:
    sent = {"lines": [line(quantity=0), line(sku="")], "note": 1}
    response = await client.post(f"{ORDERS}?mode=maybe", json=sent)
    assert response.status_code == 422
    assert {(error["in"], error["pointer"]) for error in response.json()["errors"]} == {
        ("body", "/lines/0/quantity"),
        ("body", "/lines/1/sku"),
        ("body", "/note"),
        ("query", "/mode"),
    }


async def test_currencies_do_not_mix(client: httpx2.AsyncClient) -> None:
    sent = {"lines": [line(), line(currency="USD"), line(currency="CHF")]}
    problem = expect_problem(await client.post(ORDERS, json=sent), 422, "mixed_currencies")
    (error,) = problem["errors"]
    assert (error["in"], error["pointer"]) == ("body", "/lines/1/unit_price/currency")


async def test_a_refused_order_is_not_placed(client: httpx2.AsyncClient) -> None:
    await client.post(ORDERS, json=body(colour="blue"))
    await client.post(ORDERS, json={"lines": [line(), line(currency="USD")]})
    assert await count(client) == 0


async def test_a_dry_run_answers_what_would_be_and_stores_nothing(client: httpx2.AsyncClient) -> None:
    response = await client.post(ORDERS, params={"mode": "dry_run"}, json=body(note="just asking"))
    assert response.status_code == 200
    assert response.json()["note"] == "just asking"
    assert response.json()["total"] == {"amount": CONFIRMED, "currency": "EUR"}
    assert "Location" not in response.headers
    assert await count(client) == 0


async def test_a_dry_run_refuses_what_would_be_refused(client: httpx2.AsyncClient) -> None:
    dry = {"mode": "dry_run"}
    mixed = {"lines": [line(), line(currency="USD")]}
    expect_invalid(await client.post(ORDERS, params=dry, json={}), ("body", "/lines"))
    expect_problem(await client.post(ORDERS, params=dry, json=mixed), 422, "mixed_currencies")


@pytest.mark.parametrize("mode", ["", "DRY_RUN", "dry-run", "dry_run "])
async def test_a_mode_that_does_not_exist_is_not_a_commit(client: httpx2.AsyncClient, mode: str) -> None:
    response = await client.post(ORDERS, params={"mode": mode}, json=body())
    expect_invalid(response, ("query", "/mode"))
    assert await count(client) == 0


async def test_orders_without_a_database_are_put_off(serve: Serve, logs: Logs, unreachable_database: SecretStr) -> None:
    async with serve(database_url=unreachable_database) as client:
        placing = await client.post(ORDERS, json=body())
        listing = await client.get(ORDERS)
    for response in (placing, listing):
        expect_problem(response, 503, "service_unavailable")
        assert response.headers["Retry-After"] == "1"
    assert not [entry for entry in logs.lines if entry["level"] in {"error", "critical"}]
