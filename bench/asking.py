"""A team that hears every question at once, and the parts of the bot between a timer and it."""

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NoReturn

from sqlalchemy import text

from bench.open_incidents import databases, make_due
from bot.clock import SystemClock
from bot.database import Database, Tx, open_database
from bot.domain.deliveries import Delivery
from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.parent_messages import ParentMessage
from bot.domain.reminders.ladders import Reminder, ReminderKind, ReminderSettings, Rung
from bot.domain.subjects import Subject
from bot.domain.submissions import IncidentFields, StatusForAll, UpdateForm
from bot.domain.timers import Timer, TimerKind
from bot.jobs import Job, metronome
from bot.logs import configure
from bot.services.delivery.handlers import Connections, handlers
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.due.reminders import ReminderTimers
from bot.services.due.timers import Timers
from bot.store import deliveries, tidying
from tests.services.bench import KEY, Bench, Team, new_bench
from tests.slack.states import capabilities

SECOND = timedelta(seconds=1)
LAST = 4
MESSAGE = "We found what is wrong and mend it. Orders that were made meanwhile are not lost. " * 2


class Listener(Team):
    """Notes when it was asked what."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        super().__init__()
        self.heard: dict[str, float] = {}

    async def announce(self, bulletin: ParentMessage, mark: str) -> tuple[str, str]:
        """Keep nothing, so that memory is the bot's alone."""
        del mark
        return bulletin.subject.channel, bulletin.subject.thread_ts or "1.1"

    async def remind(self, subject: Subject, remind: Reminder, mark: str) -> str:
        """Note when."""
        del remind
        self.heard[subject.id] = time.time()
        return mark


def _no_page(page_id: str) -> NoReturn:
    raise LookupError(page_id)


def outbox(store: Database, team: Team) -> Outbox:
    """Return an outbox that carries to this team."""
    clock, settings = SystemClock(), ReminderSettings()
    renew = ReminderTimers(settings, None).renew
    ways = Connections(_no_page, team, [], settings, renew, team.ask)
    return Outbox(store, clock, Timing(), handlers(store, clock, ways))


def sweeper(store: Database, wake: Callable[[], None] = lambda: None) -> Timers:
    """Return what fires the timers of reminders."""
    reminding = ReminderTimers(ReminderSettings(), None)
    return Timers(store, SystemClock(), reminding.handlers(), wake, reminding.batches())


def claimer(store: Database) -> Timers:
    """Return what claims timers and owes a question for each, as it is; nothing is worked out."""

    def owe(tx: Tx, due: Sequence[Timer], now: datetime) -> Sequence[Timer]:
        deliveries.add(tx, [_question(timer) for timer in due], now)
        return ()

    return Timers(store, SystemClock(), {}, lambda: None, {TimerKind.REMIND: owe})


def _question(timer: Timer) -> Delivery:
    remind = Reminder(
        ReminderKind.UPDATE, Rung.OWNER, ("U0ANN",), "Customers wait.", turn=1, number=0
    )
    return Delivery(f"timer:{timer.id}", f"slack:{timer.about}", "slack", remind, timer.about)


async def lags(store: Database, many: int) -> list[float]:
    """Let one after the other be due, a tenth of a second apart; return how late each was asked."""
    team = Listener()
    carried = outbox(store, team)
    timers = sweeper(store, carried.wake)
    started = SystemClock().now() + SECOND
    for number in range(many):
        await store.write(make_due, number, number + 1, started + number * SECOND / 10)
    running = asyncio.create_task(carried.run())

    async def deliver() -> None:
        carried.wake()

    scheduler = metronome([Job("sweep", SECOND, timers.sweep), Job("deliver", SECOND, deliver)])
    scheduler.start()
    async with asyncio.timeout(60):
        while len(team.heard) < many:  # noqa: ASYNC110 -- the bot tells nobody
            await asyncio.sleep(0.01)
    scheduler.shutdown(wait=False)
    await carried.drain(SECOND)
    await running
    first = started.timestamp()
    return [at - first - int(key, 16) / 10 for key, at in team.heard.items()]


async def bytes_an_incident(folder: Path, many: int = 40) -> float:
    """Return what an incident with five updates takes on disk, once all is told and settled."""
    with databases("sqlite", folder, "") as address:
        async with open_database(address) as store:
            bench = await new_bench(store, capabilities())
            before = await store.read(_size)
            for number in range(many):
                await _run_through(bench, number)
            # A year of them is read from what stays, not from how each went out.
            ended = bench.clock.now() + timedelta(days=1)
            while await store.write(tidying.tidy, ended, 50):
                pass
            return (await store.read(_size) - before) / many


async def _run_through(bench: Bench, number: int) -> None:
    """Report an incident, and post five updates of which the last resolves it."""
    subject_id = await bench.reported(ComponentStatus.MAJOR_OUTAGE)
    for step in range(LAST + 1):
        status = IncidentStatus.RESOLVED if step == LAST else IncidentStatus.IDENTIFIED
        fields = IncidentFields(status, f"{number}.{step}: {MESSAGE}", (KEY,), StatusForAll.KEEP)
        form = UpdateForm(fields, subject_id)
        await bench.publishing.submit(bench.submission(form))
        await bench.later(60)


def _size(tx: Tx) -> int:
    used = tx.scalar(text("SELECT sum(pgsize) FROM dbstat")) or 0
    return int(used)


async def ask_again(address: str) -> None:
    """Sweep and carry what is due, and say how much memory that takes: at first, and in the end."""
    async with open_database(address) as store:
        carried = outbox(store, Listener())
        timers = sweeper(store, carried.wake)
        await asyncio.gather(timers.sweep(), carried.tick())
        print(_rss_mb())
        for _ in range(20):
            await store.write(make_due, 0, 100, SystemClock().now())
            await timers.sweep()
            await asyncio.gather(*(carried.tick() for _ in range(3)))
            await asyncio.sleep(0.02)
        await carried.drain(10 * SECOND)
        print(_rss_mb())


def _rss_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    configure("plain", "warning")
    asyncio.run(ask_again(sys.argv[1]))
