"""The composition root: opens everything in order, and closes it in reverse."""

import asyncio
import functools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from starlette.routing import BaseRoute

from bot.clock import SystemClock
from bot.config import Settings
from bot.database import Database
from bot.errors import FoghornError
from bot.jobs import Job, metronome
from bot.ports import Clock
from bot.resources import Identity, Resources, follow_database_clock, identify, open_resources
from bot.services.access import Access, Member
from bot.services.delivery.handlers import Connections, handlers
from bot.services.delivery.outbox import Outbox, Timing
from bot.services.due import maintenances
from bot.services.due import series as due_series
from bot.services.due.reminders import ReminderTimers
from bot.services.due.timers import Timers
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
from bot.store.pages import last_read
from bot.web.server import EndpointResponse, ReadinessCheck, SlackEndpoint, build, serve

_log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 5.0
"""For deliveries in hand when we are asked to stop, of the ten seconds that platforms give."""


_KEPT = timedelta(days=30)
"""For how long after its end it is kept how a subject went out, form by form."""
_TIDIED = 50
"""Subjects that are tidied in one transaction: forms wait for the same writer."""

_ANSWERS_SECONDS = 2.0
"""For forms that are just being opened."""


@dataclass(frozen=True, slots=True)
class App:
    """A running bot: where it listens, and the services behind it."""

    port: int
    store: Database
    outbox: Outbox
    sync: Sync
    timers: Timers
    identity: Identity
    synced: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """Open the bot as `settings` say; it works until the block is left.

    Raises `FoghornError` when it cannot start.
    """
    async with AsyncExitStack() as stack:
        ground = await open_resources(stack, settings, clock or SystemClock())
        outbox = _outbox(ground)
        background = Background()
        publishing = Intake(ground.store, ground.clock, _rules(ground), outbox.wake)
        bolt = slack.build(
            _front(ground, outbox, publishing, background),
            settings.slack_bot_token.get_secret_value(),
        )
        await ground.store.write(_reminding(ground).catch_up, ground.clock.now())
        sync = Sync(ground.store, ground.clock, ground.accounts)
        carrying = asyncio.create_task(outbox.run())
        stack.push_async_callback(_stop, carrying)
        stack.push_async_callback(outbox.drain, timedelta(seconds=_DRAIN_SECONDS))
        stack.push_async_callback(background.drain, _ANSWERS_SECONDS)
        port = await stack.enter_async_context(_serve(ground, bolt, sync))
        socket = await _connect(stack, settings, bolt)
        app = App(port, ground.store, outbox, sync, _timers(ground, outbox), ground.identity)
        _start_jobs(stack, app, ground, socket)
        rehearsal = WarmUp(publishing.accept, _reminding(ground).renew)
        rehearsing = asyncio.create_task(_rehearse(app, rehearsal, ground.clock))
        stack.push_async_callback(_stop, rehearsing)
        yield app


def _outbox(ground: Resources) -> Outbox:
    delivery = ground.settings.delivery
    announcer = SlackAnnouncer(
        ground.slack,
        ground.settings.reminders.snooze,
        calls.Pacing(every_seconds=delivery.pace.total_seconds()),
    )
    ways = Connections(
        ground.reach,
        announcer,
        ground.settings.admins,
        ground.settings.reminders,
        _reminding(ground).renew,
    )
    carry = handlers(ground.store, ground.clock, ways)
    timing = Timing(lease=delivery.lease, quiet=delivery.quiet)
    return Outbox(ground.store, ground.clock, timing, carry, ground.courtesy)


def _rules(ground: Resources) -> Rules:
    pages = ground.settings.pages
    own = {page_id: page.channel for page_id, page in pages.items() if page.channel}
    channels = Channels(ground.settings.channel, own)
    return Rules(ground.capabilities, channels.choose, ground.settings.maintenance)


def _reminding(ground: Resources) -> ReminderTimers:
    return ReminderTimers(ground.settings.reminders, ground.settings.channel)


def _timers(ground: Resources, outbox: Outbox) -> Timers:
    reminding = _reminding(ground)
    rules = _rules(ground)
    by_kind = {
        **maintenances.handlers(),
        **due_series.handlers(lambda tx, id_, now: series.put_up(tx, id_, rules, now)),
        **reminding.handlers(),
    }
    return Timers(ground.store, ground.clock, by_kind, outbox.wake, reminding.batches())


