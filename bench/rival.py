"""The same with APScheduler's own database: jobs that are added, and fire all at one instant."""

import asyncio
import time
from datetime import UTC, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bench.heart import Heart
from bot.clock import SystemClock

FIRED: list[str] = []


async def fire(name: str) -> None:
    """Be what a job does: nothing that takes time."""
    FIRED.append(name)


async def add_and_fire(folder: Path, many: int) -> tuple[float, float]:
    """Return the seconds per job, and the longest time for which the event loop stood still."""
    FIRED.clear()
    scheduler = AsyncIOScheduler(timezone=UTC, jobstores={"default": _jobs(folder)})
    scheduler.start(paused=True)
    due = SystemClock().now() - timedelta(seconds=1)
    started = time.perf_counter()
    for number in range(many):
        scheduler.add_job(
            "bench.rival:fire", "date", run_date=due, args=[str(number)], misfire_grace_time=None
        )
    adding = time.perf_counter() - started
    async with Heart() as heart:
        started = time.perf_counter()
        scheduler.resume()
        while len(FIRED) < many:  # noqa: ASYNC110 -- it tells nobody
            await asyncio.sleep(0.001)
        firing = time.perf_counter() - started
    scheduler.shutdown()
    return (adding + firing) / many, heart.longest


def _jobs(folder: Path) -> SQLAlchemyJobStore:
    """Return its store on SQLite as Foghorn has SQLite: as fast, and as sure to be on disk."""
    engine = create_engine(f"sqlite:///{folder / 'jobs.db'}")

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")

    return SQLAlchemyJobStore(engine=engine)
