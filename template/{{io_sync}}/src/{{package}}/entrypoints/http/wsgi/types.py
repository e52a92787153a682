"""The types of WSGI (PEP 3333), and what layers do to a request and to its answer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = [
    "EXCHANGE",
    "Body",
    "ClosingBody",
    "Exchange",
    "Headers",
    "Layer",
    "StartResponse",
    "WSGIApplication",
    "WSGIEnvironment",
    "close_body",
    "decoded_path",
    "exchange_of",
    "rewriting",
]

EXCHANGE: Final = "service.exchange"

Headers: TypeAlias = list[tuple[str, str]]
Body: TypeAlias = Iterable[bytes]
Layer: TypeAlias = Callable[[WSGIApplication], WSGIApplication]
Failure: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None


@dataclass(slots=True)
class Exchange:
    """What layers tell each other of one request.

    Inner ones may put headers for whatever response there will be into `response_headers`, who asks
    into `actor` and the template of the route into `route`.
    """

    request_id: str
    path: str
    response_headers: dict[str, str] = field(default_factory=dict)
    actor: str | None = None
    route: str | None = None


def exchange_of(environ: WSGIEnvironment) -> Exchange:
    exchange: Exchange = environ[EXCHANGE]
    return exchange


def decoded_path(environ: WSGIEnvironment) -> str:
    """Return the path as people read it; what is not UTF-8 is replaced."""
    path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return path.encode("latin-1").decode(errors="replace")


def rewriting(start_response: StartResponse, rewrite: Callable[[int, Headers], Headers]) -> StartResponse:
    """Return a `start_response` that sends the headers that `rewrite` makes of a status and its headers."""

    def start(status: str, headers: Headers, failure: Failure = None, /) -> Callable[[bytes], object]:
        return start_response(status, rewrite(int(status[:3]), headers), failure)

    return start


@dataclass(frozen=True, slots=True)
class ClosingBody:
    """A body, and what there is to do once the server is done with it."""

    body: Body
    then: Callable[[], None]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.body)

    def close(self) -> None:
        try:
            close_body(self.body)
        finally:
            self.then()


def close_body(body: Body) -> None:
    """Close a body, as whoever does not pass it on has to."""
    close = getattr(body, "close", None)
    if close is not None:
        close()
