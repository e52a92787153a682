"""A bounded load: so many requests, over so many connections that are kept alive."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def sent_with(self, headers: Mapping[str, str]) -> "Request":
        return replace(self, headers={**self.headers, **headers})

    def encode(self, port: int) -> bytes:
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        if self.body:
            head += f"Content-Type: {self.media_type}\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}\r\n".encode() + self.body


def send(port: int, requests: Sequence[Request], count: int) -> bytes:
    """Send `count` requests, in turn those given; return the body of the last response.

    Raises `RuntimeError` for a response that is no success.
    """
    encoded = islice(cycle([request.encode(port) for request in requests]), count)
    return asyncio.run(_send(port, encoded, min(CONNECTIONS, count)))


async def _send(port: int, requests: Iterator[bytes], connections: int) -> bytes:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_connection(port, requests)) for _ in range(connections)]
    return next(body for body in (task.result() for task in tasks) if body)


async def _connection(port: int, requests: Iterator[bytes]) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b""
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_content_length(head))
        if not head.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(f"{request!r} was answered {head!r} {body!r}")
    writer.close()
    await writer.wait_closed()
    return body


def _content_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0])
