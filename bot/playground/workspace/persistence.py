"""Keeps what was said in a workspace over a restart: a training goes on the next day."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from bot.playground.errors import Json
from bot.playground.workspace.records import Message
from bot.playground.workspace.workspace import Workspace

_WRITE_DELAY = 1.0


@asynccontextmanager
async def persist_messages(workspace: Workspace, path: Path) -> AsyncIterator[None]:
    """Brings back the messages that `path` holds, and writes them there as they change."""
    _restore(workspace, path)
    with workspace.journal.watched() as happened:
        writing = asyncio.create_task(_write_changes(workspace, path, happened))
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            _write(workspace, path)


async def _write_changes(workspace: Workspace, path: Path, happened: asyncio.Event) -> None:
    while True:
        await happened.wait()
        await asyncio.sleep(_WRITE_DELAY)
        happened.clear()
        _write(workspace, path)


def _write(workspace: Workspace, path: Path) -> None:
    rows = [{**asdict(one), "pings": sorted(one.pings)} for one in workspace.posts.values()]
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(rows), encoding="utf-8")
    beside.replace(path)


def _restore(workspace: Workspace, path: Path) -> None:
    if not path.exists():
        return
    rows: list[Json] = json.loads(path.read_text(encoding="utf-8"))
    workspace.posts.clear()
    for row in rows:
        message = Message(**{**row, "pings": frozenset(row["pings"])})
        if message.channel not in workspace.channels:
            workspace.direct_channel(f"U{message.channel[1:]}")
        workspace.posts[message.channel, message.ts] = message
