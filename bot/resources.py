"""What every part of the bot stands on: settings, time, the store, and the ways to the outside."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.config import Settings, accounts
from bot.database import Database, its_time, open_database
from bot.domain.pages import Capabilities
from bot.errors import ProviderError, Rejected, StoreUnavailable
from bot.ports import Account, Clock, StatusPage
from bot.providers import new_client, open_accounts
from bot.services.delivery.priority import Priority
from bot.slack import calls
from bot.statuspage.records.declaration import apply_declaration
from bot.store.migrations import upgrade

_log = structlog.get_logger(__name__)


_BEYOND_REACH = Capabilities(
    name_limit=None,
    message_limit=None,
    backdates=False,
    edits_updates=False,
    deletes_updates=False,
    deletes_incidents=False,
    shares_component_status=False,
    takes_create_key=False,
)


@dataclass
class Identity:
    """Who Slack says that we are; `problem` says why it does not."""

    team_id: str | None = None
    problem: str | None = "Slack has not answered yet."


@dataclass(frozen=True, slots=True)
class Resources:
    """What every part stands on: settings, time, the store, and the ways to the outside."""

    settings: Settings
    clock: Clock
    store: Database
    accounts: Sequence[Account]
    slack: AsyncWebClient
    identity: Identity
    courtesy: Priority = field(default_factory=Priority)

    def reach(self, page_id: str) -> StatusPage:
        """Return the page with our id `page_id`; raise `Rejected` when no key reaches it."""
        return self._account(page_id).page(page_id)

    def capabilities(self, page_id: str) -> Capabilities:
        """Return what the page with our id `page_id` can do; nothing when no key reaches it.

        So an incident that is there too goes on elsewhere, and its author is told of this page.
        """
        try:
            return self._account(page_id).capabilities
        except Rejected:
            return _BEYOND_REACH

    def _account(self, page_id: str) -> Account:
        provider = page_id.partition(":")[0]
        for account in self.accounts:
            if account.provider == provider:
                return account
        raise Rejected("Foghorn has no key for this page any more.")


async def open_resources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Resources:
    """Open what every part stands on; `stack` closes it."""
    address = settings.database_url.get_secret_value()
    await asyncio.to_thread(upgrade, address)
    store = await stack.enter_async_context(open_database(address))
    if settings.serves_page:
        await store.write(apply_declaration, accounts.declaration(settings.page), clock.now())
    client = new_client(settings.delivery.timeout.total_seconds())
    await stack.enter_async_context(client)
    session = await stack.enter_async_context(calls.new_session())
    token = settings.slack_bot_token.get_secret_value()
    ground = Resources(
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
    await follow_database_clock(ground)
    return ground


async def follow_database_clock(ground: Resources) -> None:
    """Go by the database's time where several instances share one."""
    if not isinstance(ground.clock, SystemClock):
        return
    try:
        truth = await ground.store.read(its_time)
    except StoreUnavailable:
        return  # steady as it is, until the database is back
    if truth:
        ground.clock.follow(truth)


async def identify(client: AsyncWebClient, identity: Identity) -> None:
    """Ask Slack who we are, so that people from elsewhere are known as such."""
    try:
        answer = await calls.call(client.auth_test)
    except ProviderError as error:
        identity.problem = str(error)
        _log.error("Slack does not know us.", reason=str(error))
        return
    identity.team_id = answer.get("team_id")
    identity.problem = None
