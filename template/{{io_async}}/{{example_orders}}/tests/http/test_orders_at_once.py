import asyncio

import pytest

from tests.http.expectations import Serve, expect_problem
from tests.http.orders import ORDERS, body
from tests.sql import connect

pytestmark = pytest.mark.slow

BLOCKED = """
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND NOT granted
"""


async def test_fifty_requests_share_two_connections(serve: Serve) -> None:
    async with serve(database_pool_size=2, database_max_overflow=0) as client:
        responses = await asyncio.gather(
            *(client.post(ORDERS, json=body()) for _ in range(25)), *(client.get(ORDERS) for _ in range(25))
        )
    assert [response.status_code for response in responses] == [201] * 25 + [200] * 25


async def test_a_request_that_gets_no_connection_in_time_is_put_off(serve: Serve, database_url: str) -> None:
    async with (
        serve(database_pool_size=1, database_pool_timeout_seconds=0.1) as client,
        connect(database_url) as locking,
    ):
        # The one connection is there before anybody waits for it.
        assert (await client.get(ORDERS)).status_code == 200
        await locking.execute("BEGIN; LOCK TABLE orders")
        waiting = asyncio.create_task(client.get(ORDERS))
        while not await locking.rows(BLOCKED):
            assert not waiting.done()
            await asyncio.sleep(0.01)
        refused = await client.get(ORDERS)
        await locking.execute("ROLLBACK")
        assert (await waiting).status_code == 200
    expect_problem(refused, 503, "service_unavailable")
