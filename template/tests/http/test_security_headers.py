import re
from base64 import b64encode
from hashlib import sha256

import httpx2
import pytest

FIXED = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}
STRICT = "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/health"),
        ("GET", "/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/api/v1/probe"),
        ("GET", "/api/v1/nothing"),
        ("DELETE", "/health"),
        ("GET", "/api/v1/probe/bug/1"),
        ("GET", "/api/v1/probe/outage"),
    ],
)
async def test_every_response_has_the_security_headers_once(client: httpx2.AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path)
    for name, value in FIXED.items():
        assert response.headers.get_list(name) == [value]
    assert len(response.headers.get_list("Content-Security-Policy")) == 1
    assert "Server" not in response.headers


async def test_what_an_operation_says_in_their_place_is_replaced(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/probe/careless-headers", headers={"X-Request-ID": "ours"})
    for name, value in {**FIXED, "Cache-Control": "no-store", "X-Request-ID": "ours"}.items():
        assert response.headers.get_list(name) == [value]


async def test_nothing_of_the_api_may_be_stored(client: httpx2.AsyncClient) -> None:
    for path in ("/api/v1/probe", "/api/v1/nothing", "/api/v1/probe/bug/1"):
        assert (await client.get(path)).headers["Cache-Control"] == "no-store"


async def test_responses_load_nothing_and_fit_in_no_frame(client: httpx2.AsyncClient) -> None:
    for path in ("/health", "/api/v1/probe", "/api/v1/nothing"):
        assert (await client.get(path)).headers["Content-Security-Policy"] == STRICT


async def test_the_docs_page_may_run_the_script_that_is_in_it(client: httpx2.AsyncClient) -> None:
    response = await client.get("/docs")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    (script,) = re.findall(r"<script>(.+?)</script>", response.text, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"'sha256-{digest}'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


async def test_the_docs_page_loads_what_is_elsewhere_by_its_hash_only(client: httpx2.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    elsewhere = re.findall(r"<(?:script|link)[^>]*https://[^>]*>", page)
    assert elsewhere
    assert all('integrity="sha384-' in tag for tag in elsewhere)


async def test_plain_http_is_not_told_to_stay_away(client: httpx2.AsyncClient) -> None:
    assert "Strict-Transport-Security" not in (await client.get("/health")).headers
