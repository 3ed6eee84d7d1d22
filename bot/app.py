"""The composition root: puts the bot together, and starts it step by step.

All that runs is listed by `App`, each piece by its name: handlers of what is owed and of what is
due, checks of readiness, jobs that come again and again, and the steps of the start, which are
taken back in reverse order.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.timers import TimerKind
from bot.errors import FoghornError, StoreUnavailable
from bot.jobs import Job, metronome
from bot.ports import Clock
from bot.readiness import Readiness
from bot.resources import Resources, open_resources
from bot.services.access import Access, Member
from bot.services.delivery import handlers
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.delivery.outcomes import DeliveryHandler
from bot.services.due import maintenances
from bot.services.due import series as due_series
from bot.services.due.reminders import ReminderTimers
from bot.services.due.timers import TimerBatchHandler, TimerHandler, Timers
from bot.services.intake import Intake, series
from bot.services.intake.reminders import ReminderAnswers
from bot.services.intake.rules import Channels, Rules
from bot.services.queries import Queries
from bot.services.sync import Sync
from bot.services.warmup import WarmUp
from bot.slack import app as slack
from bot.slack import calls
from bot.slack.announcer import SlackAnnouncer
from bot.slack.background import Background
from bot.slack.connection import SocketModeHandler
from bot.slack.context import ListenerContext
from bot.statuspage.records.site_source import DatabaseSiteSource
from bot.statuspage.served.routes import routes
from bot.store import tidying
from bot.web.refusals import Refusals
from bot.web.server import ReadinessCheck, SlackEndpoint, build, serve

P = TypeVar("P")

_log = structlog.get_logger(__name__)

_DRAIN = timedelta(seconds=5)
"""For deliveries in hand when we are asked to stop, of the ten seconds that platforms give."""
_ANSWERS_SECONDS = 2.0
"""For forms that are just being opened."""
_KEPT = timedelta(days=30)
"""For how long after its end it is kept how a subject went out, form by form."""
_TIDIED = 50
"""Subjects that are tidied in one transaction: forms wait for the same writer."""


Step = Callable[[AsyncExitStack], Awaitable[None]]


class App:
    """The bot, put together; it runs once its steps were taken."""

    def __init__(self, resources: Resources) -> None:
        settings, database, clock = resources.settings, resources.database, resources.clock
        self.resources = resources
        self.reminders = ReminderTimers(settings.reminders, settings.channel)
        own = {page_id: page.channel for page_id, page in settings.pages.items() if page.channel}
        channels = Channels(settings.channel, own)
        self.rules = Rules(
            resources.capabilities,
            channels.choose,
            settings.maintenance,
            settings.incidents.longest_ago,
        )
        timing = Timing(lease=settings.delivery.lease, quiet=settings.delivery.quiet)
        by_payload = self.delivery_handlers()
        self.outbox = Outbox(database, clock, timing, by_payload, resources.priority)
        by_kind, batches = self.timer_handlers(), self.timer_batches()
        self.timers = Timers(database, clock, by_kind, self.outbox.wake, batches)
        self.intake = Intake(database, clock, self.rules, self.outbox.wake)
        self.sync = Sync(database, clock, resources.accounts)
        self.synced = asyncio.Event()
        self.refusals = Refusals()
        self.readiness = Readiness(resources, self.sync, self.refusals, lambda: self.socket)
        self.background = Background()
        token = settings.slack_bot_token.get_secret_value()
        self.bolt = slack.build(self._listener_context(), token)
        self.port = 0
        self._direct_messages_tried = False
        self.socket: SocketModeHandler | None = None
        self.scheduler: AsyncIOScheduler | None = None

    def delivery_handlers(self) -> dict[type, DeliveryHandler]:
        """Return who brings what is owed to the outside, by the type of its payload."""
        resources, settings = self.resources, self.resources.settings
        pacing = calls.Pacing(every_seconds=settings.delivery.pace.total_seconds())
        connections = handlers.Connections(
            resources.page_by_id,
            SlackAnnouncer(resources.slack, settings.reminders.snooze, pacing),
            settings.admins,
            settings.reminders,
            self.reminders.renew,
            self._ask_about,
        )
        return handlers.handlers(resources.database, resources.clock, connections)

    def timer_handlers(self) -> dict[TimerKind, TimerHandler]:
        """Return who does what is due, by the kind of its timer."""
        return {
            **maintenances.handlers(),
            **due_series.handlers(lambda tx, id_, now: series.put_up(tx, id_, self.rules, now)),
            **self.reminders.handlers(),
        }

    def timer_batches(self) -> Mapping[TimerKind, TimerBatchHandler]:
        """Return who does what may be due by the hundred, by the kind of its timer."""
        return self.reminders.batches()

    def checks(self) -> dict[str, ReadinessCheck]:
        """Return what makes the bot ready."""
        ready = self.readiness
        return {"database": ready.database, "pages": ready.pages, "slack": ready.slack}

    def remarks(self) -> dict[str, ReadinessCheck]:
        """Return what is said beside that, and does not make it unready."""
        return {"pages": self.readiness.pages_remark, "slack": self.readiness.slack_remark}

    def jobs(self) -> list[Job]:
        """Return what is done again and again."""
        listed = [
            Job("deliver", timedelta(seconds=1), self._wake),
            Job("sweep", timedelta(seconds=1), self.timers.sweep),
            Job("read pages", timedelta(seconds=60), self._read_pages, timedelta(seconds=5)),
            Job("tidy", timedelta(hours=1), self._tidy, timedelta(minutes=5)),
            Job("identify", timedelta(seconds=30), self._identify),
        ]
        if isinstance(self.resources.clock, SystemClock):
            follow = self.resources.follow_database_clock
            listed.append(Job("follow the database's clock", timedelta(seconds=30), follow))
        if self.socket:
            watch = partial(slack.watch, self.socket)
            listed.append(Job("watch the connection", timedelta(seconds=3), watch))
        return listed

    def start(self) -> dict[str, Step]:
        """Return what is started, in this order, or done when the bot ends, in reverse."""
        return {
            "catch up": self._catch_up,
            "deliver": _beside(self.outbox.run),
            "finish attempts": _at_the_end(self.outbox.drain, _DRAIN),
            "finish answers": _at_the_end(self.background.drain, _ANSWERS_SECONDS),
            "listen": self._listen,
            "connect": self._connect,
            "start jobs": self._start_jobs,
            "read pages": _beside(self._read_first),
            "identify": _beside(self._identify),
            "warm up": _beside(self._warm_up),
        }

    def _listener_context(self) -> ListenerContext:
        resources, settings = self.resources, self.resources.settings.reminders
        database, clock, wake = resources.database, resources.clock, self.outbox.wake
        return ListenerContext(
            client=resources.slack,
            intake=self.intake,
            reminder_answers=ReminderAnswers(database, clock, self.intake, settings, wake),
            series=series.Series(database, clock, self.rules, wake),
            queries=Queries(database, clock),
            access=Access(self._ask_about),
            capabilities=resources.capabilities,
            background=self.background,
            priority=resources.priority,
            clock=clock,
            sync=self.sync,
        )

    async def _ask_about(self, person_id: str) -> Member:
        await self.resources.identify()
        ours = self.resources.identity.ids
        return await slack.ask_about(self.resources.slack, person_id, ours)

    async def _catch_up(self, _stack: AsyncExitStack) -> None:
        """Watch over whatever is open and unwatched, and set the timer of the digest."""
        now = self.resources.clock.now()
        await self.resources.database.write(self.reminders.catch_up, now)

    async def _listen(self, stack: AsyncExitStack) -> None:
        """Serve HTTP: readiness, and as it is set Slack's endpoint and our own page."""
        resources, settings = self.resources, self.resources.settings
        endpoint = None
        if not settings.slack_app_token and settings.slack_signing_secret:
            secret = settings.slack_signing_secret.get_secret_value()
            endpoint = SlackEndpoint(partial(slack.receive, self.bolt), secret, self.refusals)
        source = DatabaseSiteSource(resources.database, settings.public_url)
        page = routes(source, resources.clock.now) if settings.serves_page else ()
        web = build(self.checks(), endpoint, page, remarks=self.remarks())
        self.port = await stack.enter_async_context(serve(web, settings.host, settings.port))
        _log.info("Listening.", host=settings.host, port=self.port)

    async def _connect(self, stack: AsyncExitStack) -> None:
        settings = self.resources.settings
        if not settings.slack_app_token:
            return
        session = await stack.enter_async_context(calls.new_session())
        token = settings.slack_app_token.get_secret_value()
        client = calls.new_client(token, settings.slack_api_url, session)
        self.socket = SocketModeHandler(self.bolt, token, client)
        stack.push_async_callback(self.socket.close_async)
        # Tried again and again, beside all else: what is owed to pages does not wait for Slack.
        await self.socket.client.connect_to_new_endpoint()

    async def _start_jobs(self, stack: AsyncExitStack) -> None:
        self.scheduler = metronome(self.jobs())
        self.scheduler.start()
        stack.callback(self.scheduler.shutdown, wait=False)

    async def _wake(self) -> None:
        self.outbox.wake()

    async def _read_pages(self) -> None:
        await self.sync.refresh()
        self.synced.set()

    async def _read_first(self) -> None:
        """Read the pages, and what cannot be read soon again."""
        await self._read_pages()
        with suppress(StoreUnavailable):  # the job reads them once the database is back
            await self.sync.read_until_known()

    async def _identify(self) -> None:
        """Ask Slack who we are until it has said so, and then whether people can be written to."""
        resources = self.resources
        await resources.identify()
        if not resources.identity.problem and not self._direct_messages_tried:
            self._direct_messages_tried = True
            admins, bot = resources.settings.admins, resources.identity.user_id
            await slack.try_direct_messages(resources.slack, admins, bot)

    async def _tidy(self) -> None:
        before = self.resources.clock.now() - _KEPT
        while await self.resources.database.write(tidying.tidy, before, _TIDIED):
            pass

    async def _warm_up(self) -> None:
        """Play an incident once the first pages are known."""
        await self.synced.wait()
        played = WarmUp(self.intake.accept, self.reminders.renew)
        try:
            await played.play(self.resources.database, self.resources.clock.now())
        except FoghornError as error:
            _log.warning("The warm-up did not come off.", reason=str(error))


def _beside(work: Callable[[], Coroutine[None, None, None]]) -> Step:
    """Return the step that does `work` beside everything else, until it is done or the bot ends."""

    async def step(stack: AsyncExitStack) -> None:
        task = asyncio.create_task(work())

        async def stop() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        stack.push_async_callback(stop)

    return step


def _at_the_end(work: Callable[[P], Awaitable[None]], within: P) -> Step:
    """Return the step that has `work` done when the bot ends, for as long as it is given."""

    async def step(stack: AsyncExitStack) -> None:
        stack.push_async_callback(work, within)

    return step


@asynccontextmanager
async def open_app(
    settings: Settings, clock: Clock | None = None, build_app: Callable[[Resources], App] = App
) -> AsyncIterator[App]:
    """Open the bot as `settings` say; it works until the block is left.

    Raises `FoghornError` when it cannot start.
    """
    async with AsyncExitStack() as stack:
        app = build_app(await open_resources(stack, settings, clock or SystemClock()))
        for step in app.start().values():
            await step(stack)
        yield app
