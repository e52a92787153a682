"""Waiting for nothing but time."""

import time


def sleep(seconds: float) -> None:
    time.sleep(seconds)
