"""The composition root: opens everything in order, and closes it in reverse."""

import asyncio
import functools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.clock import SystemClock
from bot.config import Settings, accounts
from bot.database import Store, open_store
from bot.domain.deliveries import Announce, ReadBack, Reply, Show, Tell
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.pages import Capabilities
from bot.errors import FoghornError, ProviderError, Rejected
from bot.jobs import Job, metronome
from bot.ports import Account, Clock, StatusPage
from bot.providers import new_client, open_accounts
from bot.services.access import Access, Standing
from bot.services.announcements import Announcements
from bot.services.desk import Desk
from bot.services.outbox import Carrier, Outbox, Timing
from bot.services.page_deliveries import PageDeliveries
from bot.services.publishing import Channels, Publishing
from bot.services.receipts import Receipts
from bot.services.sync import Sync
from bot.slack import app as slack
from bot.slack import calls
from bot.slack.announcer import SlackAnnouncer
from bot.slack.background import Background
from bot.slack.front import Front
from bot.statuspage.declared import bring_in
from bot.statuspage.site import routes
from bot.statuspage.source import Records
from bot.store.migrations import upgrade
from bot.store.pages import last_read
from bot.web.server import Answer, Check, SlackEndpoint, build, serve

_log = structlog.get_logger(__name__)

_DRAIN_SECONDS = 5.0
"""For deliveries in hand when we are asked to stop, of the ten seconds that platforms give."""


_ANSWERS_SECONDS = 2.0
"""For forms that are just being opened."""


@dataclass
class Identity:
    """Who Slack says that we are; `problem` says why it does not."""

    team_id: str | None = None
    problem: str | None = "Slack has not answered yet."


