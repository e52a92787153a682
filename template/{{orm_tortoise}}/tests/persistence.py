"""What tests know of how the service keeps its data."""

from typing import Final

from tortoise.exceptions import IntegrityError as AlreadyStoredError

__all__ = ["HISTORY", "AlreadyStoredError"]

# Tables in which the migrations say how far they are.
HISTORY: Final = ("tortoise_migrations",)
