"""Work that keeps a processor busy, by no more threads at once than there are workers."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")


def run_in(workers: Executor, work: Callable[[], T]) -> T:
    return workers.submit(work).result()
