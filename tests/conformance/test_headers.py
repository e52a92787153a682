"""Security headers on every response, the host check, and closed CORS."""

import httpx
import pytest

from . import wire
from .orders import MISSING_ID, ORDERS, PlaceOrder, order_body, order_path
from .responses import (
    CONTENT_SECURITY_POLICY,
    expect_common_headers,
    expect_problem,
    expect_success,
    only,
)

EVIL_HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "evillocalhost",
    "127.0.0.1.evil.example",
    "user@evil.example",
    "localhost@evil.example",
    "localhost/evil",
    "localhost:80:80",
    "localhost:a b",
    "localhost:@evil.example",
    "localhost:80, evil.example",
    "localhost:http",
]


@pytest.mark.parametrize("path", ["/health", "/ready", "/openapi.json"])
def test_a_success_has_the_security_headers(client: httpx.Client, path: str) -> None:
    expect_success(client.get(path))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_a_refusal_has_the_security_headers(client: httpx.Client, method: str) -> None:
    expect_common_headers(client.request(method, "/nope"))
    expect_common_headers(client.request(method, "/health"))


def test_the_docs_page_has_a_policy_of_its_own(client: httpx.Client) -> None:
    response = client.get("/docs")
    assert response.status_code == 200
    assert only(response, "Content-Type").startswith("text/html")
    expect_common_headers(response)
    policy = only(response, "Content-Security-Policy")
    assert policy != CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-eval'" not in policy


@pytest.mark.parametrize("path", ["/nope", "/health", "/docs", "/openapi.json"])
def test_plain_http_is_never_told_to_be_strict(client: httpx.Client, path: str) -> None:
    assert "Strict-Transport-Security" not in client.get(path).headers


def test_a_stranger_can_not_claim_to_have_come_by_https(client: httpx.Client) -> None:
    headers = {"X-Forwarded-Proto": "https", "Forwarded": "proto=https"}
    response = client.get("/health", headers=headers)
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize("path", ["/api/v1/nope", "/nope", "/openapi.json", "/docs", "/"])
def test_a_foreign_host_is_refused(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers={"Host": "evil.example"})
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.needs(example=True)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_a_foreign_host_is_refused_by_every_method(client: httpx.Client, method: str) -> None:
    response = client.request(method, ORDERS, headers={"Host": "evil.example"})
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize("host", EVIL_HOSTS)
def test_a_host_that_only_resembles_an_allowed_one_is_refused(base_url: str, host: str) -> None:
    response = wire.send(
        base_url, "GET /openapi.json HTTP/1.1", [("Connection", "close")], host=host
    )
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize("host", ["a b", "<a>", "user@a", "a/b"])
def test_what_can_be_no_host_is_refused_to_probes_too(base_url: str, host: str) -> None:
    response = wire.send(base_url, "GET /health HTTP/1.1", [("Connection", "close")], host=host)
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize("path", ["/openapi.json", "/health"])
def test_a_request_with_two_hosts_is_refused(base_url: str, path: str) -> None:
    headers = [("Host", "evil.example"), ("Connection", "close")]
    # Some servers do it before there is a problem to tell.
    response = wire.send(base_url, f"GET {path} HTTP/1.1", headers, host="localhost")
    assert response.status_code == 400


def test_a_request_without_any_host_is_refused(base_url: str) -> None:
    response = wire.send(base_url, "GET /openapi.json HTTP/1.0", host=None)
    expect_problem(response, 400, "host_not_allowed")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:1", "[::1]", "LocalHost"])
def test_an_allowed_host_is_served(client: httpx.Client, host: str) -> None:
    expect_success(client.get("/openapi.json", headers={"Host": host}))


def test_white_space_around_a_host_is_no_part_of_it(base_url: str) -> None:
    line = "GET /openapi.json HTTP/1.1"
    expect_success(wire.send(base_url, line, [("Connection", "close")], host="\t localhost \t"))


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_probes_may_call_the_service_by_any_name(client: httpx.Client, path: str) -> None:
    expect_success(client.get(path, headers={"Host": "10.1.2.3:8000"}))


def test_a_forwarded_host_is_not_looked_at(client: httpx.Client) -> None:
    response = client.get("/openapi.json", headers={"X-Forwarded-Host": "evil.example"})
    expect_success(response)


@pytest.mark.parametrize("path", ["/health", "/nope", "/openapi.json"])
def test_other_origins_are_not_let_in(client: httpx.Client, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_a_preflight_is_not_answered(client: httpx.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    expect_problem(client.options("/health", headers=headers), 405, "method_not_allowed")


@pytest.mark.needs(example=True)
def test_nothing_of_the_api_is_stored_by_caches(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order()
    answers = [
        client.get(ORDERS),
        client.get(order_path(order)),
        client.get(f"{ORDERS}/{MISSING_ID}"),
        client.get("/api/v1/nope"),
        client.put(ORDERS),
        client.post(ORDERS, json={}),
        client.post(ORDERS, json=order_body()),
        client.post(ORDERS, content=b"x"),
    ]
    assert [only(answer, "Cache-Control") for answer in answers] == ["no-store"] * len(answers)


@pytest.mark.needs(example=True)
def test_a_json_body_is_labelled_without_parameters(
    client: httpx.Client, place_order: PlaceOrder
) -> None:
    order = place_order(note="größer als €5 — 日本語 🎉")
    expect_success(client.get(order_path(order)))
    assert "größer als €5 — 日本語 🎉".encode() in client.get(order_path(order)).content
