"""What every feature may need from outside."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Return the present time, aware, in UTC."""


class NewId(Protocol):
    def __call__(self) -> UUID:
        """Return an id never returned before; ids sort by their time (UUIDv7, RFC 9562)."""


class DependencyUnavailableError(Exception):
    """A dependency can't be reached now. The same call may work later; nothing was committed."""

    def __init__(self, dependency: str) -> None:
        super().__init__(f"{dependency} is unavailable")
        self.dependency = dependency
