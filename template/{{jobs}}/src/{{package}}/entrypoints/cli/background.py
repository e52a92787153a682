"""What `dev` runs beside the server."""

from typing import Final

# Commands of the service.
BACKGROUND: Final[tuple[str, ...]] = ("worker",)
