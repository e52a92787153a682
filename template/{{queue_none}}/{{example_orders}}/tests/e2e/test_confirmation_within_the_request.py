from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.e2e.processes import eventually, serving
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


def test_a_shutdown_completes_a_request_that_waits_for_the_gateway(
    tmp_path: Path, database_url: str, gateway: StubPaymentGateway
) -> None:
    released = Event()
    gateway.answers = [replace(payment(), released=released)]
    with (
        serving(tmp_path, database_url, PAYMENT_GATEWAY_URL=gateway.url, PAYMENT_GATEWAY_TIMEOUT_SECONDS=10) as service,
        service.client() as client,
        ThreadPoolExecutor(1) as threads,
    ):
        slow = threads.submit(client.post, ORDERS, json=body())
        eventually(lambda: len(gateway.received) == 1)
        service.terminate()
        eventually(lambda: not service.listens())
        assert not slow.done()
        released.set()
        assert slow.result().status_code == 201
        assert service.has_ended_well()
        assert service.failures == []


def test_twenty_requests_with_one_key_at_two_workers_are_paid_for_once(
    tmp_path: Path, database_url: str, gateway: StubPaymentGateway
) -> None:
    headers = {"Idempotency-Key": "all-together"}
    with (
        serving(tmp_path, database_url, WORKERS=2, PAYMENT_GATEWAY_URL=gateway.url) as service,
        service.client() as client,
        ThreadPoolExecutor(20) as threads,
    ):
        post = partial(client.post, ORDERS, json=body(), headers=headers)
        for future in [threads.submit(post) for _ in range(20)]:
            assert future.result().status_code in {201, 409}
        assert len(gateway.received) == 1
