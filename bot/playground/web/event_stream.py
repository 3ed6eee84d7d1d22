"""The stream of changes to one person's screen, as Server-Sent Events."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator

from bot.playground.errors import Json
from bot.playground.web import browser_state, journal_rows
from bot.playground.workspace.records import User
from bot.playground.workspace.workspace import Workspace

_HEARTBEAT_SECONDS = 15.0
_MOST_ENTRIES = 200
_BURST_SECONDS = 0.03  # changes come in bursts


class EventStream:
    """Sends each part of the screen once, and again only when it is another."""

    def __init__(self, workspace: Workspace, user: User, page: Callable[[], Json]) -> None:
        self._workspace = workspace
        self._user = user
        self._page = page
        self._sent: dict[str, str] = {}

    async def events(self) -> AsyncIterator[str]:
        with self._workspace.journal.watched() as happened:
            while True:
                happened.clear()
                for name, text in self._news():
                    yield f"event: {name}\ndata: {text}\n\n"
                try:
                    async with asyncio.timeout(_HEARTBEAT_SECONDS):
                        await happened.wait()
                except TimeoutError:
                    yield ": still here\n\n"
                await asyncio.sleep(_BURST_SECONDS)

    def _news(self) -> Iterator[tuple[str, str]]:
        for name, content in self._parts():
            text = json.dumps(content, separators=(",", ":"))
            if self._sent.get(name) != text:
                self._sent[name] = text
                yield name.partition(" ")[0], text

    def _parts(self) -> Iterator[tuple[str, Json]]:
        yield from browser_state.parts(self._workspace, self._user)
        yield "page", self._page()
        entries = self._workspace.journal.entries
        for number, entry in list(enumerate(entries))[-_MOST_ENTRIES:]:
            yield f"wire {number}", journal_rows.row(number, entry)
