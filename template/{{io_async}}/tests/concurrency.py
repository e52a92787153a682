"""Doing several things at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def together(*tasks: Callable[[], Awaitable[T]]) -> list[T]:
    """Run tasks at the same time and return their results, in the order of the tasks."""
    return list(await asyncio.gather(*(task() for task in tasks)))


async def pause() -> None:
    """Let the other tasks get as far as they can."""
    await asyncio.sleep(0.02)
