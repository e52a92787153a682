"""A shutdown that nobody notices."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Drain:
    """Whether this process is about to stop."""

    draining: bool = False


@contextmanager
def drained_on_sigterm(drain: Drain, seconds: float) -> Iterator[None]:
    """Put `seconds` between a SIGTERM and what the server does about it.

    Meanwhile the process serves on, but is not ready, so that load balancers turn away before it
    stops listening. SIGINT ends the wait. Has to be entered in the server's event loop;
    outside the main thread, where signals don't come, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    stop = signal.getsignal(signal.SIGTERM)

    def begin(number: int, frame: object) -> None:
        # A supervisor passes on what the whole group of processes may have been sent already.
        if callable(stop) and not drain.draining:
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, None)
        drain.draining = True

    if callable(stop):
        signal.signal(signal.SIGTERM, begin)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