@dataclass(frozen=True, slots=True)
class App:
    """A running bot: where it listens, and the services behind it."""

    port: int
    store: Store
    outbox: Outbox
    sync: Sync
    identity: Identity
    synced: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every part stands on: settings, time, the store, and the ways to the outside."""

    settings: Settings
    clock: Clock
    store: Store
    accounts: Sequence[Account]
    slack: AsyncWebClient
    identity: Identity

    def reach(self, page_id: str) -> StatusPage:
        """Return the page with our id `page_id`; raise `Rejected` when no key reaches it."""
        provider = page_id.partition(":")[0]
        for account in self.accounts:
            if account.provider == provider:
                return account.page(page_id)
        raise Rejected("Foghorn has no key for this page any more.")

    def capabilities(self, page_id: str) -> Capabilities:
        """Return what the page with our id `page_id` can do."""
        return self.reach(page_id).capabilities


@asynccontextmanager
async def open_app(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """Open the bot as `settings` say; it works until the block is left.

    Raises `FoghornError` when it cannot start.
    """
    async with AsyncExitStack() as stack:
        ground = await _open_ground(stack, settings, clock or SystemClock())
        outbox = _outbox(ground)
        background = Background()
        bolt = slack.build(
            _front(ground, outbox, background), settings.slack_bot_token.get_secret_value()
        )
        sync = Sync(ground.store, ground.clock, ground.accounts)
        carrying = asyncio.create_task(outbox.run())
        stack.push_async_callback(_stop, carrying)
        stack.push_async_callback(outbox.drain, timedelta(seconds=_DRAIN_SECONDS))
        stack.push_async_callback(background.drain, _ANSWERS_SECONDS)
        port = await stack.enter_async_context(_serve(ground, bolt, sync))
        socket = await _connect(stack, settings, bolt)
        app = App(port, ground.store, outbox, sync, ground.identity)
        _start_jobs(stack, app, ground.slack, socket)
        yield app


async def _open_ground(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Ground:
    address = settings.database_url.get_secret_value()
    await asyncio.to_thread(upgrade, address)
    store = await stack.enter_async_context(open_store(address))
    if settings.serves_page:
        await store.write(bring_in, accounts.declaration(settings.page), clock.now())
    client = new_client(settings.delivery.timeout.total_seconds())
    await stack.enter_async_context(client)
    session = await stack.enter_async_context(calls.new_session())
    token = settings.slack_bot_token.get_secret_value()
    return Ground(
        settings=settings,
        clock=clock,
        store=store,
        accounts=open_accounts(
            client,
            clock,
            accounts.instatus(settings),
            accounts.incidentio(settings),
            accounts.local(settings, store),
        ),
        slack=calls.new_client(token, settings.slack_api_url, session),
        identity=Identity(),
    )


def _outbox(ground: Ground) -> Outbox:
    delivery = ground.settings.delivery
    to_pages = PageDeliveries(ground.store, ground.reach, ground.settings.admins)
    to_team = Announcements(ground.store, SlackAnnouncer(ground.slack))
    carriers: dict[type, Carrier] = {
        IncidentDraft: to_pages,
        UpdateDraft: to_pages,
        ReadBack: Receipts(ground.store, ground.reach),
        Announce: to_team,
        Reply: to_team,
        Tell: to_team,
        Show: to_team,
    }
    timing = Timing(lease=delivery.lease, quiet=delivery.quiet)
    return Outbox(ground.store, ground.clock, timing, carriers)


def _front(ground: Ground, outbox: Outbox, background: Background) -> Front:
    pages = ground.settings.pages
    own = {page_id: page.channel for page_id, page in pages.items() if page.channel}
    channels = Channels(ground.settings.channel, own)

    async def ask(person_id: str) -> Standing:
        return await slack.ask_about(ground.slack, person_id, ground.identity.team_id)

    return Front(
        client=ground.slack,
        publishing=Publishing(
            ground.store, ground.clock, ground.capabilities, channels, outbox.wake
        ),
        desk=Desk(ground.store, ground.clock),
        access=Access(ask),
        capabilities=ground.capabilities,
        background=background,
    )


@asynccontextmanager
async def _serve(ground: Ground, bolt: AsyncApp, sync: Sync) -> AsyncIterator[int]:
    settings = ground.settings

    async def handle(payload: dict[str, Any], _headers: Mapping[str, str]) -> Answer:
        return Answer(*await slack.dispatch(bolt, payload))

    endpoint = None
    if not settings.slack_app_token and settings.slack_signing_secret:
        endpoint = SlackEndpoint(handle, settings.slack_signing_secret.get_secret_value())
    page_routes: Sequence[BaseRoute] = ()
    if settings.serves_page:
        page_routes = routes(Records(ground.store, settings.public_url), ground.clock.now)
    app = build(_checks(ground, sync), endpoint, page_routes)
    async with serve(app, settings.host, settings.port) as port:
        _log.info("Listening.", host=settings.host, port=port)
        yield port


def _checks(ground: Ground, sync: Sync) -> dict[str, Check]:
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
) -> AsyncSocketModeHandler | None:
    if not settings.slack_app_token:
        return None
    session = await stack.enter_async_context(calls.new_session())
    token = settings.slack_app_token.get_secret_value()
    handler = slack.socket_mode(
        bolt, token, calls.new_client(token, settings.slack_api_url, session)
    )
    stack.push_async_callback(handler.close_async)
    # Tried again and again, beside everything else: what is owed to pages does not wait for Slack.
    connecting = asyncio.create_task(handler.connect_async())
    stack.push_async_callback(_stop, connecting)
    return handler


def _start_jobs(
    stack: AsyncExitStack, app: App, client: AsyncWebClient, socket: AsyncSocketModeHandler | None
) -> None:
    async def deliver() -> None:
        app.outbox.wake()

    async def refresh() -> None:
        await app.sync.refresh()
        app.synced.set()

    async def introduce() -> None:
        if app.identity.problem:
            await _introduce(client, app.identity)

    listed = [
        Job("deliver", timedelta(seconds=1), deliver),
        Job("sync", timedelta(seconds=60), refresh, jitter=timedelta(seconds=5)),
        Job("introduce", timedelta(seconds=30), introduce),
    ]
    if socket:
        listed.append(Job("watch", timedelta(seconds=3), functools.partial(slack.watch, socket)))
    scheduler = metronome(listed)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
    first = [asyncio.create_task(refresh()), asyncio.create_task(introduce())]
    stack.push_async_callback(_stop, *first)


async def _introduce(client: AsyncWebClient, identity: Identity) -> None:
    """Ask Slack who we are, so that people from elsewhere are known as such."""
    try:
        answer = await calls.call(client.auth_test)
    except ProviderError as error:
        identity.problem = str(error)
        _log.error("Slack does not know us.", reason=str(error))
        return
    identity.team_id = answer.get("team_id")
    identity.problem = None


async def _stop(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
