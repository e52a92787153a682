"""Traces of statements: none."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncpg import Connection

__all__ = ["trace_statements"]


async def trace_statements(connection: "Connection[Any]") -> None: ...
