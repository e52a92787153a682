"""SQL past the service: what the tests themselves do to a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg


@dataclass(frozen=True, slots=True)
class Sql:
    """One connection; every statement is a transaction of its own."""

    connection: asyncpg.Connection

    async def execute(self, statement: str) -> None:
        await self.connection.execute(statement)

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in await self.connection.fetch(statement)]


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Sql]:
    connection = await asyncpg.connect(url)
    try:
        yield Sql(connection)
    finally:
        await connection.close()
