"""The bot with one of its pieces left out, and a page of its own on which a test works."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from bot.app import App, Step, open_app
from bot.config import Settings, load
from bot.domain.deliveries import Delivery, DirectMessage, Payload
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Automation, Maintenance
from bot.domain.submissions import Form, IncidentFields, Person, ReportForm, ScheduleForm
from bot.domain.submissions import Submission as Sent
from bot.domain.timers import Timer, TimerKind
from bot.errors import FoghornError, StoreUnavailable
from bot.jobs import Job
from bot.playground import Message, SlackServer
from bot.ports import Clock
from bot.providers.local.page import PAGE_ID
from bot.resources import Resources
from bot.services.delivery.outcomes import Ambiguity, DeliveryHandler, NotFound, Success
from bot.services.due.timers import TimerBatchHandler, TimerHandler
from bot.statuspage.model.site import Site
from bot.statuspage.records import queries
from bot.store import Tx, deliveries, pages, threads, timers
from bot.web.server import ReadinessCheck
from tests.whole.rig import MovableClock, Stage, staged

K = TypeVar("K")
V = TypeVar("V")
P = ParamSpec("P")

ANN = Person("U0ANN", "ann")
CHANNEL = "C0INC"
NAME, PLAN = "Checkout is down", "Database upgrade"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = """
[page]
components = ["API"]

[reminders.digest]
at = "09:00"
"""
LONG = 40.0
"""Seconds until a test gives up on what it stands on; a busy machine is no failure."""

Piece = tuple[str, object]
"""A room (job, check, step, timer, delivery), and the name or sort of one of its pieces."""


class MissedError(AssertionError):
    """What the whole bot does has not been done."""


class LessApp(App):
    """The bot without one of its pieces; `ended` tells what came when at its end.

    "ending" stands there before the step `watched` is taken back, and "ended" after it.
    """

    def __init__(self, resources: Resources, without: Piece | None, watched: object) -> None:
        self._without = without
        self._watched = watched
        self.ending = asyncio.Event()
        self.ended: list[str] = []
        super().__init__(resources)

    def _kept(self, room: str, pieces: Mapping[K, V]) -> dict[K, V]:
        return {name: each for name, each in pieces.items() if (room, name) != self._without}

    def delivery_handlers(self) -> dict[type, DeliveryHandler]:
        handlers = super().delivery_handlers()
        if self._watched == "finish attempts":
            handlers[DirectMessage] = _AtTheEnd(handlers[DirectMessage], self)
        return self._kept("delivery", handlers)

    def timer_handlers(self) -> dict[TimerKind, TimerHandler]:
        return self._kept("timer", super().timer_handlers())

    def timer_batches(self) -> Mapping[TimerKind, TimerBatchHandler]:
        return self._kept("timer", super().timer_batches())

    def checks(self) -> dict[str, ReadinessCheck]:
        return self._kept("check", super().checks())

    def remarks(self) -> dict[str, ReadinessCheck]:
        return self._kept("remark", super().remarks())

    def jobs(self) -> list[Job]:
        return list(self._kept("job", {job.name: job for job in super().jobs()}).values())

    def start(self) -> dict[str, Step]:
        steps: dict[str, Step] = {}
        for name, step in super().start().items():
            around = name == self._watched
            steps |= {"note the end": self._noting(self._note_end)} if around else {}
            steps |= self._kept("step", {name: step})
            steps |= {"note the ending": self._noting(self._note_ending)} if around else {}
        return steps

    @staticmethod
    def _noting(note: Callable[[], None]) -> Step:
        async def step(stack: AsyncExitStack) -> None:
            stack.callback(note)

        return step

    def _note_ending(self) -> None:
        self.ended.append("ending")
        self.ending.set()

    def _note_end(self) -> None:
        self.ended.append("ended")

    async def work_at_the_end(self) -> None:
        """Do something that goes on when the bot is asked to stop."""
        await self.ending.wait()
        self.ended.append("work")


@dataclass(frozen=True)
class _AtTheEnd(DeliveryHandler):
    """Carries a delivery only once the bot is asked to stop."""

    inner: DeliveryHandler
    app: LessApp
    person_decides: bool = False

    async def send(self, delivery: Delivery) -> Success:
        await self.app.work_at_the_end()
        return await self.inner.send(delivery)

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
        return await self.inner.look(delivery)

    def repeatable(self, delivery: Delivery) -> bool:
        return self.inner.repeatable(delivery)

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        self.inner.waits(tx, delivery, now)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        self.inner.fails(tx, delivery, error, now)


@dataclass(frozen=True)
class Scene:
    """A running bot, what is around it, and what a test does with it by the shortest way."""

    slack: SlackServer
    app: LessApp
    clock: MovableClock
    stop: Callable[[], Awaitable[None]]
    patience: float
    """Seconds until something counts as missed."""

    # --- waiting ---------------------------------------------------------------------------------

    async def notices(self, seen: Callable[[], Awaitable[object]], what: str) -> None:
        """Wait for what only the piece brings about that is looked at."""
        if not await _came(seen, self.patience):
            raise MissedError(what)

    async def has(self, seen: Callable[[], Awaitable[V | None]]) -> V:
        """Wait for what the test only stands on."""
        found = await _came(seen, LONG)
        assert found, "the bot does not even do what this test stands on"
        return found

    def passes(self, span: timedelta) -> None:
        """Bring forward every job that comes within this time."""
        assert self.app.scheduler or self.patience < LONG
        now = datetime.now(UTC)  # noqa: TID251 (the scheduler's own clock)
        for job in self.app.scheduler.get_jobs() if self.app.scheduler else ():
            if job.next_run_time <= now + span:
                job.modify(next_run_time=now)

    async def sweeps(self, ahead: timedelta = timedelta()) -> None:
        """Let this time pass, and what is due happen."""
        self.clock.ahead += ahead
        await self.app.timers.sweep()
        self.app.outbox.wake()

    # --- doing -----------------------------------------------------------------------------------

    async def submits(self, form: Form) -> str:
        """Submit a form once the page is known; return our id of what it is about."""
        await self.has(self._page)
        sent = Sent(uuid.uuid4().hex, ANN, form, "V0OLD")
        return (await self.has(lambda: self.app.intake.submit(sent))).subject_id

    async def _page(self) -> bool:
        # The bot's own reading comes again only after a minute when the machine was too busy.
        if not await self.knows("API"):
            await self.app.sync.refresh()
        return await self.knows("API")

    async def incident(self) -> Incident:
        """Report an incident, and wait until it is on the page and in the channel."""
        subject_id = await self.submits(ReportForm(FIELDS, NAME, (), CHANNEL))
        found = await self.has(lambda: self._settled(subject_id))
        assert isinstance(found, Incident)
        return found

    async def maintenance(
        self, automation: Automation = Automation.BY_HAND, starts: timedelta = HOUR
    ) -> Maintenance:
        """Schedule work of an hour, and wait until it is on the page and in the channel."""
        subject_id = await self.submits(self.plan(automation, starts))
        found = await self.has(lambda: self._settled(subject_id))
        assert isinstance(found, Maintenance)
        return found

    def plan(self, automation: Automation, starts: timedelta = HOUR) -> ScheduleForm:
        first = (self.clock.now() + starts).replace(second=0, microsecond=0)
        window = (first, first + HOUR)
        return ScheduleForm(PLAN, "We upgrade.", (), CHANNEL, (), *window, "UTC", automation)

    async def owes(self, payload: Payload, subject_id: str = "") -> None:
        """Owe something to Slack, which nobody is told of."""
        owed = Delivery(uuid.uuid4().hex, uuid.uuid4().hex, "slack", payload, subject_id)
        await self.writes(deliveries.add, [owed], self.clock.now())

    async def writes(
        self, work: Callable[Concatenate[Tx, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do something in a transaction, on a busy machine too."""

        async def done() -> bool:
            await self.app.resources.database.write(work, *args, **kwargs)
            return True

        await self.has(done)

    async def sets(self, kind: TimerKind, about: str, subject_id: str = "") -> None:
        """Set a timer that is due now, and have it swept."""
        timer = Timer(kind, about, self.clock.now(), subject_id)
        await self.writes(timers.set_timers, [timer])
        await self.sweeps()

    # --- seeing ----------------------------------------------------------------------------------

    async def stored(self, subject_id: str) -> Incident | Maintenance | None:
        return await self.app.resources.database.read(threads.get, subject_id)

    async def _settled(self, subject_id: str) -> Incident | Maintenance | None:
        found = await self.stored(subject_id)
        there = found and all(each.remote_id for each in found.publications)
        return found if found and there and found.thread_ts else None

    async def knows(self, component: str) -> bool:
        """Say whether forms would offer a component."""
        found, _many = await self.app.resources.database.read(pages.search, component, [PAGE_ID], 5)
        return bool(found)

    async def site(self) -> Site:
        now = self.clock.now()
        return await self.app.resources.database.read(queries.load_site, now, "https://x.test")

    def thread(self) -> list[Message]:
        parents = [each for each in self.slack.messages("incidents") if not each.is_reply]
        return self.slack.thread(parents[0]) if parents else []


