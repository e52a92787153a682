"""What tests know of how the service keeps its data."""

from typing import Final

from asyncpg import UniqueViolationError as AlreadyStoredError

__all__ = ["HISTORY", "AlreadyStoredError"]

# Tables in which the migrations say how far they are.
HISTORY: Final = ("_pogo_migration", "_pogo_version")
