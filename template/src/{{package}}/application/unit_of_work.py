"""Transactions, as the use cases see them.

Each feature extends `UnitOfWork` with the repositories that it needs. The composition root builds
one class that satisfies all of them.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

Work_co = TypeVar("Work_co", bound="UnitOfWork", covariant=True)


class UnitOfWork(Protocol):
    """One transaction. Leaving its block without `commit` undoes everything that was done in it."""

    async def commit(self) -> None:
        """Make it last. Nothing may be done with this unit of work afterwards."""


class UnitOfWorkFactory(Protocol[Work_co]):
    def __call__(self) -> AbstractAsyncContextManager[Work_co]:
        """Begin a transaction of its own.

        Raises `DependencyUnavailableError`, from the block too, when the database can't be reached.
        """
