import signal
import time
from pathlib import Path

import pytest

from tests.e2e.processes import eventually, own_postgresql, serving, silent, started

pytestmark = pytest.mark.slow


def test_a_server_that_was_started_becomes_ready(tmp_path: Path, database_url: str) -> None:
    with started(
        tmp_path, "serve", ENVIRONMENT="production", DATABASE_URL=database_url, ALLOWED_HOSTS="127.0.0.1"
    ) as service:
        eventually(service.answers)
        response = service.get("/ready")
        assert response.json() == {"status": "ready", "checks": {"database": "ok"}}
        assert "Server" not in response.headers


@pytest.mark.parametrize("workers", [1, 2])
def test_a_server_of_any_size_ends_when_told_and_has_written_nothing_but_json(
    tmp_path: Path, database_url: str, workers: int
) -> None:
    with serving(tmp_path, database_url, WORKERS=workers) as service:
        answers = [service.get("/ready").status_code for _ in range(5 * workers)]
        assert set(answers) == {200}
        service.terminate()
        assert service.has_ended_well()
        events = [line["event"] for line in service.logs]
        assert sum(event.startswith("Started server process") for event in events) == workers
        assert sum(event.startswith("Finished server process") for event in events) == workers
        assert events.count("request") > len(answers)
        assert not service.logged_errors
        assert service.errors == ""


def test_a_server_that_is_told_to_stop_is_not_ready_but_serves_on_for_a_while(
    tmp_path: Path, database_url: str
) -> None:
    with serving(tmp_path, database_url, DRAIN_SECONDS=2) as service, service.client() as client:
        assert client.get("/ready").status_code == 200
        told = time.monotonic()
        service.terminate()
        eventually(lambda: client.get("/ready").status_code == 503)
        draining = client.get("/ready")
        assert draining.json()["code"] == "not_ready"
        assert draining.json()["checks"] == {"shutdown": "draining"}
        assert draining.headers["Connection"] == "close"
        assert client.get("/health").status_code == 200
        eventually(lambda: not service.listens())
        assert time.monotonic() - told >= 2
        assert service.has_ended_well()


def test_who_sends_too_much_before_reading_gets_the_answer_all_the_same(tmp_path: Path, database_url: str) -> None:
    size = 5_000_000
    head = f"POST /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
    with serving(tmp_path, database_url) as service:
        for _ in range(5):
            with service.connect() as connection:
                connection.sendall(head.encode())
                connection.sendall(b"x" * size)
                with connection.makefile("rb") as answer:
                    assert answer.readline().startswith(b"HTTP/1.1 413 ")
                    assert b'"body_too_large"' in answer.read()


def test_white_space_around_a_value_is_no_part_of_it(tmp_path: Path, database_url: str) -> None:
    head = "GET /health HTTP/1.1\r\nHost: \t127.0.0.1 \r\nX-Request-ID:  spaced \t\r\nConnection: close \r\n\r\n"
    with serving(tmp_path, database_url) as service, service.connect() as connection:
        connection.sendall(head.encode())
        with connection.makefile("rb") as answer:
            assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
            assert b"x-request-id: spaced\r\n" in answer.read().lower()


def test_an_interrupt_ends_the_wait(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, database_url, DRAIN_SECONDS=60) as service:
        service.terminate()
        eventually(lambda: service.get("/ready").status_code == 503)
        service.terminate()
        assert service.get("/ready").status_code == 503
        service.process.send_signal(signal.SIGINT)
        assert service.has_ended_well()


def test_a_database_that_goes_is_noticed_and_one_that_comes_back_is_used(tmp_path: Path) -> None:
    with own_postgresql() as postgresql, serving(tmp_path, postgresql.get_uri()) as service, service.client() as client:
        assert client.get("/ready").status_code == 200
        postgresql.stop()
        away = client.get("/ready")
        assert away.status_code == 503
        assert away.json()["checks"] == {"database": "unavailable"}
        assert away.elapsed.total_seconds() < 2
        assert client.get("/health").status_code == 200
        postgresql.ensure_postgres_running()
        eventually(lambda: client.get("/ready").status_code == 200)


def test_a_database_that_falls_silent_is_noticed_in_time(tmp_path: Path) -> None:
    with own_postgresql() as postgresql, serving(tmp_path, postgresql.get_uri()) as service, service.client() as client:
        assert client.get("/ready").status_code == 200
        with silent(postgresql):
            away = client.get("/ready")
            assert away.json()["checks"] == {"database": "unavailable"}
            # To ask takes a second and a half; to end the connection, which nobody waits for, two more.
            assert away.elapsed.total_seconds() < 3
        eventually(lambda: client.get("/ready").status_code == 200)
        service.terminate()
        assert service.has_ended_well()
        assert not service.logged_errors
        assert service.errors == ""


def test_a_server_with_bad_settings_says_all_that_is_wrong_and_ends(tmp_path: Path) -> None:
    with started(tmp_path, "serve", PORT="many", RATE_LIMIT="often", TRUSTED_PROXIES="a, b", WORKERS=0) as service:
        assert service.process.wait(60) == 1
        for name in (
            "DATABASE_URL", "ALLOWED_HOSTS", "PORT", "RATE_LIMIT", "TRUSTED_PROXIES", "WORKERS"
        ):  # fmt: skip
            assert f"  {name}: " in service.errors
        assert service.errors.startswith("invalid settings:")
        assert "Traceback" not in service.errors


def test_a_password_in_a_bad_setting_is_not_shown(tmp_path: Path) -> None:
    with started(tmp_path, "serve", DATABASE_URL="mysql://app:hunter2@db/app") as service:
        assert service.process.wait(60) == 1
        assert "DATABASE_URL" in service.errors
        assert "hunter2" not in service.errors + service.output
