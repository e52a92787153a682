from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.http.expectations import Serve, expect_invalid, expect_problem

JSON = {"Content-Type": "application/json"}
LIMIT = 1_000


def body_of(size: int) -> bytes:
    return b'{"text":"%b"}' % (b"x" * (size - len(b'{"text":""}')))


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


async def test_a_body_of_just_the_limit_is_taken(serve: Serve) -> None:
    async with serve(max_body_bytes=LIMIT) as client:
        announced = await client.post("/api/v1/probe", content=body_of(LIMIT), headers=JSON)
        chunked = await client.post("/api/v1/probe", content=in_pieces(body_of(LIMIT)), headers=JSON)
    assert (announced.status_code, chunked.status_code) == (200, 200)
    assert announced.json() == chunked.json()


async def test_a_body_that_announces_too_much_is_refused(serve: Serve) -> None:
    async with serve(max_body_bytes=LIMIT) as client:
        response = await client.post("/api/v1/probe", content=body_of(LIMIT + 1), headers=JSON)
    expect_problem(response, 413, "body_too_large")


async def test_a_chunked_body_is_refused_once_it_grows_too_long(serve: Serve) -> None:
    async with serve(max_body_bytes=LIMIT) as client:
        body = in_pieces(body_of(LIMIT + 1))
        response = await client.post("/api/v1/probe", content=body, headers=JSON)
    expect_problem(response, 413, "body_too_large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/jsonx", "multipart/form-data"])
async def test_a_body_of_another_media_type_is_refused(client: httpx2.AsyncClient, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    response = await client.post("/api/v1/probe", content=b'{"text":"a"}', headers=headers)
    expect_problem(response, 415, "unsupported_media_type")


async def test_a_body_of_no_media_type_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/probe", content=b'{"text":"a"}')
    expect_problem(response, 415, "unsupported_media_type")


async def test_a_media_type_may_have_parameters_and_any_case(client: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    response = await client.post("/api/v1/probe", content='{"text":"ä"}'.encode(), headers=headers)
    assert (response.status_code, response.json()) == (200, {"text": "ä"})
    assert response.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b'{"text":', id="half of a document"),
        pytest.param(b'{"text":"a"} b', id="more than a document"),
        pytest.param(b'{"text":"\xff"}', id="bytes that are not UTF-8"),
        pytest.param(b'{"text":"\\ud800"}', id="half of a surrogate pair"),
        pytest.param(b'{"text":"a","\\ud800":1}', id="half of a surrogate pair for a name"),
        pytest.param(b'{"text":NaN}', id="NaN"),
        pytest.param(b'{"text":-Infinity}', id="an infinite number"),
        pytest.param(b'{"text":' + b"9" * 5_000 + b"}", id="an integer of 5000 digits"),
        pytest.param(b"[" * 100_000, id="endless nesting"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="an array"),
    ],
)
async def test_a_body_that_is_not_a_json_object_is_wrong_as_a_whole(client: httpx2.AsyncClient, body: bytes) -> None:
    response = await client.post("/api/v1/probe", content=body, headers=JSON)
    expect_invalid(response, ("body", ""))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param(b"{}", "/text", id="a field that is missing"),
        pytest.param(b'{"text":null}', "/text", id="null for a text"),
        pytest.param(b'{"text":1}', "/text", id="a number for a text"),
        pytest.param(b'{"text":"a","more":1}', "/more", id="a field that nobody knows"),
        pytest.param(b'{"text":"a","a/b~c":1}', "/a~1b~0c", id="a field that has to be escaped"),
    ],
)
async def test_a_wrong_field_is_pointed_at(client: httpx2.AsyncClient, body: bytes, pointer: str) -> None:
    response = await client.post("/api/v1/probe", content=body, headers=JSON)
    expect_invalid(response, ("body", pointer))
