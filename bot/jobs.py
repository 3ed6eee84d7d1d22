"""What happens because time passes; APScheduler is only the metronome, what is due lies in rows."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again; `jitter` spreads it, so that many do not ask at once."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[None]]
    jitter: timedelta = timedelta()


def _tick(job: Job) -> Callable[[], Awaitable[None]]:
    async def tick() -> None:
        # When we stop, a tick may be cut short: what is due lies in rows, so nothing is lost.
        with suppress(asyncio.CancelledError):
            await job.work()

    return tick


def metronome(jobs: list[Job]) -> AsyncIOScheduler:
    """Return a scheduler with these jobs, not yet started.

    A tick that comes while its job still runs is left out, and many missed ticks count as one.
    """
    scheduler = AsyncIOScheduler(
        timezone=ZoneInfo("UTC"),
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        scheduler.add_job(
            _tick(job),
            "interval",
            id=job.name,
            seconds=job.every.total_seconds(),
            jitter=job.jitter.total_seconds() or None,
        )
    return scheduler
