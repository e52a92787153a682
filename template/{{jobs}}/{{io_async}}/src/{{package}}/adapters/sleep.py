"""Waiting for nothing but time."""

import asyncio


async def sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)
