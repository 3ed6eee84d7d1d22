"""A heart that beats each millisecond in the event loop: how long it stands still at most."""

import asyncio
import time
from typing import Self

_BEAT = 0.001


class Heart:
    """Beats until the block is left; `longest` is the longest pause beyond a beat, in seconds."""

    def __init__(self) -> None:
        """Begin at rest."""
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to beat."""
        self._task = asyncio.create_task(self._beat())
        await asyncio.sleep(5 * _BEAT)
        self.longest = 0.0
        return self

    async def __aexit__(self, *_exception: object) -> None:
        """Stop."""
        await asyncio.sleep(2 * _BEAT)
        if self._task:
            self._task.cancel()

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(_BEAT)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - _BEAT)
            last = now
