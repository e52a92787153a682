"""Taking connections from the driver's pool, and giving them back."""

from asyncio import timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from asyncpg import InterfaceError, InternalClientError, PostgresError

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import Pool, PoolConnectionProxy

__all__ = ["Connections", "PooledConnection"]

PooledConnection: TypeAlias = "PoolConnectionProxy[Record]"

# What does not hear by then that its statement was interrupted is closed instead of kept.
INTERRUPT_SECONDS = 0.3


class Connections:
    """asyncpg's pool, in which a connection is waited for that long and no longer."""

    def __init__(self, pool: "Pool[Record]", wait_seconds: float) -> None:
        self._pool = pool
        self._wait_seconds = wait_seconds

    @asynccontextmanager
    async def one(self) -> AsyncIterator[PooledConnection]:
        """Take a connection, and give it back unless that was done in between."""
        connection = await self.take()
        try:
            yield connection
        finally:
            await self.give_back(connection)

    async def take(self) -> PooledConnection:
        # The pool's own timeout makes a task of it.
        async with timeout(self._wait_seconds):
            return await self._pool.acquire()

    async def give_back(self, connection: PooledConnection) -> None:
        """Give a connection back. Doing so again changes nothing."""
        # The driver closes what it can't make ready for others. Those who are done need not know.
        with suppress(InterfaceError, InternalClientError, OSError, PostgresError):
            await self._pool.release(connection, timeout=INTERRUPT_SECONDS)
