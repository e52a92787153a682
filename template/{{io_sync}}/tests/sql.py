"""SQL past the service: what the tests themselves do to a server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Sql:
    """One connection; every statement is a transaction of its own."""

    connection: psycopg.Connection

    def execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement.encode()).fetchall()


@contextmanager
def connect(url: str) -> Iterator[Sql]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        yield Sql(connection)
