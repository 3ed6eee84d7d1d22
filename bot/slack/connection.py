"""Socket Mode's connection, which is opened again however long Slack was away."""

import asyncio
import logging
from contextlib import suppress
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ProviderError
from bot.slack import shapes
from bot.slack.calls import call, new_session

_log = structlog.get_logger(__name__)

PING_SECONDS = 2.5
"""Between pings in Socket Mode: an abrupt loss of the line is noticed in about twice that."""
_MOST_SECONDS = 6.0
"""What a later try waits at most, on top of the interval that the library waits after a failure."""
_FAREWELL_SECONDS = 1.0


def _is_fault_of_ours(record: logging.LogRecord) -> bool:
    """Say whether the library speaks of a listener; each trouble of the line is told here, once.

    It tells every try with its traceback, in which the address stands that opens a connection.
    """
    return record.getMessage().startswith(("Failed to run", "Failed to process"))


class Connection(SocketModeClient):
    """The library's client, which here takes an address once and has one task that connects.

    The library tries one address without end, but it opens one connection and soon expires:
    https://docs.slack.dev/apis/events-api/using-socket-mode
    """

    def __init__(self, app_token: str, client: AsyncWebClient) -> None:
        logger = logging.getLogger("slack_sdk.socket_mode")
        logger.addFilter(_is_fault_of_ours)
        super().__init__(app_token, logger=logger, web_client=client, ping_interval=PING_SECONDS)
        self._lost_why: str | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._tries = 0
        self.message_listeners.append(self._greeted)
        # The library's own session waits five minutes for an answer, and cannot be followed.
        self.aiohttp_client_session.detach()
        self.aiohttp_client_session = new_session()
        following = aiohttp.TraceConfig()
        following.on_request_start.append(self._spent)
        following.freeze()
        self.aiohttp_client_session.trace_configs.append(following)

    @property
    def connecting(self) -> bool:
        """Whether a connection is being tried for."""
        return self._connecting is not None and not self._connecting.done()

    async def connect(self) -> None:
        """Return when there is a new connection, or when this one was closed."""
        await asyncio.wait([self._begin()])

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 -- the library's own
        """Begin to connect and return at once; do nothing when that has begun already."""
        if force or not await self.is_connected():
            self._begin()

    async def issue_new_wss_url(self) -> str:
        """Ask for an address; from the third try on ever later, until Slack has said hello."""
        if self._tries:
            self.lost("Slack opened no connection.")
        await asyncio.sleep(min(max(self._tries - 1, 0), _MOST_SECONDS))
        self._tries += 1
        try:
            answer = await call(self.web_client.apps_connections_open, app_token=self.app_token)
        except ProviderError as error:
            self.lost(str(error))
            await asyncio.sleep(error.retry_after or 0)
            raise
        return str(answer["url"])

    def lost(self, why: str) -> None:
        """Say in the log that there is no connection, once until there is one again."""
        if self._lost_why is None:
            self._lost_why = why
            _log.warning("Socket Mode is gone; connecting again until it is back.", reason=why)

    async def close(self) -> None:
        """Stop at once, also in the middle of connecting."""
        self.closed = True
        if self._connecting:
            self._connecting.cancel()
            await asyncio.wait([self._connecting])
        with suppress(TimeoutError):  # a silent peer would be waited for ten seconds
            async with asyncio.timeout(_FAREWELL_SECONDS):
                await self.disconnect()  # type: ignore[no-untyped-call]
        await super().close()  # type: ignore[no-untyped-call]

    def _begin(self) -> asyncio.Task[None]:
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._try_on())
        return self._connecting

    async def _try_on(self) -> None:
        async with self.connect_operation_lock:  # who has something to send waits for it
            self.wss_uri = None
            self.last_ping_pong_time = None  # of the connection before
            await super().connect()  # type: ignore[no-untyped-call]

    async def _spent(self, *_: object) -> None:
        """Forget an address as soon as it is tried: without one the library asks for another."""
        self.wss_uri = None

    async def _greeted(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, Any], _raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            self._tries = 0
            if self._lost_why is not None:
                self._lost_why = None
                _log.info("Socket Mode is back.")


class SocketModeHandler(AsyncSocketModeHandler):
    """Bolt's own handler on a `Connection`; its `client` carries the app-level token."""

    client: Connection

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self.app = app
        self.app_token = app_token
        self.client = Connection(app_token, client)
        self.client.socket_mode_request_listeners.append(self.handle)

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """Leave out what Slack never sends, as HTTP does."""
        if not shapes.refusal(req.payload):
            await super().handle(client, req)  # type: ignore[arg-type]  # it is our `client`
