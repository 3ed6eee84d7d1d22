"""Work that goes on after Slack has its answer, and is finished before we stop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)


Work = Callable[[], Coroutine[Any, Any, None]]


class Background:
    """Holds on to its tasks, since the event loop itself may forget them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def start(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do `work` beside everything else."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)
        return task

    def debounce(self, key: str, work: Work, seconds: float) -> None:
        """Do `work` once nothing more was asked under this key for so many seconds."""
        self.forget(key)
        self._waiting[key] = self.start(self._debounced(key, work, seconds))

    def forget(self, key: str) -> None:
        """Leave out what was to be done under this key, unless it has begun."""
        if waiting := self._waiting.pop(key, None):
            waiting.cancel()

    async def _debounced(self, key: str, work: Work, seconds: float) -> None:
        await asyncio.sleep(seconds)
        del self._waiting[key]
        await work()

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("Work behind an answer to Slack broke.", exc_info=error)

    async def drain(self, seconds: float) -> None:
        """Let what goes on finish, for at most so many seconds."""
        if self._tasks:
            _done, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
