from email.utils import parsedate_to_datetime

import httpx2
import pytest

from tests.http.expectations import Logs, expect_invalid, expect_problem
from tests.http.orders import NOBODYS, ORDERS, path_of, place, read


async def test_an_order_is_read_with_its_version(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.get(path_of(order))
    assert (response.status_code, response.json()) == (200, order)
    assert response.headers["ETag"] == '"1"'


async def test_an_id_may_be_written_in_capitals(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    assert await read(client, {"id": order["id"].upper()}) == order


async def test_an_order_that_does_not_exist_is_not_found(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.get(NOBODYS), 404, "order_not_found")


@pytest.mark.parametrize("id", ["1", "not-an-id", "%00", "0196a1b2-0000-7000-8000-00000000000g"])
async def test_what_is_not_an_id_is_refused(client: httpx2.AsyncClient, id: str) -> None:
    expect_invalid(await client.get(f"{ORDERS}/{id}"), ("path", "/order_id"))


async def test_head_of_an_order_has_its_headers(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.head(path_of(order))
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == '"1"'


async def test_the_log_names_the_route_and_not_only_the_id(client: httpx2.AsyncClient, logs: Logs) -> None:
    await client.get(NOBODYS)
    assert logs.access_line["route"] == f"{ORDERS}/{{order_id}}"
    assert logs.access_line["path"] == NOBODYS


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", ORDERS, "GET, HEAD, POST"),
        ("DELETE", NOBODYS, "GET, HEAD, PATCH"),
        ("GET", f"{NOBODYS}/cancel", "POST"),
        ("HEAD", f"{NOBODYS}/cancel", "POST"),
        ("POST", f"{NOBODYS}/status", "GET, HEAD"),
    ],
)
async def test_a_method_that_is_not_there_is_told_the_others(
    client: httpx2.AsyncClient, method: str, path: str, allow: str
) -> None:
    response = await client.request(method, path)
    assert response.status_code == 405
    assert response.headers["Allow"] == allow


async def test_the_status_alone_is_deprecated_and_says_until_when(client: httpx2.AsyncClient) -> None:
    order = await place(client)
    response = await client.get(f"{path_of(order)}/status")
    assert (response.status_code, response.json()) == (200, {"status": "pending"})
    assert response.headers["Deprecation"].startswith("@")
    since = int(response.headers["Deprecation"][1:])
    sunset = parsedate_to_datetime(response.headers["Sunset"])
    assert response.headers["Sunset"].endswith(" GMT")
    assert sunset.timestamp() > since


async def test_the_document_marks_it_as_deprecated(client: httpx2.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert paths[f"{ORDERS}/{{order_id}}/status"]["get"]["deprecated"] is True
    assert "deprecated" not in paths[f"{ORDERS}/{{order_id}}"]["get"]


async def test_the_status_of_an_order_that_does_not_exist_is_not_found(client: httpx2.AsyncClient) -> None:
    expect_problem(await client.get(f"{NOBODYS}/status"), 404, "order_not_found")


async def test_operations_on_orders_have_the_names_that_clients_are_built_on(client: httpx2.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    names = {
        operation["operationId"]
        for path, item in paths.items()
        if path.startswith(ORDERS)
        for operation in item.values()
    }
    assert names == {
        "place_order", "list_orders", "get_order", "change_order", "cancel_order",
        "get_order_status",
    }  # fmt: skip
