"""What the tests of the HTTP edge hold and expect."""

import json
from contextlib import AbstractAsyncContextManager
from io import BytesIO, TextIOWrapper
from typing import Any, Protocol

import httpx2


class Serve(Protocol):
    def __call__(
        self, *, peer: str = "127.0.0.1", **settings: object
    ) -> AbstractAsyncContextManager[httpx2.AsyncClient]:
        """Serve with these settings changed, to requests that come from the address `peer`."""


class Logs:
    """What the service writes to standard output."""

    def __init__(self) -> None:
        self._written = BytesIO()
        self.stream = TextIOWrapper(self._written, encoding="utf-8", write_through=True)

    def clear(self) -> None:
        self._written.seek(0)
        self._written.truncate()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line, in order. One that is not a JSON object fails the test."""
        lines = [json.loads(line) for line in self._written.getvalue().splitlines()]
        assert all(isinstance(line, dict) for line in lines)
        return lines

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]

    @property
    def access_line(self) -> dict[str, Any]:
        """The one line about the one request."""
        (line,) = self.of("request")
        return line


def expect_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Expect a problem that is complete (RFC 9457) and return it."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert isinstance(problem, dict)
    assert problem["type"] == f"urn:problem-type:{code.replace('_', '-')}"
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    assert problem["request_id"] == response.headers["X-Request-ID"]
    return problem


def expect_invalid(response: httpx2.Response, *places: tuple[str, str]) -> None:
    """Expect to be told that exactly these places, each part and pointer, are wrong."""
    problem = expect_problem(response, 422, "validation_failed")
    assert [(error["in"], error["pointer"]) for error in problem["errors"]] == list(places)
    assert all(error["message"] for error in problem["errors"])
