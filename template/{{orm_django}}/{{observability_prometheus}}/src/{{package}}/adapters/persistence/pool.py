"""The pool of connections, which tells Prometheus how busy it is."""

from threading import Lock
from time import perf_counter
from typing import Any, Final

import psycopg
import psycopg_pool
from prometheus_client import Gauge, Histogram

__all__ = ["ConnectionPool"]

LIMIT: Final = Gauge(
    "database_pool_connections_limit", "Connections that the pool may open.", multiprocess_mode="livesum"
)
IN_USE: Final = Gauge(
    "database_pool_connections_in_use", "Connections that somebody has taken.", multiprocess_mode="livesum"
)
WAIT: Final = Histogram(
    "database_pool_wait_seconds",
    "Time until a connection was there, or was not to be had.",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
)


class ConnectionPool(psycopg_pool.ConnectionPool["psycopg.Connection[Any]"]):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = 0
        self._counting = Lock()
        LIMIT.set(self.max_size)

    def getconn(self, timeout: float | None = None) -> "psycopg.Connection[Any]":
        started = perf_counter()
        try:
            connection = super().getconn(timeout)
        finally:
            WAIT.observe(perf_counter() - started)
        self._count(1)
        return connection

    def putconn(self, conn: "psycopg.Connection[Any]") -> None:
        self._count(-1)
        super().putconn(conn)

    def _count(self, more: int) -> None:
        with self._counting:
            self._taken += more
            IN_USE.set(self._taken)
