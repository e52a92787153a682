"""Locks that units of work wait for."""

from threading import Lock

__all__ = ["Lock"]
