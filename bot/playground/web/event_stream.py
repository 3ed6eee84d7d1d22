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


async def stream_events(
    workspace: Workspace, user: User, beside: Callable[[], dict[str, Json]]
) -> AsyncIterator[str]:
    """Sends each part of the screen once, and again only when it is another."""
    sent: dict[str, str] = {}
    with workspace.journal.watched() as happened:
        while True:
            happened.clear()
            for name, content in _parts(workspace, user, beside):
                text = json.dumps(content, separators=(",", ":"))
                if sent.get(name) != text:
                    sent[name] = text
                    yield f"event: {name.partition(' ')[0]}\ndata: {text}\n\n"
            try:
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    await happened.wait()
            except TimeoutError:
                yield ": still here\n\n"
            await asyncio.sleep(_BURST_SECONDS)


def _parts(
    workspace: Workspace, user: User, beside: Callable[[], dict[str, Json]]
) -> Iterator[tuple[str, Json]]:
    yield from browser_state.parts(workspace, user)
    yield from beside().items()
    for number, entry in list(enumerate(workspace.journal.entries))[-_MOST_ENTRIES:]:
        yield f"wire {number}", journal_rows.row(number, entry)
