"""The look-alike of Slack as a running server, and what a test asks of it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self, TypeVar

from starlette.applications import Starlette

from bot.playground.dispatch.dispatcher import Dispatcher
from bot.playground.dispatch.socket_mode import SocketConnections
from bot.playground.errors import PATIENCE, WaitTimeout
from bot.playground.loopback_server import LoopbackServer
from bot.playground.people.interactions import Interactions
from bot.playground.people.person import Person
from bot.playground.web.fault_switches import FaultSwitch, FaultSwitches
from bot.playground.web.security import LoopbackOnly
from bot.playground.web.site import BrowserSite
from bot.playground.web_api.endpoints import WebApi
from bot.playground.web_api.faults import Fault, Faults, limit_fault
from bot.playground.workspace.journal import Ack, ApiCall
from bot.playground.workspace.records import Message
from bot.playground.workspace.workspace import Workspace

PredicateValue = TypeVar("PredicateValue")
_POLL = 0.02  # predicates may look at things outside the workspace, which notify nobody


class SlackServer:
    """A strict Slack on loopback: `async with SlackServer(workspace, ...) as slack`."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        port: int = 0,
    ) -> None:
        self.workspace = workspace
        self.faults = Faults()
        self.sockets = SocketConnections(workspace.tickets, workspace.journal)
        self.dispatcher = Dispatcher(self.sockets, workspace.journal, signing_secret)
        self._interactions = Interactions(workspace, self.dispatcher)
        self._api = WebApi(workspace, self.faults, bot_token=bot_token, app_token=app_token)
        self.switches = FaultSwitches(workspace.journal)
        self.switches.offer(*self._own_faults())
        self.site = BrowserSite(self._interactions, self.until, self.switches)
        routes = [*self._api.routes(self.sockets), *self.site.routes()]
        self._listener = LoopbackServer(LoopbackOnly(Starlette(routes=routes)), port)
        self.port = port
        # What is asked of this server and done by its parts:
        self.bot_at = self.dispatcher.use_http
        self.replay = self.dispatcher.send_last
        self.pace, self.refuse = self.faults.pace, self.faults.refuse
        self.messages, self.thread = workspace.messages, workspace.thread
        self.direct, self.private = workspace.direct, workspace.private
        self.archive, self.remove_bot = workspace.archive, workspace.remove_bot
        self.deactivate = workspace.deactivate

    def _own_faults(self) -> tuple[FaultSwitch, ...]:
        return (
            FaultSwitch(
                "slack_limit",
                "Slack’s 429",
                "Slack takes no message of Foghorn’s now. They come late, and each once.",
                self.faults.limit_messages,
            ),
            FaultSwitch(
                "socket_silent",
                "Socket silent",
                "What people type and click does not reach Foghorn. Its own messages go on.",
                self.dispatcher.fall_silent,
            ),
        )

    async def __aenter__(self) -> Self:
        self.port = await self._listener.start()
        self._api.drop = self._listener.drop
        self.workspace.response_urls.base = f"http://127.0.0.1:{self.port}"
        self.workspace.tickets.base = f"ws://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.site.close()
        await self.dispatcher.close()
        await self._listener.stop()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def be_patient(self, seconds: float) -> None:
        """Waits so long for an acknowledgement, and for the view of a click."""
        self.dispatcher.limit = self.workspace.triggers.lifetime = seconds

    async def socket_connected(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - as in pytest's own waits
        await self.until(lambda: self.sockets.links, timeout, "a socket of the bot")

    @property
    def url(self) -> str:
        """Where a browser finds the workspace."""
        return f"http://127.0.0.1:{self.port}/"

    def person(self, name: str, channel: str | None = "incidents") -> Person:
        """Somebody who acts in this channel, or with None in the conversation with the bot."""
        user = self.workspace.user(name)
        if channel is None:
            place = self.workspace.direct_channel(user.id)
        else:
            place = self.workspace.channel(channel)
        return Person(user, place.id, self._interactions, self.until)

    def message(self, known: Message) -> Message:
        """The same message as it stands now."""
        return self.workspace.posts[known.channel, known.ts]

    def delete_message(self, message: Message) -> None:
        self.workspace.delete(message.channel, message.ts)

    @property
    def acks(self) -> list[Ack]:
        return self.workspace.journal.acks

    def calls(self, method: str | None = None) -> list[ApiCall]:
        """The bot's calls so far, without those that still run."""
        done = [call for call in self.workspace.journal.calls if call.status or call.fault]
        return [call for call in done if method in (None, call.method)]

    async def until(
        self,
        predicate: Callable[[], PredicateValue],
        timeout: float = PATIENCE,  # noqa: ASYNC109 - as above
        what: str = "what the test waits for",
    ) -> PredicateValue:
        """Returns the predicate's first true value; raises WaitTimeout after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        with self.workspace.journal.watched() as happened:
            while not (value := predicate()):
                if loop.time() > end:
                    tail = self.workspace.journal.tail()
                    raise WaitTimeout(f"no {what} within {timeout} s; on the wire:\n{tail}")
                happened.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_POLL):
                        await happened.wait()
        return value

    def rate_limit(self, method: str, *, retry_after: int, times: int = 1) -> None:
        self.faults.add(method, limit_fault(retry_after), times)

    def fail_next(
        self, method: str, *, error: str = "internal_error", status: int = 200, times: int = 1
    ) -> None:
        self.faults.add(method, Fault("fail", error, status), times)

    def lose_next_answer(self, method: str, *, times: int = 1) -> None:
        """Does the write, then cuts the connection without an answer."""
        self.faults.add(method, Fault("lose", written=True), times)

    def delay(
        self, method: str, seconds: float, *, times: int = 1, after_write: bool = False
    ) -> None:
        self.faults.add(method, Fault("delay", seconds=seconds, written=after_write), times)

    def hang(self, method: str, *, times: int = 1) -> None:
        """Never answers and writes nothing."""
        self.faults.add(method, Fault("hang"), times)

    @contextmanager
    def sockets_away(self) -> Iterator[None]:
        """Cuts the bot's sockets and refuses new ones until the block is left."""
        self.sockets.away = True
        for link in self.sockets.links:
            if link.client:
                self._listener.drop((link.client.host, link.client.port))
        try:
            yield
        finally:
            self.sockets.away = False
