"""How requests get to the service without a network between."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

import httpx2


def transport_to(service: WSGIApplication, peer: str) -> httpx2.BaseTransport:
    """Return what carries requests from the address `peer` to a WSGI application."""
    return ServerTransport(service, peer)


@dataclass(frozen=True, slots=True)
class ServerTransport(httpx2.BaseTransport):
    """Calls an application as a server does (PEP 3333): text is bytes in Latin-1, and a body may be unannounced."""

    app: WSGIApplication
    peer: str

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        started: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], failure: object = None, /
        ) -> Callable[[bytes], Any]:
            started.append((int(status[:3]), headers))
            return lambda _: None

        answer = self.app(self._environ(request), start_response)
        try:
            body = b"".join(answer)
        finally:
            _close(answer)
        status, headers = started[-1]
        return httpx2.Response(status, headers=headers, content=body)

    def _environ(self, request: httpx2.Request) -> WSGIEnvironment:
        path, _, query = request.url.raw_path.partition(b"?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "SERVER_NAME": request.url.host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": self.peer,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": request.url.scheme,
            "wsgi.input": BytesIO(request.read()),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.raw:
            _add_header(environ, name.decode().upper().replace("-", "_"), value.decode("latin-1"))
        return environ


def _add_header(environ: WSGIEnvironment, name: str, value: str) -> None:
    key = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
    environ[key] = f"{environ[key]},{value}" if key in environ else value


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
