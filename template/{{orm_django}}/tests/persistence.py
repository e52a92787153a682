"""What tests know of how the service keeps its data."""

from typing import Final

from django.db import IntegrityError as AlreadyStoredError

__all__ = ["HISTORY", "AlreadyStoredError"]

# Tables in which the migrations say how far they are, and what they have filled.
HISTORY: Final = ("auth_permission", "django_content_type", "django_migrations")
