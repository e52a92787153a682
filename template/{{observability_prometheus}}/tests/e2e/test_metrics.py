"""Metrics of a server that has several processes."""

import os
import re
import signal
from pathlib import Path
from socket import socket

import pytest
from prometheus_client.samples import Sample

from tests.e2e.processes import Service, eventually, serving, started
from tests.scraping import parse, scrape, total

pytestmark = pytest.mark.slow

PATH = "/docs"
REQUESTS = 20


@pytest.fixture
def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def counted(samples: list[Sample]) -> float:
    return total(samples, "http_requests_total", route=PATH, status="200")


def pools(samples: list[Sample]) -> float:
    return total(samples, "database_pool_connections_limit") / 5


def public(service: Service) -> list[Sample]:
    return parse(service.get("/metrics").text)


def workers(service: Service) -> list[int]:
    """Return the ids of the server processes that were ever started."""
    started = (re.fullmatch(r"Started server process \[(\d+)\]", line["event"]) for line in service.logs)
    return [int(match[1]) for match in started if match]


def test_every_process_tells_what_all_of_them_have_counted_also_when_one_dies(
    tmp_path: Path, database_url: str
) -> None:
    # What is killed at the end of this test takes nothing away.
    with serving(tmp_path, database_url, WORKERS=2, TMPDIR=tmp_path) as service:
        eventually(lambda: len(workers(service)) == 2)
        assert list(tmp_path.glob("metrics-*"))
        for _ in range(REQUESTS):
            assert service.get(PATH).status_code == 200
        # A request is counted once it has been answered.
        eventually(lambda: counted(public(service)) == REQUESTS)
        assert {counted(public(service)) for _ in range(10)} == {REQUESTS}
        eventually(lambda: pools(public(service)) == 2)

        os.kill(workers(service)[0], signal.SIGKILL)
        eventually(lambda: len(workers(service)) == 3)
        eventually(lambda: pools(public(service)) == 2)
        assert counted(public(service)) == REQUESTS
        assert service.get(PATH).status_code == 200
        eventually(lambda: counted(public(service)) == REQUESTS + 1)
        assert {counted(public(service)) for _ in range(5)} == {REQUESTS + 1}


def test_a_directory_of_others_that_is_missing_keeps_no_command_from_its_work(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with started(tmp_path, "openapi", PROMETHEUS_MULTIPROC_DIR=missing, prometheus_multiproc_dir=missing) as service:
        assert service.process.wait(60) == 0
        assert service.errors == ""


@pytest.mark.parametrize("number", [1, 2])
def test_a_server_leaves_no_counts_where_its_next_start_would_find_them(
    tmp_path: Path, database_url: str, number: int
) -> None:
    directory = tmp_path / "metrics"
    directory.mkdir()
    with serving(tmp_path, database_url, WORKERS=number, PROMETHEUS_MULTIPROC_DIR=directory) as service:
        assert service.get(PATH).status_code == 200
        eventually(lambda: counted(public(service)) == 1)
    assert not list(directory.iterdir())


@pytest.mark.parametrize("number", [1, 2])
def test_a_port_of_its_own_tells_of_all_processes_and_the_public_one_does_not(
    tmp_path: Path, database_url: str, free_port: int, number: int
) -> None:
    with serving(tmp_path, database_url, WORKERS=number, METRICS_PORT=free_port) as service:
        for _ in range(REQUESTS):
            service.get(PATH)
        assert service.get("/metrics").status_code == 404
        eventually(lambda: counted(scrape(free_port)) == REQUESTS)
        service.terminate()
        assert service.has_ended_well()
        assert service.errors == ""
