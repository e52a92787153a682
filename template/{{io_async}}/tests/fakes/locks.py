"""Locks that units of work wait for."""

from asyncio import Lock

__all__ = ["Lock"]
