"""What tests know of how the service keeps its data."""

from typing import Final

from sqlalchemy.exc import IntegrityError as AlreadyStoredError

__all__ = ["HISTORY", "AlreadyStoredError"]

# Tables in which the migrations say how far they are.
HISTORY: Final = ("alembic_version",)
