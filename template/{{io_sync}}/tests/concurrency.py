"""Doing several things at once."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def together(*tasks: Callable[[], T]) -> list[T]:
    """Run tasks at the same time and return their results, in the order of the tasks."""
    with ThreadPoolExecutor(len(tasks)) as threads:
        return [future.result() for future in [threads.submit(task) for task in tasks]]


def pause() -> None:
    """Let the other tasks get as far as they can."""
    time.sleep(0.02)
