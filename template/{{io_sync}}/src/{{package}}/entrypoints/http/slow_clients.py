"""Clients that take their time: gunicorn waits for them where others would be answered."""

import time
from contextlib import suppress
from selectors import EVENT_READ
from socket import SHUT_WR, SO_RCVTIMEO, SO_SNDTIMEO, SOL_SOCKET, socket
from struct import pack
from threading import current_thread, main_thread
from typing import Any, Final

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

# Both as gunicorn has them where it knows of slow clients.
STALL_SECONDS: Final = 5
LINGER_SECONDS: Final = 2
CHUNK: Final = 65_536


class UnblockedWorker(ThreadWorker):
    """A worker that no client can keep from answering others by doing nothing.

    A thread waits no longer than `STALL_SECONDS` for more of a request, or for a client to take more of its answer.
    A connection that has ended lingers until the client has closed it, too, and is sure to have all of the answer
    (RFC 9112 §9.6); meanwhile the loop, which accepts others, goes on.
    """

    def run(self) -> None:
        self.lingering: dict[socket, float] = {}
        util.close_graceful = self.linger  # type: ignore[assignment]
        super().run()

    def handle(self, conn: TConn) -> Any:
        for waiting in (SO_RCVTIMEO, SO_SNDTIMEO):
            conn.sock.setsockopt(SOL_SOCKET, waiting, pack("ll", STALL_SECONDS, 0))
        return super().handle(conn)

    def linger(self, connection: socket) -> None:
        """Close a connection when the client has, or when `LINGER_SECONDS` are over."""
        if connection in self.lingering or current_thread() is not main_thread():
            # The loop asks once more for what a thread has asked for.
            return
        try:
            connection.shutdown(SHUT_WR)
            connection.settimeout(0)
            self.poller.register(connection, EVENT_READ, self._drain)
        except OSError:
            connection.close()
            return
        self.lingering[connection] = time.monotonic() + LINGER_SECONDS
        self.nr_conns += 1

    def murder_pending(self) -> None:
        """Close what is overdue; gunicorn asks for it every second, also while it stops."""
        super().murder_pending()
        now = time.monotonic()
        for connection in [connection for connection, end in self.lingering.items() if end <= now]:
            self._close(connection)

    def _drain(self, connection: socket) -> None:
        """Read what the client still sends: unread, it would cost the client its answer."""
        with suppress(OSError):
            if connection.recv(CHUNK):
                return
        self._close(connection)

    def _close(self, connection: socket) -> None:
        del self.lingering[connection]
        self.poller.unregister(connection)
        self.nr_conns -= 1
        connection.close()