FIELDS = IncidentFields(IncidentStatus.INVESTIGATING, "Cards are refused.")


async def _came(seen: Callable[[], Awaitable[V | None]], seconds: float) -> V | None:
    end = time.monotonic() + seconds
    while True:
        with suppress(StoreUnavailable):  # a busy machine is no failure
            if found := await seen():
                return found
        if time.monotonic() > end:
            return None
        await asyncio.sleep(0.01)


async def _started(
    stack: AsyncExitStack,
    settings: Settings,
    clock: Clock,
    build_app: Callable[[Resources], App],
) -> App:
    """Start the bot; where the machine is too busy for its database, start it again."""
    for _ in range(5):
        with suppress(StoreUnavailable):
            return await stack.enter_async_context(open_app(settings, clock, build_app))
    raise AssertionError("the bot does not start")


@asynccontextmanager
async def scene(  # noqa: PLR0913 (each is one thing that probes vary)
    cwd: Path,
    *,
    without: Piece | None = None,
    patience: float = LONG,
    transport: str = "http",
    database: str = "",
    clock: Clock | None = None,
    before: Callable[[Stage], Awaitable[None]] | None = None,
    watched: object = None,
) -> AsyncIterator[Scene]:
    """Run the bot over its own page, without one of its pieces, after `before` was done."""

    variables = {"FOGHORN_CHANNEL": CHANNEL}
    around = staged((), cwd, transport=transport, database=database, variables=variables)
    async with around as stage, AsyncExitStack() as stack:
        if before:
            await before(stage)
        (cwd / "foghorn.toml").write_text(SETTINGS)
        settings = load(stage.env, cwd)
        app = await _started(
            stack, settings, clock or stage.clock, lambda opened: LessApp(opened, without, watched)
        )
        assert isinstance(app, LessApp)
        if transport == "http":
            stage.slack.bot_at(f"http://127.0.0.1:{app.port}/slack/events")
        yield Scene(stage.slack, app, stage.clock, stack.aclose, patience)
