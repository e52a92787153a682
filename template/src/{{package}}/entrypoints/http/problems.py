"""Problem details (RFC 9457): how every refusal and every failure is answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson
from pydantic_core import ErrorDetails

MEDIA_TYPE: Final = "application/problem+json"
MAX_ERRORS: Final = 100
# In this order they are told what is wrong with them, whichever a framework reads first.
PLACES: Final = ("path", "query", "header", "cookie", "body")


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """One thing that is wrong with a request: in its body, query, path or header."""

    location: str
    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as a client is told. `code` is stable; `extensions` are further members."""

    status: int
    code: str
    detail: str
    errors: tuple[InvalidValue, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def encode(self, *, path: str, request_id: str) -> bytes:
        """Return the document for a request to `path` (decoded, as the server gave it)."""
        document: dict[str, Any] = {
            "type": f"urn:problem-type:{self.code.replace('_', '-')}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "instance": quote(path),
            "code": self.code,
            "request_id": request_id,
            **self.extensions,
        }
        if self.errors:
            document["errors"] = [
                {"in": error.location, "pointer": error.pointer, "message": error.message} for error in self.errors
            ]
        return orjson.dumps(document)


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


INTERNAL_ERROR: Final = Problem(500, "internal_error", "Something went wrong on our side.")
SERVICE_UNAVAILABLE: Final = Problem(
    503, "service_unavailable", "A part of the service can't be reached at the moment.", headers={"Retry-After": "1"}
)
UNREADABLE_BODY: Final = Problem(400, "bad_request", "The body can't be read to its end.")
UNSUPPORTED_MEDIA_TYPE: Final = Problem(415, "unsupported_media_type", "The body has to be application/json.")
HOST_NOT_ALLOWED: Final = Problem(400, "host_not_allowed", "This host name is not served here.")
PRECONDITION_REQUIRED: Final = Problem(428, "precondition_required", "Send If-Match with the ETag that you last saw.")
UNAUTHENTICATED: Final = Problem(401, "unauthenticated", "Valid credentials are required.")
INSUFFICIENT_SCOPE: Final = Problem(403, "insufficient_scope", "The credentials do not allow this operation.")

NAMED_CODES: Final = {413: "body_too_large", 422: "validation_failed", 429: "rate_limited", 500: "internal_error"}


def problem_of_status(status: int, headers: Mapping[str, str] | None = None, said: str | None = None) -> Problem:
    """Return the problem of a status, such as a framework's own 404; `said` is its detail if it says more than that."""
    reason = HTTPStatus(status)
    code = NAMED_CODES.get(status, reason.phrase.lower().replace(" ", "_").replace("-", "_"))
    detail = said if said and said != reason.phrase else f"{reason.description or reason.phrase}."
    return Problem(status, code, detail, headers=headers or {})


def body_too_large(limit: int) -> Problem:
    return Problem(413, "body_too_large", f"A body may have at most {limit} bytes.")


def rate_limited(retry_after: int) -> Problem:
    return Problem(429, "rate_limited", "There were too many requests.", headers={"Retry-After": str(retry_after)})


def not_ready(checks: Mapping[str, str]) -> Problem:
    return Problem(503, "not_ready", "The service can't do its work now.", extensions={"checks": checks})


def validation_failed(errors: Iterable[InvalidValue]) -> Problem:
    return Problem(422, "validation_failed", "The request is not what it has to be.", errors=tuple(errors))


def invalid_value(location: str, pointer: str, message: str) -> Problem:
    return validation_failed([InvalidValue(location, pointer, message)])


def invalid_request(errors: Iterable[ErrorDetails]) -> Problem:
    """Return the problem of what pydantic found; each `loc` begins with the part of the request."""
    found = list(errors)
    if all(error["type"] == "missing" and error["loc"] == ("header", "If-Match") for error in found):
        return PRECONDITION_REQUIRED
    found.sort(key=lambda error: PLACES.index(str(error["loc"][0])))
    return validation_failed(
        InvalidValue(
            location=str(error["loc"][0]), pointer="".join(map(_pointer_token, error["loc"][1:])), message=error["msg"]
        )
        for error in found[:MAX_ERRORS]
    )


def _pointer_token(part: str | int) -> str:
    """Escape one step of a JSON pointer (RFC 6901)."""
    return "/" + str(part).replace("~", "~0").replace("/", "~1")
