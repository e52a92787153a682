"""Windows of time in which requests are counted, in the memory of this process."""

from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

__all__ = ["FixedWindowRateLimiter", "MemoryStorage", "RateLimiter"]
