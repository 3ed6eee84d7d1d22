"""Priority: whoever waits for an answer in Slack goes first, and what goes on behind lets them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

_BREATH = 0.02
"""Seconds without anybody waiting that count as a lull."""


class Priority:
    """Knows whether somebody waits for an answer, or did a moment ago."""

    def __init__(self) -> None:
        self._waiting = 0
        self._last = float("-inf")

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Say that somebody waits while the block runs."""
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            self._last = time.monotonic()

    async def lull(self, at_most: float) -> bool:
        """Wait for a moment in which nobody waits, for `at_most` seconds; say whether it came."""
        until = time.monotonic() + at_most
        while self._is_busy():
            if time.monotonic() >= until:
                return False
            await asyncio.sleep(_BREATH)
        return True

    def _is_busy(self) -> bool:
        return self._waiting > 0 or time.monotonic() - self._last < _BREATH
