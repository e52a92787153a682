"""How long a call may take in all, however busily it trickles."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

__all__ = ["within"]


async def within(seconds: float, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, or raise `TimeoutError` when it takes longer."""
    async with asyncio.timeout(seconds):
        return await work()
