"""The bridge from the queue's event loop to the service, which waits."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Do it in a thread of its own. Whoever gives up waiting leaves it to end with the process, at the latest."""
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def do() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            result.set_exception(error)

    # Unlike those of an executor, it does not keep the process from ending.
    Thread(target=do, daemon=True).start()
    return await asyncio.wrap_future(result)
