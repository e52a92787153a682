"""Processes that do background work."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.processes import Service, eventually, started


@contextmanager
def working(folder: Path, database_url: str, command: str = "worker", **settings: object) -> Iterator[Service]:
    """Start a worker, or a relay, as in production, and wait until it says that it is there."""
    settings = {"ENVIRONMENT": "production", "DATABASE_URL": database_url, "ALLOWED_HOSTS": "127.0.0.1", **settings}
    with started(folder, command, **settings) as service:
        eventually(lambda: service.says(f'"{command} started"'))
        yield service
