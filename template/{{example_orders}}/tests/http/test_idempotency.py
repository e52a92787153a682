import httpx2
import pytest

from tests.http.expectations import Serve, expect_invalid, expect_problem
from tests.http.orders import ORDERS, PENDING, body, count, line, path_of

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


async def test_a_repeated_request_gets_the_first_response_again(client: httpx2.AsyncClient) -> None:
    first = await client.post(ORDERS, json=body(), headers=KEY)
    again = await client.post(ORDERS, json=body(), headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await count(client) == 1


async def test_it_is_the_first_response_even_if_the_order_has_changed_since(client: httpx2.AsyncClient) -> None:
    first = await client.post(ORDERS, json=body(PENDING), headers=KEY)
    await client.post(f"{path_of(first.json())}/cancel")
    again = await client.post(ORDERS, json=body(PENDING), headers=KEY)
    assert again.content == first.content


async def test_a_replay_has_a_request_id_of_its_own(client: httpx2.AsyncClient) -> None:
    first = await client.post(ORDERS, json=body(), headers=KEY)
    again = await client.post(ORDERS, json=body(), headers=KEY)
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


async def test_the_same_body_may_be_written_differently(client: httpx2.AsyncClient) -> None:
    await client.post(ORDERS, json={"lines": [line("1.50")]}, headers=KEY)
    again = await client.post(ORDERS, json={"note": None, "lines": [line("1.5")]}, headers=KEY)
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_key_is_good_for_one_body(client: httpx2.AsyncClient) -> None:
    await client.post(ORDERS, json=body(), headers=KEY)
    other = await client.post(ORDERS, json=body(note="other"), headers=KEY)
    expect_problem(other, 422, "idempotency_key_reused")
    assert await count(client) == 1


async def test_other_keys_and_none_place_other_orders(client: httpx2.AsyncClient) -> None:
    for headers in (KEY, {"Idempotency-Key": "another"}, {}, {}):
        response = await client.post(ORDERS, json=body(), headers=headers)
        assert "Idempotency-Replayed" not in response.headers
    assert await count(client) == 4


async def test_a_refused_request_leaves_its_key_unused(client: httpx2.AsyncClient) -> None:
    mixed = {"lines": [line(), line(currency="USD")]}
    assert (await client.post(ORDERS, json=mixed, headers=KEY)).status_code == 422
    response = await client.post(ORDERS, json=body(), headers=KEY)
    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers


async def test_a_dry_run_neither_uses_a_key_nor_minds_one(client: httpx2.AsyncClient) -> None:
    dry = {"mode": "dry_run"}
    assert (await client.post(ORDERS, params=dry, json=body(), headers=KEY)).status_code == 200
    placed = await client.post(ORDERS, json=body(note="other"), headers=KEY)
    assert placed.status_code == 201
    rehearsed = await client.post(ORDERS, params=dry, json=body(), headers=KEY)
    assert rehearsed.status_code == 200
    assert "Idempotency-Replayed" not in rehearsed.headers


async def test_a_key_expires(serve: Serve) -> None:
    async with serve(idempotency_ttl_hours=1e-9) as client:
        first = await client.post(ORDERS, json=body(), headers=KEY)
        again = await client.post(ORDERS, json=body(), headers=KEY)
    assert again.json()["id"] != first.json()["id"]


@pytest.mark.parametrize("key", ["!", "~" * 255])
async def test_a_key_is_any_printable_ascii(client: httpx2.AsyncClient, key: str) -> None:
    response = await client.post(ORDERS, json=body(), headers={"Idempotency-Key": key})
    assert response.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "a\tb", "ä", "a\x7f"])
async def test_any_other_key_is_refused(client: httpx2.AsyncClient, key: str) -> None:
    response = await client.post(ORDERS, json=body(), headers={b"Idempotency-Key": key.encode()})
    expect_invalid(response, ("header", "/Idempotency-Key"))
    assert await count(client) == 0
