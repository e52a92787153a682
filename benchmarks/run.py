"""Compares the CPU per request of rendered services with that of a hand-written application."""

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from load import Request
from servers import SLUG, Machine, Server

ORDERS: Final = "/api/v1/orders"
SEEDED: Final = 1_000
READ: Final = 100
BODY: Final = json.dumps(
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
PLACE: Final = Request("POST", ORDERS, BODY)

BARE: Final[dict[str, Any]] = {"auth": "none", "queue": "none", "observability": []}
# What is switched on alone, to see what it costs.
FEATURES: Final[dict[str, dict[str, Any]]] = {
    "jwt": {"auth": "jwt"},
    "procrastinate": {"queue": "procrastinate"},
    "prometheus": {"observability": ["prometheus"]},
    "opentelemetry, off": {"observability": ["opentelemetry"]},
}
OPERATIONS: Final = {"health": 2_000, "read": 600, "list 20": 300, "place": 400}


@dataclass(frozen=True, slots=True)
class Subject:
    """A server, and the requests that are sent to it for each operation."""

    server: Server
    requests: Mapping[str, Sequence[Request]]

    @classmethod
    def of(cls, server: Server) -> "Subject":
        """Seed the database, which warms the server up."""
        server.send([PLACE], SEEDED // 2)
        newest = server.send([Request("GET", f"{ORDERS}?limit={READ}")], 1)
        reads = [Request("GET", f"{ORDERS}/{order['id']}") for order in json.loads(newest)["items"]]
        return cls(
            server,
            {
                "health": [Request("GET", "/health")],
                "read": reads,
                "list 20": [Request("GET", f"{ORDERS}?limit=20")],
                "place": [PLACE],
            },
        )


# By subject and operation, one figure for each round.
Costs = dict[str, dict[str, list[float]]]


def main() -> None:
    arguments = _arguments()
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        machine = Machine(directory)
        stack.callback(machine.stop)
        chosen = _chosen(dict(arguments.answers), features=not arguments.defaults_only)
        subjects = _start(stack, machine, chosen)
        costs = _measure(subjects, arguments.rounds, arguments.scale)
    print(f"\nCPU per request in µs, median of {arguments.rounds} rounds")
    _print_ratios("the default answers", costs["default floor"], costs["default"])
    if not arguments.defaults_only:
        _print_ratios("no auth, queue and telemetry", costs["bare floor"], costs["bare"])
        _print_features(costs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--scale", type=float, default=1.0, help="more or fewer requests")
    parser.add_argument("--defaults-only", action="store_true", help="leave out each feature alone")
    parser.add_argument(
        "--answers",
        type=_answer,
        nargs="+",
        default=[],
        metavar="QUESTION=VALUE",
        help="measure these instead of the default ones: orm=asyncpg",
    )
    return parser.parse_args()


def _answer(text: str) -> tuple[str, str]:
    question, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not QUESTION=VALUE")
    return question, value


def _chosen(given: Mapping[str, Any], *, features: bool) -> dict[str, dict[str, Any]]:
    """Return the answers of each service, by its name."""
    chosen = {"default": {**given}}
    if features:
        chosen["bare"] = {**given, **BARE}
        chosen |= {name: {**given, **BARE, **answers} for name, answers in FEATURES.items()}
    return chosen


def _start(
    stack: ExitStack, machine: Machine, chosen: Mapping[str, Mapping[str, Any]]
) -> dict[str, Subject]:
    """Serve everything side by side; a floor works on the tables of its service."""
    subjects: dict[str, Subject] = {}
    for name, answers in chosen.items():
        service = machine.service(name, answers)
        commands = {name: [service.program(SLUG), "serve"]}
        if name in {"default", "bare"}:
            commands[f"{name} floor"] = service.floor
        for called, command in commands.items():
            server = stack.enter_context(machine.serving(called, service, command))
            subjects[called] = Subject.of(server)
    return subjects


def _measure(subjects: Mapping[str, Subject], rounds: int, scale: float) -> Costs:
    """Measure each operation on all in turn, `rounds` times, after one that does not count."""
    costs: Costs = {name: {operation: [] for operation in OPERATIONS} for name in subjects}
    for number in range(rounds + 1):
        for operation, count in OPERATIONS.items():
            for name, subject in subjects.items():
                cost = subject.server.cost(subject.requests[operation], round(count * scale))
                if number:
                    costs[name][operation].append(cost)
        print(f"\rround {number} of {rounds}", end="", file=sys.stderr, flush=True)
    return costs


def _print_ratios(
    title: str, floor: Mapping[str, list[float]], ours: Mapping[str, list[float]]
) -> None:
    print(f"\n{title}\n")
    print(f"{'operation':<12}{'floor':>8}{'ours':>8}{'ratio':>8}{'lowest':>9}{'highest':>9}")
    for operation in OPERATIONS:
        ratios = [b / a for a, b in zip(floor[operation], ours[operation], strict=True)]
        print(
            f"{operation:<12}"
            f"{statistics.median(floor[operation]):>8.0f}{statistics.median(ours[operation]):>8.0f}"
            f"{statistics.median(ratios):>8.2f}{min(ratios):>9.2f}{max(ratios):>9.2f}"
        )


def _print_features(costs: Costs) -> None:
    print("\nwhat each feature adds, switched on alone\n")
    print(f"{'feature':<22}" + "".join(f"{operation:>9}" for operation in OPERATIONS))
    for name in FEATURES:
        print(f"{name:<22}" + "".join(f"{_added(costs, name, x):>+9.0f}" for x in OPERATIONS))


def _added(costs: Costs, name: str, operation: str) -> float:
    pairs = zip(costs["bare"][operation], costs[name][operation], strict=True)
    return statistics.median(ours - bare for bare, ours in pairs)


if __name__ == "__main__":
    main()
