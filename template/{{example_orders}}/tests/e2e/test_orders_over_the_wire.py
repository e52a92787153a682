from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import httpx2
import pytest

from tests.e2e.processes import Service, eventually, own_postgresql, serving, started
from tests.http.orders import ORDERS, body
from tests.stub_payment_gateway import StubPaymentGateway, payment, running_gateway

pytestmark = pytest.mark.slow


@pytest.fixture
def gateway() -> Iterator[StubPaymentGateway]:
    with running_gateway() as gateway:
        yield gateway


def test_an_order_goes_from_the_wire_to_the_gateway_and_the_database_and_back(
    tmp_path: Path, database_url: str, gateway: StubPaymentGateway
) -> None:
    with (
        serving(tmp_path, database_url, PAYMENT_GATEWAY_URL=gateway.url, WORKERS=2) as service,
        service.client() as client,
    ):
        headers = {"X-Request-ID": "all-the-way"}
        placed = client.post(ORDERS, json=body(note="über"), headers=headers)
        assert placed.status_code == 201
        assert placed.json()["status"] == "confirmed"
        found = client.get(placed.headers["Location"])
        assert found.json() == placed.json()
        assert [order["id"] for order in client.get(ORDERS).json()["items"]] == [found.json()["id"]]
        (asked,) = gateway.received
        assert asked.headers["x-request-id"] == "all-the-way"
        assert {line["route"] for line in service.logs if line.get("status") == 201} == {ORDERS}


def test_a_shutdown_under_load_fails_no_request(tmp_path: Path, database_url: str, gateway: StubPaymentGateway) -> None:
    released = Event()
    gateway.answers = [replace(payment(), released=released)]
    with (
        serving(
            tmp_path, database_url, PAYMENT_GATEWAY_URL=gateway.url,
            PAYMENT_GATEWAY_TIMEOUT_SECONDS=10, DRAIN_SECONDS=2,
        ) as service,
        service.client() as client,
        ThreadPoolExecutor(8) as threads,
    ):  # fmt: skip
        turned_away = Event()
        slow = threads.submit(place_one, client)
        eventually(lambda: len(gateway.received) == 1)
        busy = [threads.submit(keep_placing, service, turned_away) for _ in range(4)]
        eventually(lambda: len(gateway.received) > 20)
        service.terminate()
        # What a load balancer does: it looks at readiness, and sends no more.
        eventually(lambda: service.get("/ready").status_code == 503)
        last = threads.submit(place_one, client)
        assert last.result() == 201
        turned_away.set()
        answers = [status for worker in busy for status in worker.result()]
        assert set(answers) == {201}
        eventually(lambda: not service.listens())
        assert not slow.done()
        released.set()
        assert slow.result() == 201
        assert service.has_ended_well()
        assert service.failures == []


def test_twenty_requests_with_one_key_at_two_workers_make_one_order(
    tmp_path: Path, database_url: str, gateway: StubPaymentGateway
) -> None:
    headers = {"Idempotency-Key": "all-together"}
    with (
        serving(tmp_path, database_url, WORKERS=2, PAYMENT_GATEWAY_URL=gateway.url) as service,
        service.client() as client,
        ThreadPoolExecutor(20) as threads,
    ):
        post = partial(client.post, ORDERS, json=body(), headers=headers)
        responses = [future.result() for future in [threads.submit(post) for _ in range(20)]]
        placed = [response.text for response in responses if response.status_code == 201]
        refused = [response for response in responses if response.status_code != 201]
        assert placed
        assert len(set(placed)) == 1
        assert {response.json()["code"] for response in refused} <= {"idempotency_in_flight"}
        assert len(service.get(ORDERS).json()["items"]) == 1
        assert len(gateway.received) == 1


def test_fifty_at_once_share_two_connections(tmp_path: Path, database_url: str) -> None:
    with (
        serving(tmp_path, database_url, DATABASE_POOL_SIZE=2) as service,
        service.client() as client,
        ThreadPoolExecutor(50) as threads,
    ):
        futures = [threads.submit(place_one, client) for _ in range(50)]
        assert [future.result() for future in futures] == [201] * 50


def test_orders_are_put_off_while_the_database_is_away(tmp_path: Path) -> None:
    with own_postgresql() as postgresql:
        url = postgresql.get_uri()
        with started(tmp_path, "migrate", DATABASE_URL=url, ALLOWED_HOSTS="a") as migration:
            assert migration.process.wait(20) == 0
        with serving(tmp_path, url) as service, service.client() as client:
            placed = client.post(ORDERS, json=body())
            assert placed.status_code == 201
            postgresql.stop()
            for ask in (partial(client.get, ORDERS), partial(client.post, ORDERS, json=body())):
                response = ask()
                assert response.status_code == 503
                assert response.headers["Content-Type"] == "application/problem+json"
                assert response.headers["Retry-After"] == "1"
                assert response.json()["code"] == "service_unavailable"
            postgresql.ensure_postgres_running()
            eventually(lambda: client.get(ORDERS).status_code == 200)
            assert client.get(placed.headers["Location"]).json() == placed.json()
            assert not [line for line in service.logs if line["level"] == "error"]


def place_one(client: httpx2.Client) -> int:
    return client.post(ORDERS, json=body()).status_code


def keep_placing(service: Service, turned_away: Event) -> list[int]:
    """Place orders on one connection, kept open as far as the server allows."""
    answers = []
    with service.client() as client:
        while not turned_away.is_set():
            answers.append(client.post(ORDERS, json=body()).status_code)
    return answers
