"""Clients that leave, or fall silent, before they have said all they had to say."""

from collections.abc import Callable
from pathlib import Path
from socket import SHUT_WR, SO_LINGER, SOL_SOCKET, socket
from struct import pack
from typing import Final

import pytest

from tests.e2e.processes import eventually, serving

pytestmark = pytest.mark.slow

OPERATIONS: Final = {
    "/api/v1/auth/register": "application/json",
    "/api/v1/auth/token": "application/x-www-form-urlencoded",
}
HALF_A_BODY: Final = "Content-Length: 100\r\n\r\nusername"
HALF_A_CHUNK: Final = "Transfer-Encoding: chunked\r\n\r\n64\r\nusername"
NO_LAST_CHUNK: Final = "Transfer-Encoding: chunked\r\n\r\n8\r\nusername\r\n"
REQUESTS: Final = [
    f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {media_type}\r\n{rest}".encode()
    for path, media_type in OPERATIONS.items()
    for rest in (HALF_A_BODY, HALF_A_CHUNK, NO_LAST_CHUNK)
]


def hang_up(connection: socket) -> None:
    connection.shutdown(SHUT_WR)
    connection.recv(1)


def break_off(connection: socket) -> None:
    # Closing it resets it, whatever is under way.
    connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))


@pytest.mark.parametrize("leave", [hang_up, break_off])
def test_they_are_no_failures(tmp_path: Path, database_url: str, leave: Callable[[socket], None]) -> None:
    with serving(tmp_path, database_url) as service:
        for request in REQUESTS:
            with service.connect() as connection:
                connection.sendall(request)
                leave(connection)
        service.terminate()
        assert service.has_ended_well()
        assert not service.logged_errors
        assert service.errors == ""


def test_who_falls_silent_keeps_nobody_else_waiting_for_long(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, database_url) as service:
        with service.idle_clients(REQUESTS[0]):
            assert eventually(service.answers) < 15
        service.terminate()
        assert service.has_ended_well()
        assert not service.logged_errors
