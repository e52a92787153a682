"""A pool of connections."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from asyncpg import Record
    from asyncpg.pool import Pool, PoolConnectionProxy

__all__ = ["Connections", "PooledConnection"]

PooledConnection: TypeAlias = "PoolConnectionProxy[Record]"

# Longer than this nobody waits for a statement that was interrupted; its connection is closed then.
GIVE_BACK_SECONDS = 0.3


class Connections:
    """asyncpg's pool, in which nobody waits longer than `patience` seconds for a connection."""

    def __init__(self, pool: "Pool[Record]", patience: float) -> None:
        self._pool = pool
        self._patience = patience

    async def take(self) -> PooledConnection:
        return await self._pool.acquire(timeout=self._patience)

    async def give_back(self, connection: PooledConnection) -> None:
        await self._pool.release(connection, timeout=GIVE_BACK_SECONDS)
