"""A shutdown that nobody notices."""

from dataclasses import dataclass
from typing import Final


@dataclass(slots=True)
class Drain:
    """Whether a process is about to stop: it serves on for a while, but is not ready."""

    draining: bool = False


# Signals come to a process, so it is the server that sets it.
THIS_PROCESS: Final = Drain()
