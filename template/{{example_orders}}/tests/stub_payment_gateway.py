"""A payment gateway that answers as it is told, over HTTP on this machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


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
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
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

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no error of a test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        gateway = StubPaymentGateway(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield gateway
        finally:
            server.shutdown()
            thread.join()