def _front(
    ground: Resources, outbox: Outbox, publishing: Intake, background: Background
) -> ListenerContext:
    async def ask(person_id: str) -> Member:
        return await slack.ask_about(ground.slack, person_id, ground.identity.team_id)

    return ListenerContext(
        client=ground.slack,
        intake=publishing,
        reminder_answers=ReminderAnswers(
            ground.store, ground.clock, publishing, ground.settings.reminders, outbox.wake
        ),
        series=series.Series(ground.store, ground.clock, _rules(ground), outbox.wake),
        queries=Queries(ground.store, ground.clock),
        access=Access(ask),
        capabilities=ground.capabilities,
        background=background,
        priority=ground.courtesy,
        clock=ground.clock,
    )


@asynccontextmanager
async def _serve(ground: Resources, bolt: AsyncApp, sync: Sync) -> AsyncIterator[int]:
    settings = ground.settings

    async def handle(payload: dict[str, Any], _headers: Mapping[str, str]) -> EndpointResponse:
        return EndpointResponse(*await slack.dispatch(bolt, payload))

    endpoint = None
    if not settings.slack_app_token and settings.slack_signing_secret:
        endpoint = SlackEndpoint(handle, settings.slack_signing_secret.get_secret_value())
    page_routes: Sequence[BaseRoute] = ()
    if settings.serves_page:
        page_routes = routes(
            DatabaseSiteSource(ground.store, settings.public_url), ground.clock.now
        )
    app = build(_checks(ground, sync), endpoint, page_routes)
    async with serve(app, settings.host, settings.port) as port:
        _log.info("Listening.", host=settings.host, port=port)
        yield port


def _checks(ground: Resources, sync: Sync) -> dict[str, ReadinessCheck]:
    async def database() -> str | None:
        try:
            await ground.store.read(last_read)
        except FoghornError as error:
            return str(error)
        return None

    async def pages() -> str | None:
        return "; ".join(f"{name}: {reason}" for name, reason in sync.troubles.items()) or None

    async def token() -> str | None:
        return ground.identity.problem

    return {"database": database, "pages": pages, "slack": token}


async def _connect(
    stack: AsyncExitStack, settings: Settings, bolt: AsyncApp
) -> SocketModeHandler | None:
    if not settings.slack_app_token:
        return None
    session = await stack.enter_async_context(calls.new_session())
    token = settings.slack_app_token.get_secret_value()
    handler = SocketModeHandler(
        bolt, token, calls.new_client(token, settings.slack_api_url, session)
    )
    stack.push_async_callback(handler.close_async)
    # Tried again and again, beside everything else: what is owed to pages does not wait for Slack.
    await handler.client.connect_to_new_endpoint()
    return handler


def _start_jobs(
    stack: AsyncExitStack, app: App, ground: Resources, socket: SocketModeHandler | None
) -> None:
    async def deliver() -> None:
        app.outbox.wake()

    async def refresh() -> None:
        await app.sync.refresh()
        app.synced.set()

    async def clear_up() -> None:
        while await app.store.write(tidying.tidy, ground.clock.now() - _KEPT, _TIDIED):
            pass

    async def learn_who_we_are() -> None:
        if ground.identity.problem:
            await identify(ground.slack, ground.identity)

    listed = [
        Job("deliver", timedelta(seconds=1), deliver),
        Job("sweep", timedelta(seconds=1), app.timers.sweep),
        Job("sync", timedelta(seconds=60), refresh, jitter=timedelta(seconds=5)),
        Job("tidy", timedelta(hours=1), clear_up, jitter=timedelta(minutes=5)),
        Job("introduce", timedelta(seconds=30), learn_who_we_are),
    ]
    if isinstance(ground.clock, SystemClock):
        listed.append(
            Job("clock", timedelta(seconds=30), functools.partial(follow_database_clock, ground))
        )
    if socket:
        listed.append(Job("watch", timedelta(seconds=3), functools.partial(slack.watch, socket)))
    scheduler = metronome(listed)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    first = [asyncio.create_task(refresh()), asyncio.create_task(learn_who_we_are())]
    stack.push_async_callback(_stop, *first)


async def _rehearse(app: App, rehearsal: WarmUp, clock: Clock) -> None:
    """Play an incident once the first pages are known."""
    await app.synced.wait()
    try:
        await rehearsal.play(app.store, clock.now())
    except FoghornError as error:
        _log.warning("The rehearsal did not come off.", reason=str(error))


async def _stop(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
