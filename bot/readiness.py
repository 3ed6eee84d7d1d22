"""What makes the bot ready: Slack reaches it, pages were read, the database takes writes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import FoghornError
from bot.resources import Resources
from bot.services.sync import Sync
from bot.slack import app as slack
from bot.slack.connection import SocketModeHandler
from bot.store.pages import take_writes
from bot.web.refusals import Refusals

_GONE = timedelta(seconds=30)
"""For how long a lost connection is no trouble: it is opened again within seconds."""
_NOT_TRIED = timedelta(minutes=10)
"""After how long without a try to read the pages this process is no longer itself."""


class Readiness:
    """Knows what is wrong; a check is what keeps the bot from being ready, a remark does not.

    What vendors do is a remark: forms are taken and kept while a vendor is away. So are requests
    that are refused: anybody can send some.
    """

    def __init__(
        self,
        resources: Resources,
        sync: Sync,
        refusals: Refusals,
        socket: Callable[[], SocketModeHandler | None],
    ) -> None:
        """Ask these; `socket` gives the connection to Slack once there is one."""
        self._resources = resources
        self._sync = sync
        self._refusals = refusals
        self._socket = socket
        self._connected_at: datetime | None = None

    async def database(self) -> str | None:
        """Say why nothing can be kept."""
        try:
            await self._resources.database.write(take_writes)
        except FoghornError as error:
            return str(error)
        return None

    async def pages(self) -> str | None:
        """Say which pages were never read, or that none is being read any more."""
        troubles = self._sync.troubles
        try:
            unread = await self._sync.unread()
        except FoghornError as error:
            return str(error)
        if unread:
            reasons = (f"{name}: {troubles.get(name, 'not read yet')}" for name in unread)
            return "; ".join(reasons)
        tried = self._sync.tried_at
        if tried and self._resources.clock.now() - tried > _NOT_TRIED:
            return f"not read since {tried:%Y-%m-%d %H:%M} UTC"
        return None

    async def pages_remark(self) -> str | None:
        """Say which pages could not be read the last time."""
        return "; ".join(f"{name}: {why}" for name, why in self._sync.troubles.items()) or None

    async def slack(self) -> str | None:
        """Say why Slack cannot reach us, or does not know us."""
        if self._resources.identity.problem or not self._resources.settings.slack_app_token:
            return self._resources.identity.problem
        now, socket = self._resources.clock.now(), self._socket()
        if socket and await slack.is_heard(socket):
            self._connected_at = now
        if not self._connected_at:
            return "The Socket Mode connection is not open yet."
        if now - self._connected_at <= _GONE:
            return None
        away = int((now - self._connected_at).total_seconds())
        return f"The Socket Mode connection has been gone for {away} s."

    async def slack_remark(self) -> str | None:
        """Say why all requests to Slack's endpoint are refused, if they are."""
        return self._refusals.remark
