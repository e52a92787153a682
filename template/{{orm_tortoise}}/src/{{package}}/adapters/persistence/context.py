"""What Tortoise has to know before a table is used, and while it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import ConnectionHandler
from tortoise.context import TortoiseContext

CONNECTION: Final = "default"


class _Current(TortoiseContext):
    """The context of one task for a while: what it enters with is its own, the connections are shared."""

    def __init__(self, connections: ConnectionHandler) -> None:
        super().__init__()
        self._connections = connections


async def tortoise_context(tables: Mapping[str, ModuleType]) -> TortoiseContext:
    """Tell Tortoise of tables, by the app that they belong to, and return what it made of them.

    It keeps that with the tables themselves, for the whole process. Nothing is connected, and no context is left
    behind in which a query could find a connection.
    """
    context = TortoiseContext()
    if tables:
        with context:
            await context.init(
                {
                    "connections": {CONNECTION: {"engine": "tortoise.backends.asyncpg", "credentials": {}}},
                    "apps": {app: {"models": [module.__name__]} for app, module in tables.items()},
                }
            )
    return context


@contextmanager
def queries_take(connection: BaseDBAsyncClient, context: TortoiseContext) -> Iterator[None]:
    """Let queries of this task take `connection`, unless they name another by `using_db`."""
    with _Current(context.connections):
        token = context.connections.set(CONNECTION, connection)
        try:
            yield
        finally:
            context.connections.reset(token)
