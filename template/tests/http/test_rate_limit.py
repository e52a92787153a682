import re

import pytest

from tests.http.expectations import Serve, expect_problem


async def test_an_operation_says_how_much_is_left(serve: Serve) -> None:
    async with serve(rate_limit="3/minute") as client:
        first = await client.get("/api/v1/probe")
        second = await client.get("/api/v1/probe")
    assert first.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert re.fullmatch(r'"default";r=2;t=([1-9]|[1-5]\d|60)', first.headers["RateLimit"])
    assert re.fullmatch(r'"default";r=1;t=([1-9]|[1-5]\d|60)', second.headers["RateLimit"])


async def test_one_request_too_many_is_told_when_to_come_back(serve: Serve) -> None:
    async with serve(rate_limit="2/minute") as client:
        for _ in range(2):
            assert (await client.get("/api/v1/probe")).status_code == 200
        refused = await client.get("/api/v1/probe")
    expect_problem(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert '"default";r=0;' in refused.headers["RateLimit"]


async def test_requests_that_are_refused_later_count_too(serve: Serve) -> None:
    async with serve(rate_limit="1/minute") as client:
        invalid = await client.post("/api/v1/probe", json={})
        refused = await client.post("/api/v1/probe", json={"text": "a"})
    assert (invalid.status_code, refused.status_code) == (422, 429)
    assert "RateLimit" in invalid.headers


@pytest.mark.parametrize("path", ["/health", "/ready", "/docs", "/openapi.json"])
async def test_what_is_not_the_api_has_no_limit(serve: Serve, path: str) -> None:
    async with serve(rate_limit="1/minute") as client:
        responses = [await client.get(path) for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert "RateLimit" not in responses[0].headers


async def test_head_counts_as_get(serve: Serve) -> None:
    async with serve(rate_limit="1/minute") as limited:
        answers = [(await limited.head("/api/v1/probe")).status_code for _ in range(2)]
    assert answers == [200, 429]
