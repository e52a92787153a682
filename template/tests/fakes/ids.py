"""Ids that can be foreseen."""

from itertools import count
from uuid import UUID


class FakeIds:
    """`NewId`: 1, 2, 3 …"""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> UUID:
        return id_number(next(self._numbers))


def id_number(number: int) -> UUID:
    """Return an id; of two the one with the greater number is the greater."""
    return UUID(int=(7 << 76) | (2 << 62) | number)
