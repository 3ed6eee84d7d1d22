"""What every part of the bot stands on: settings, time, database, and ways to the outside."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.config import Settings, accounts
from bot.database import Database, its_time
from bot.domain.pages import Capabilities
from bot.errors import ProviderError, Rejected, StoreUnavailable
from bot.ports import Account, Clock, StatusPage
from bot.providers import new_client, open_accounts
from bot.services.delivery.priority import Priority
from bot.slack import calls
from bot.statuspage.records.declaration import apply_declaration
from bot.statuspage.records.identity import keep_identity
from bot.store.opening import open_migrated

_log = structlog.get_logger(__name__)


_NO_CAPABILITIES = Capabilities(
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
    """Who Slack says that we are; `problem` says why it does not.

    `user_id` is the bot's own; `organisation_id` is an Enterprise Grid organisation that we are
    installed for as a whole.
    """

    user_id: str = ""
    team_id: str | None = None
    organisation_id: str | None = None
    problem: str | None = "Slack has not answered yet."

    @property
    def ids(self) -> frozenset[str]:
        """What somebody must belong to in order to be one of us; nothing while it is not known."""
        return frozenset(filter(None, (self.team_id, self.organisation_id)))


@dataclass(frozen=True, slots=True)
class Resources:
    """What every part stands on: settings, time, the database, and the ways to the outside."""

    settings: Settings
    clock: Clock
    database: Database
    accounts: Sequence[Account]
    slack: AsyncWebClient
    identity: Identity
    priority: Priority = field(default_factory=Priority)

    def page_by_id(self, page_id: str) -> StatusPage:
        """Return the page with our id `page_id`; raise `Rejected` when no key reaches it."""
        return self._account(page_id).page(page_id)

    def capabilities(self, page_id: str) -> Capabilities:
        """Return what the page with our id `page_id` can do; nothing when no key reaches it.

        So an incident that is there too goes on elsewhere, and its author is told of this page.
        """
        try:
            return self._account(page_id).capabilities
        except Rejected:
            return _NO_CAPABILITIES

    async def follow_database_clock(self) -> None:
        """Go by the database's time where several instances share one."""
        if not isinstance(self.clock, SystemClock):
            return
        try:
            truth = await self.database.read(its_time)
        except StoreUnavailable:
            return  # steady as it is, until the database is back
        if truth:
            self.clock.follow(truth)

    async def identify(self) -> None:
        """Ask Slack who we are, unless it has said so: people from elsewhere are known by it."""
        if not self.identity.problem:
            return
        try:
            answer = await calls.call(self.slack.auth_test)
        except ProviderError as error:
            if self.identity.problem != str(error):
                _log.error("Slack has not said who Foghorn is.", reason=str(error))
            self.identity.problem = str(error)
            return
        self.identity.user_id = answer.get("user_id", "")
        self.identity.team_id = answer.get("team_id")
        if answer.get("is_enterprise_install"):
            self.identity.organisation_id = answer.get("enterprise_id")
        self.identity.problem = None

    def _account(self, page_id: str) -> Account:
        provider = page_id.partition(":")[0]
        for account in self.accounts:
            if account.provider == provider:
                return account
        raise Rejected("Foghorn has no key for this page any more.")


async def open_resources(stack: AsyncExitStack, settings: Settings, clock: Clock) -> Resources:
    """Open what every part stands on; `stack` closes it."""
    address = settings.database_url.get_secret_value()
    database = await stack.enter_async_context(open_migrated(address))
    if settings.serves_page:
        await database.write(keep_identity, settings.public_url)
        await database.write(apply_declaration, accounts.declaration(settings.page), clock.now())
    client = new_client(settings.delivery.timeout.total_seconds())
    await stack.enter_async_context(client)
    session = await stack.enter_async_context(calls.new_session())
    token = settings.slack_bot_token.get_secret_value()
    resources = Resources(
        settings=settings,
        clock=clock,
        database=database,
        accounts=open_accounts(client, clock, *accounts.configured(settings, database)),
        slack=calls.new_client(token, settings.slack_api_url, session),
        identity=Identity(),
    )
    await resources.follow_database_clock()
    return resources
