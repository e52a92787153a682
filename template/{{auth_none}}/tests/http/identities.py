"""Whom the tests of the HTTP edge ask as: nobody in particular."""

from typing import Final

SUBJECT: Final = "anonymous"


def authorization() -> dict[str, str]:
    """Return the headers by which a client says who it is."""
    return {}
