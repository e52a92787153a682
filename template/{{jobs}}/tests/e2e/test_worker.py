import signal
from pathlib import Path

import pytest

from tests.e2e.processes import eventually, own_postgresql, started
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
        assert not [line for line in process.logs if line["level"] == "error"]
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
            assert not [line for line in process.logs if line["level"] == "error"]
            assert process.errors == ""


def test_a_worker_with_bad_settings_says_all_that_is_wrong_and_ends(tmp_path: Path) -> None:
    with started(
        tmp_path / "worker", "worker", WORKER_CONCURRENCY=0, JOB_MAX_ATTEMPTS="many", JOB_TIMEOUT_SECONDS=-1
    ) as worker:
        assert worker.process.wait(60) == 1
        for name in ("DATABASE_URL", "WORKER_CONCURRENCY", "JOB_MAX_ATTEMPTS", "JOB_TIMEOUT_SECONDS"):
            assert f"  {name}: " in worker.errors
        assert "Traceback" not in worker.errors
