import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.jobs import Job, metronome
from tests.waits import patience

pytestmark = pytest.mark.anyio

TICK = timedelta(milliseconds=20)


class Counter:
    """A job that counts its runs, and what it does besides."""

    def __init__(self, then: Callable[[], object] | None = None) -> None:
        self.runs = 0
        self._then = then
        self._changed = asyncio.Event()

    async def tick(self) -> None:
        self.runs += 1
        self._changed.set()
        if self._then:
            self._then()

    async def reached(self, runs: int) -> None:
        async with patience(f"run number {runs}"):
            while self.runs < runs:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def running(*jobs: Job) -> AsyncIterator[None]:
    scheduler = metronome(list(jobs))
    scheduler.start()
    yield
    scheduler.shutdown(wait=False)


async def test_a_job_comes_again_and_again() -> None:
    steady, jittered = Counter(), Counter()
    async with running(
        Job("steady", TICK, steady.tick), Job("jittered", TICK, jittered.tick, jitter=TICK / 2)
    ):
        await steady.reached(4)
        await jittered.reached(4)


async def test_nothing_runs_before_its_time() -> None:
    early, steady = Counter(), Counter()
    async with running(
        Job("early", timedelta(hours=1), early.tick), Job("steady", TICK, steady.tick)
    ):
        await steady.reached(3)
    assert early.runs == 0


async def test_a_job_that_still_runs_is_not_started_beside_itself() -> None:
    go_on, started, steady = asyncio.Event(), Counter(), Counter()

    async def slow() -> None:
        await started.tick()
        await go_on.wait()

    async with running(Job("slow", TICK, slow), Job("steady", TICK, steady.tick)):
        await started.reached(1)
        await steady.reached(steady.runs + 4)
        assert started.runs == 1
        go_on.set()
        await started.reached(3)


async def test_a_job_that_breaks_comes_again() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    broken = Counter(fail)
    async with running(Job("broken", TICK, broken.tick)):
        await broken.reached(3)


async def test_nothing_comes_after_the_end() -> None:
    first, watching = Counter(), Counter()
    async with running(Job("first", TICK, first.tick)):
        await first.reached(2)
    runs = first.runs
    async with running(Job("watching", TICK, watching.tick)):
        await watching.reached(3)
    assert first.runs == runs
