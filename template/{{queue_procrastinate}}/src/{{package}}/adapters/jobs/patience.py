"""How Procrastinate's worker bears a database that is away.

By itself it would stop at the first query that fails, and begin nothing until the jobs under way have ended.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final, LiteralString, TypeVar

import structlog
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError
from psycopg.errors import ReadOnlySqlTransaction

T = TypeVar("T")

log = structlog.get_logger()

PAUSE_SECONDS: Final = 1.0


class PatientConnector(PsycopgConnector):
    """Asks again until the database answers, or `stop` is set."""

    def __init__(self, stop: asyncio.Event, **pool: Any) -> None:
        # The pool itself would wait ever longer between its attempts to connect.
        super().__init__(**pool, min_size=0, reconnect_timeout=PAUSE_SECONDS)
        self._is_to_stop = stop
        for name in ("procrastinate.utils", "procrastinate.worker.worker"):
            logging.getLogger(name).addFilter(tells_of_no_outage)

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await self._asking_again(partial(super().execute_query_async, query, **arguments))

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        return await self._asking_again(partial(super().execute_query_one_async, query, **arguments))

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        return await self._asking_again(partial(super().execute_query_all_async, query, **arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        await self._asking_again(partial(super().listen_notify, on_notification, channels))

    async def _asking_again(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except ConnectorException as error:
                if self._is_to_stop.is_set() or not is_outage(error):
                    raise
                log.warning("dependency unavailable", dependency="queue", reason=repr(error.__cause__))
            await asyncio.sleep(PAUSE_SECONDS)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database may answer later: it is away, or a standby that takes no writes."""
    return isinstance(error, ConnectorException) and isinstance(
        error.__cause__, (OperationalError, ReadOnlySqlTransaction)
    )


def tells_of_no_outage(record: logging.LogRecord) -> bool:
    """Whether a record says what the service does not: as it stops, queries are not asked again."""
    return not (record.exc_info and is_outage(record.exc_info[1]))
