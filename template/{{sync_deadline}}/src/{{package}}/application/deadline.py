"""How long something may take, where a thread does it."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Timer, get_ident, local
from time import sleep
from typing import Final, NoReturn, TypeVar

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """Do the work, or raise `TimeoutError` when it takes longer.

    A thread is interrupted between two lines of Python, unless they are `uninterrupted`. What waits
    outside of Python, for a socket or a lock, is not cut short, so it needs a timeout of its own.
    """
    interruption = _Interruption()
    timer = Timer(seconds, interruption.begin)
    timer.daemon = True
    try:
        try:
            timer.start()
            return work()
        finally:
            interruption.end()
            timer.cancel()
    except _Interrupted:
        # It may be that of a deadline around this one.
        if not interruption.begun:
            raise
        raise TimeoutError from None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Do this whole: the thread is interrupted at its end, if a deadline has passed meanwhile.

    It does not nest: the inner one would end the outer.
    """
    thread = THIS_THREAD.handle
    thread.uninterrupted, thread.missed = True, False
    try:
        yield
    finally:
        thread.uninterrupted = False
        if thread.missed:
            _have_it_behind(thread.ident)


class _Interrupted(BaseException):
    """Not an `Exception`, so that nobody on the way takes it for a failure of their own."""


@dataclass(slots=True)
class _Thread:
    """A thread, whether it is `uninterrupted`, and whether it was to be interrupted then."""

    ident: int = field(default_factory=get_ident)
    uninterrupted: bool = False
    missed: bool = False

    def interrupt(self) -> None:
        self.missed = self.uninterrupted
        if not self.missed:
            _raise_in(self.ident, _Interrupted)


class _ThisThread(local):
    def __init__(self) -> None:
        self.handle = _Thread()


THIS_THREAD: Final = _ThisThread()


@dataclass(slots=True)
class _Interruption:
    """Makes the thread that made this raise, at any moment until the end."""

    thread: _Thread = field(default_factory=lambda: THIS_THREAD.handle)
    lock: Lock = field(default_factory=Lock)
    begun: bool = False
    over: bool = False

    def begin(self) -> None:
        with self.lock:
            if not self.over:
                self.begun = True
                self.thread.interrupt()

    def end(self) -> None:
        with self.lock:
            self.over = True
        if self.begun:
            _have_it_behind(self.thread.ident)


def _have_it_behind(thread: int) -> NoReturn:
    """Have this thread raise now, so that nothing is left that it would raise somewhere else.

    It is not taken back: of an exception that is no more Python 3.11 goes on to look for, and under a tracer
    finds no end of it.
    """
    _raise_in(thread, _Interrupted)
    while True:
        sleep(0)


def _raise_in(thread: int, exception: type[BaseException]) -> None:
    """Have a thread raise this as soon as it runs Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))
