import httpx2
import pytest

from tests.http.expectations import expect_invalid, expect_problem
from tests.http.orders import CONFIRMED, DECLINED, NOBODYS, ORDERS, path_of, place, read


async def test_a_pending_order_is_cancelled(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.post(f"{path_of(order)}/cancel")
    assert response.status_code == 200
    assert response.json()["status"] == "cancelled"
    assert response.headers["ETag"] == '"2"'
    assert await read(client, order) == response.json()


@pytest.mark.parametrize("price", [CONFIRMED, DECLINED])
async def test_a_settled_order_is_not(client: httpx2.AsyncClient, price: str) -> None:
    order = await place(client, price)
    response = await client.post(f"{path_of(order)}/cancel")
    problem = expect_problem(response, 409, "order_not_cancellable")
    assert order["status"] in problem["detail"]
    assert await read(client, order) == order


async def test_an_order_is_not_cancelled_twice(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    await client.post(f"{path_of(order)}/cancel")
    again = await client.post(f"{path_of(order)}/cancel")
    expect_problem(again, 409, "order_not_cancellable")
    assert (await read(client, order))["version"] == 2


async def test_a_version_that_was_seen_may_be_named(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.post(f"{path_of(order)}/cancel", headers={"If-Match": '"1"'})
    assert response.status_code == 200


async def test_a_version_that_has_passed_is_stale(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.post(f"{path_of(order)}/cancel", headers={"If-Match": '"9"'})
    expect_problem(response, 412, "stale_version")
    assert await read(client, order) == order


async def test_a_stale_version_comes_before_a_conflict(client: httpx2.AsyncClient) -> None:
    order = await place(client, CONFIRMED)
    response = await client.post(f"{path_of(order)}/cancel", headers={"If-Match": '"99"'})
    expect_problem(response, 412, "stale_version")


async def test_what_is_not_an_etag_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{NOBODYS}/cancel", headers={"If-Match": "1"})
    expect_invalid(response, ("header", "/If-Match"))


async def test_an_order_that_does_not_exist_is_not_found(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.post(f"{NOBODYS}/cancel"), 404, "order_not_found")


async def test_what_is_not_an_id_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{ORDERS}/7/cancel")
    expect_invalid(response, ("path", "/order_id"))


async def test_a_dry_run_answers_what_would_be_and_cancels_nothing(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.post(f"{path_of(order)}/cancel", params={"mode": "dry_run"})
    assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    assert await read(client, order) == order


async def test_a_dry_run_refuses_what_would_be_refused(client: httpx2.AsyncClient) -> None:
    order = await place(client, CONFIRMED)
    response = await client.post(f"{path_of(order)}/cancel", params={"mode": "dry_run"})
    expect_problem(response, 409, "order_not_cancellable")
