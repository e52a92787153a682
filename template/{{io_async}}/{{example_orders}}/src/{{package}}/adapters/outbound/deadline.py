"""How long a call may take in all, however busily it trickles."""

from asyncio import timeout as deadline

__all__ = ["deadline"]
