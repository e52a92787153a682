"""From the command line into the application. Both wait, so there is nothing to it."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def run(task: Callable[[], T]) -> T:
    return task()
