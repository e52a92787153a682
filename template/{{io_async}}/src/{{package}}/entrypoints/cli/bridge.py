"""From the command line, which waits, into the application, which does not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(task: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(task())
