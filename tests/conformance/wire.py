"""Requests that a well-behaved client would not send, over a plain socket."""

import contextlib
import http.client
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

import httpx


def send(
    base_url: str,
    start_line: str,
    headers: Iterable[tuple[str, str]] = (),
    body: Iterable[bytes] = (),
    *,
    host: str | None = "",
) -> httpx.Response:
    """Send exactly these bytes; `host` "" means the server's own, None means no Host at all."""
    method, path, _ = start_line.split(" ")
    with _connect(base_url) as link:
        _send_all(link, [_head(base_url, start_line, headers, host), *body])
        return _receive(link, httpx.Request(method, base_url + path, headers=list(headers)))


def send_and_leave(
    base_url: str, start_line: str, headers: Iterable[tuple[str, str]], body: Iterable[bytes]
) -> None:
    """Send this much and hang up without waiting for an answer."""
    with _connect(base_url) as link:
        _send_all(link, [_head(base_url, start_line, headers, ""), *body])


def _connect(base_url: str) -> socket.socket:
    address = urlsplit(base_url)
    return socket.create_connection((address.hostname, address.port or 80), timeout=30)


def _head(
    base_url: str, start_line: str, headers: Iterable[tuple[str, str]], host: str | None
) -> bytes:
    lines = [start_line]
    if host is not None:
        lines.append(f"Host: {host or urlsplit(base_url).netloc}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def chunked(pieces: Iterable[bytes]) -> Iterable[bytes]:
    for piece in pieces:
        yield b"%x\r\n%b\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def _send_all(link: socket.socket, pieces: Iterable[bytes]) -> None:
    # A server may refuse and hang up before it has read everything; its answer counts.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for piece in pieces:
            link.sendall(piece)


def _receive(link: socket.socket, request: httpx.Request) -> httpx.Response:
    response = http.client.HTTPResponse(link, method=request.method)
    response.begin()
    content = response.read()
    return httpx.Response(
        response.status, headers=response.getheaders(), content=content, request=request
    )
