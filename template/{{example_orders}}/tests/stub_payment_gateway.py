"""A payment gateway that answers as it is told, over HTTP on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from tests.stub_server import Handler, serving


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, which may be kept back until somebody lets go of it."""

    status: int = 200
    body: bytes = b""
    released: Event | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A request, with its headers by their name in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def payment(status: str = "approved", **more: Any) -> Answer:
    return Answer(201, json.dumps({"id": "pay-1", "status": status, **more}).encode())


@dataclass
class StubPaymentGateway:
    """Gives its `answers` in turn, then `otherwise`, and keeps what it `received`."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    otherwise: Answer = field(default_factory=payment)
    received: list[Received] = field(default_factory=list)

    def answer(self, request: Received) -> Answer:
        self.received.append(request)
        answer = self.answers.pop(0) if self.answers else self.otherwise
        if answer.released is not None:
            answer.released.wait(30)
        return answer


@contextmanager
def running_gateway() -> Iterator[StubPaymentGateway]:
    class GatewayHandler(Handler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # noqa: N802
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = gateway.answer(Received(self.command, self.path, headers, body))
            try:
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except ConnectionError:
                # The client did not wait.
                self.close_connection = True

        do_DELETE = do_POST  # noqa: N815

    with serving(GatewayHandler) as url:
        gateway = StubPaymentGateway(url)
        yield gateway
