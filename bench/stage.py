"""What stands on the stage while acknowledgements are measured, and who plays which part."""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import load, signed
from bench.children import LOAD_CORE, SERVER_CORE, Child, child, foghorn, free_port
from bench.load import Ack

HANDLERS = {"1 handler": 1, "foghorn": 200}


@dataclass(frozen=True)
class Server:
    """Something that answers Slack, in its process."""

    process: Child
    port: int


@dataclass(frozen=True)
class Bot(Server):
    """A fresh Foghorn, what Slack would send it, and how long it took to its first answer."""

    folder: Path
    form: dict[str, Any]
    seconds_to_ack: float

    def kept(self) -> int:
        """Return how many forms are on its disk."""
        with closing(sqlite3.connect(self.folder / "foghorn.db")) as database:
            counted: int = database.execute("SELECT count(*) FROM submissions").fetchone()[0]
            return counted


@dataclass(frozen=True)
class Stage:
    """Everything that stays for the whole measurement; bots come and go."""

    outside: Child
    facts: dict[str, str]
    default: Server
    at_once: Server
    doors: dict[str, Server]

    async def commands(self, many: int, line: str = "/incident") -> list[bytes]:
        """Return `many` commands, each with a trigger id of its own."""
        made = await self.outside.asks(commands=many, line=line)
        return [signed.command(payload) for payload in made]

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """Start a Foghorn with an empty database and kill it in the end, with all that it owes."""
        with tempfile.TemporaryDirectory(prefix="foghorn-bench-") as name:
            folder, port = Path(name), free_port()
            await self.outside.asks(**{"new bot": port})
            first = (await self.commands(1, "/incident list"))[0]
            started = time.perf_counter()
            async with foghorn(self._environment(folder, port), folder, SERVER_CORE) as process:
                await _first_answer(port, first)
                seconds = time.perf_counter() - started
                form = await self.outside.asks(fill="the form")
                yield Bot(process, port, folder, form, seconds)

    def _environment(self, folder: Path, port: int) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": signed.BOT_TOKEN,
            "SLACK_SIGNING_SECRET": signed.SIGNING_SECRET,
            "SLACK_API_URL": self.facts["api"],
            "INCIDENT_IO_API_KEY": self.facts["key"],
            "INCIDENT_IO_API_URL": self.facts["vendor"],
            "INCIDENT_IO_PAGE_IDS": self.facts["page"],
            "DATABASE_URL": f"sqlite:///{folder / 'foghorn.db'}",
            "PORT": str(port),
        }


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start everything but the bot."""
    async with AsyncExitStack() as stack:

        async def server(module: str, argument: str) -> Server:
            process = await stack.enter_async_context(child(module, argument, core=SERVER_CORE))
            return Server(process, await process.hears())

        outside = await stack.enter_async_context(child("bench.outside", core=LOAD_CORE))
        yield Stage(
            outside,
            facts=await outside.hears(),
            default=await server("bench.hello", "default"),
            at_once=await server("bench.hello", "at-once"),
            doors={name: await server("bench.door", str(many)) for name, many in HANDLERS.items()},
        )


def fsync_ms() -> float:
    """Return how long this machine takes to put a page on disk, where the databases lie."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def is_ok(ack: Ack) -> bool:
    """Say whether this is an answer that Slack takes."""
    return ack.status == 200  # noqa: PLR2004 -- HTTP's own number


def is_kept(ack: Ack) -> bool:
    """Say whether Foghorn has kept a form and says so."""
    return is_ok(ack) and b'"response_action": "update"' in ack.body


def offers(ack: Ack) -> bool:
    """Say whether these are as many components as Slack shows at most."""
    return is_ok(ack) and ack.body.count(b'"value"') == 100  # noqa: PLR2004 -- Slack's own limit


async def _first_answer(port: int, request: bytes) -> None:
    while True:
        try:
            line = await load.connect(port)
        except OSError:
            await asyncio.sleep(0.005)
            continue
        load.checked([await line.ask(request)], is_ok)
        line.close()
        return
