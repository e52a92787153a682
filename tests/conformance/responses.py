"""What is true of every response, of every success and of every problem."""

import re
from typing import Any
from urllib.parse import unquote

import httpx

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'"
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}
PROBLEM_EXTENSIONS = {
    "validation_failed": {"errors"},
    "mixed_currencies": {"errors"},
    "not_ready": {"checks"},
    "invalid_grant": {"error"},
    "invalid_scope": {"error"},
}
ERROR_LOCATIONS = {"body", "query", "path", "header"}
INTERNALS = ("Traceback", 'File "', ".py", "sqlalchemy", "asyncpg", "psycopg", "pydantic.dev")


def only(response: httpx.Response, name: str) -> str:
    """The value of a header that must be there exactly once."""
    values = response.headers.get_list(name)
    assert len(values) == 1, f"{name}: expected once, got {values}"
    return str(values[0])


def expect_common_headers(response: httpx.Response) -> None:
    """The headers that every response of the service carries, and those that none does."""
    assert only(response, "X-Content-Type-Options") == "nosniff"
    assert only(response, "X-Frame-Options") == "DENY"
    assert only(response, "Referrer-Policy") == "no-referrer"
    assert only(response, "Content-Security-Policy")
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers
    _expect_request_id(response)
    if response.request.url.path.startswith("/api/v1/"):
        assert only(response, "Cache-Control") == "no-store"
    if response.request.url.scheme == "http":
        assert "Strict-Transport-Security" not in response.headers


def expect_success(
    response: httpx.Response, status: int = 200, media_type: str = JSON
) -> httpx.Response:
    assert response.status_code == status, f"{response.status_code}: {response.text[:1000]}"
    assert only(response, "Content-Type") == media_type
    assert only(response, "Content-Security-Policy") == CONTENT_SECURITY_POLICY
    expect_common_headers(response)
    return response


def expect_no_content(response: httpx.Response) -> None:
    assert response.status_code == 204, f"{response.status_code}: {response.text[:1000]}"
    assert response.content == b""
    assert "Content-Type" not in response.headers
    expect_common_headers(response)


def expect_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check a problem (RFC 9457) in full: status, headers, members, and that nothing leaks."""
    assert response.status_code == status, f"{response.status_code}: {response.text[:1000]}"
    assert only(response, "Content-Type") == PROBLEM_JSON
    assert only(response, "Content-Security-Policy") == CONTENT_SECURITY_POLICY
    expect_common_headers(response)
    _expect_headers_of_status(response)
    if response.request.method == "HEAD":
        assert response.content == b""
        return {}
    problem = response.json()
    _expect_members(problem, response, code)
    assert not [word for word in INTERNALS if word in response.text]
    return problem  # type: ignore[no-any-return]


def expect_invalid(response: httpx.Response, where: str, pointer: str) -> dict[str, Any]:
    """Check a refused value: 422, with an error that points at it."""
    problem = expect_problem(response, 422, "validation_failed")
    found = [(error["in"], error["pointer"]) for error in problem["errors"]]
    assert (where, pointer) in found, found
    return problem


def _expect_request_id(response: httpx.Response) -> None:
    request_id = only(response, "X-Request-ID")
    assert SANE_REQUEST_ID.fullmatch(request_id), request_id
    sent = response.request.headers.get_list("X-Request-ID")
    if len(sent) == 1 and SANE_REQUEST_ID.fullmatch(sent[0]):
        assert request_id == sent[0]


def _expect_headers_of_status(response: httpx.Response) -> None:
    if response.status_code == 405:
        assert only(response, "Allow")
    if response.status_code in {401, 403}:
        assert only(response, "WWW-Authenticate")
    if response.status_code in {429, 503} and response.request.url.path != "/ready":
        assert int(only(response, "Retry-After")) >= 1


def _expect_members(problem: dict[str, Any], response: httpx.Response, code: str) -> None:
    assert problem["code"] == code, problem
    assert set(problem) == PROBLEM_MEMBERS | PROBLEM_EXTENSIONS.get(code, set())
    assert problem["type"] == "urn:problem-type:" + code.replace("_", "-")
    assert problem["status"] == response.status_code
    assert problem["request_id"] == only(response, "X-Request-ID")
    assert unquote(problem["instance"]) == unquote(response.request.url.path)
    assert isinstance(problem["title"], str)
    assert problem["title"]
    assert isinstance(problem["detail"], str)
    assert problem["detail"]
    if "errors" in problem:
        _expect_errors(problem["errors"])


def _expect_errors(errors: list[dict[str, Any]]) -> None:
    assert errors
    for error in errors:
        assert set(error) == {"in", "pointer", "message"}
        assert error["in"] in ERROR_LOCATIONS
        assert error["pointer"] == "" or error["pointer"].startswith("/")
        assert isinstance(error["message"], str)
        assert error["message"]
