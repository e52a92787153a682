"""Requests sent at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx


def at_once(count: int, send: Callable[[int], httpx.Response]) -> list[httpx.Response]:
    """Call `send` with 0 … count - 1, each in a thread of its own, all released together."""
    barrier = Barrier(count, timeout=30)

    def wait_and_send(number: int) -> httpx.Response:
        barrier.wait()
        return send(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(wait_and_send, range(count)))
