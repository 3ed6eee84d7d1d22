"""How long tests wait: as long as a slow and busy machine needs, and no longer than they must."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SECONDS = 180.0
"""For any one thing; a test as a whole has `timeout` of pyproject.toml."""


class GaveUp(AssertionError):
    """What a test waited for has not come."""


@asynccontextmanager
async def patience(what: str, seconds: float = SECONDS) -> AsyncIterator[None]:
    """End the block when it takes too long, and say what it waited for."""
    waiting = asyncio.timeout(seconds)
    try:
        async with waiting:
            yield
    except TimeoutError as error:
        if not waiting.expired():
            raise
        raise GaveUp(f"no {what} within {seconds:g} s") from error
