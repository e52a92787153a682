from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx2

from tests.concurrency import pause, together
from tests.http.expectations import Serve, expect_problem
from tests.http.orders import ORDERS, body, count, path_of, place
from tests.sql import connect

BLOCKED = """
    SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND NOT granted
"""


def test_fifty_requests_share_two_connections(serve: Serve) -> None:
    with serve(database_pool_size=2, database_max_overflow=0) as client:
        responses = together(
            *(partial(client.post, ORDERS, json=body()) for _ in range(25)),
            *(partial(client.get, ORDERS) for _ in range(25)),
        )
    assert [response.status_code for response in responses] == [201] * 25 + [200] * 25


def test_a_request_that_gets_no_connection_in_time_is_put_off(serve: Serve, database_url: str) -> None:
    with (
        serve(database_pool_size=1, database_pool_timeout_seconds=0.3) as client,
        connect(database_url) as locking,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        # The one connection is there before anybody waits for it.
        assert client.get(ORDERS).status_code == 200
        locking.execute("BEGIN; LOCK TABLE orders")
        waiting = elsewhere.submit(client.get, ORDERS)
        while not locking.rows(BLOCKED):
            assert not waiting.done()
            pause()
        refused = client.get(ORDERS)
        locking.execute("ROLLBACK")
        assert waiting.result().status_code == 200
    expect_problem(refused, 503, "service_unavailable")


def test_twenty_requests_with_one_key_place_one_order(client: httpx2.Client) -> None:
    headers = {"Idempotency-Key": "all-together"}
    responses = together(*[partial(client.post, ORDERS, json=body(), headers=headers)] * 20)
    placed = [response for response in responses if response.status_code == 201]
    others = [response for response in responses if response.status_code != 201]
    assert placed
    assert len({response.text for response in placed}) == 1
    for response in others:
        expect_problem(response, 409, "idempotency_in_flight")
    assert sum("Idempotency-Replayed" not in response.headers for response in placed) == 1
    assert count(client) == 1


def test_of_changes_to_one_version_one_is_made(client: httpx2.Client) -> None:
    order = place(client)
    responses = together(
        *(
            partial(client.patch, path_of(order), json={"note": f"no. {number}"}, headers={"If-Match": '"1"'})
            for number in range(10)
        )
    )
    assert sorted(response.status_code for response in responses) == [200] + [412] * 9


def test_an_order_is_cancelled_once(client: httpx2.Client) -> None:
    order = place(client)
    responses = together(*[partial(client.post, f"{path_of(order)}/cancel")] * 10)
    assert sorted(response.status_code for response in responses) == [200] + [409] * 9
