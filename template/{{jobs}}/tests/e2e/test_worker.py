import signal
import time
from pathlib import Path

import pytest

from tests.e2e.processes import eventually, own_postgresql, silent, started
from tests.e2e.workers import working

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("command", ["worker", "relay"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_without_work_ends_when_told_and_has_written_nothing_but_json(
    tmp_path: Path, database_url: str, command: str, number: signal.Signals
) -> None:
    with working(tmp_path / command, database_url, command) as process:
        process.process.send_signal(number)
        assert process.process.wait(60) == 0
        assert [line["event"] for line in process.logs][-2:] == [f"{command} started", f"{command} stopped"]
        assert not process.logged_errors
        assert process.errors == ""


def test_a_worker_that_is_told_twice_ends_once(tmp_path: Path, database_url: str) -> None:
    with working(tmp_path / "worker", database_url) as worker:
        for _ in range(5):
            worker.press_ctrl_c()
        assert worker.process.wait(60) == 0
        assert worker.errors == ""


@pytest.mark.parametrize("command", ["worker", "relay"])
def test_a_process_waits_for_a_database_that_is_away_until_it_is_told_to_end(tmp_path: Path, command: str) -> None:
    with own_postgresql() as postgresql:
        url = postgresql.get_uri()
        postgresql.stop()
        with working(tmp_path / command, url, command) as process:
            eventually(lambda: process.says("dependency unavailable"))
            process.terminate()
            assert process.process.wait(60) == 0
            assert not process.logged_errors
            assert process.errors == ""


def test_processes_do_not_wait_for_a_database_that_is_silent_once_they_are_told_to_end(tmp_path: Path) -> None:
    with own_postgresql() as postgresql:
        url = postgresql.get_uri()
        with started(tmp_path / "migrate", "migrate", DATABASE_URL=url, ALLOWED_HOSTS="127.0.0.1") as migration:
            assert migration.process.wait(60) == 0
        with (
            working(tmp_path / "worker", url, SHUTDOWN_SECONDS=1) as worker,
            working(tmp_path / "relay", url, "relay", SHUTDOWN_SECONDS=1) as relay,
        ):
            # Time to connect, and then to ask for what is due.
            time.sleep(3)
            with silent(postgresql):
                time.sleep(6)
                worker.terminate()
                relay.terminate()
                assert [process.process.wait(30) for process in (worker, relay)] == [0, 0]
            for process, command in ((worker, "worker"), (relay, "relay")):
                assert f"{command} stopped" in [line["event"] for line in process.logs]
                assert process.errors == ""


def test_a_worker_with_bad_settings_says_all_that_is_wrong_and_ends(tmp_path: Path) -> None:
    with started(
        tmp_path / "worker", "worker", WORKER_CONCURRENCY=0, JOB_MAX_ATTEMPTS="many", JOB_TIMEOUT_SECONDS=-1
    ) as worker:
        assert worker.process.wait(60) == 1
        for name in ("DATABASE_URL", "WORKER_CONCURRENCY", "JOB_MAX_ATTEMPTS", "JOB_TIMEOUT_SECONDS"):
            assert f"  {name}: " in worker.errors
        assert "Traceback" not in worker.errors
