"""The bot's process dies at a bad moment, and the next one goes on where it was."""

import asyncio
import json
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.playground import Message, Modal, Person, SlackServer, Workspace
from tests import processes
from tests.databases import new_file
from tests.fakes.vendor import VendorFake
from tests.processes import Program
from tests.waits import SLACK_SECONDS
from tests.whole.rig import (
    APP_TOKEN,
    BOT_TOKEN,
    COMMANDS,
    DELIVERY,
    SCOPES,
    SIGNING_SECRET,
    environment,
)

pytestmark = pytest.mark.anyio

NAME, REPORT, UPDATE = "Checkout is down", "Cards are refused.", "The bank mends it."
SHORT = {"timeout": "400ms", "quiet": "800ms", "lease": "1500ms"}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stage:
    """Slack, a vendor, and the place where one process of the bot after the other runs."""

    slack: SlackServer
    vendor: VendorFake
    env: Mapping[str, str]
    cwd: Path
    ann: Person

    @asynccontextmanager
    async def bot(
        self, timing: Mapping[str, str] = SHORT, settings: str = ""
    ) -> AsyncIterator[Program]:
        """Run the bot as a process of its own until the block is left, where it is killed."""
        delivery = DELIVERY.format(**{"pace": "50ms", **timing})
        (self.cwd / "foghorn.toml").write_text(delivery + settings)
        command = (sys.executable, "-m", "bot", "run")
        with processes.running(*command, cwd=self.cwd, env=self.env) as program:
            await self.slack.until(lambda: self._ready(program), what="the bot's readiness")
            yield program

    def _ready(self, program: Program) -> bool:
        """Say whether the bot can be reached and knows its pages."""
        assert program.process.poll() is None
        lines = [line for line in program.lines if line.startswith("{")]
        ports = [event["port"] for event in map(json.loads, lines) if "port" in event]
        if not ports:
            return False
        if "SLACK_SIGNING_SECRET" in self.env:
            self.slack.bot_at(f"http://127.0.0.1:{ports[0]}/slack/events")
        reached = bool(self.slack.sockets.links) or "SLACK_SIGNING_SECRET" in self.env
        return reached and self.count("SELECT count(*) FROM pages") > 0

    def count(self, query: str) -> int:
        with closing(sqlite3.connect(self.cwd / "foghorn.db")) as connection:
            return int(connection.execute(query).fetchone()[0])

    async def filled_in(self, name: str = NAME) -> Modal:
        await self.ann.types("/incident")
        form = await self.ann.modal("Report an incident")
        form.fill("Incident name", name)
        form.fill("Message", REPORT)
        return form

    @property
    def parents(self) -> list[Message]:
        return [message for message in self.slack.messages("incidents") if not message.is_reply]

    async def published_once(self, *messages: str) -> None:
        """Wait for a receipt of each message; each is on the page once and was told once."""
        await self.slack.until(
            lambda: self.parents and len(self.slack.thread(self.parents[0])) >= len(messages),
            what="receipts",
        )
        [seen] = self.vendor.incidents()
        assert seen.messages == list(messages)
        assert [told.message for told in self.vendor.notifications] == list(messages)
        assert len(self.parents) == 1
        receipts = self.slack.thread(self.parents[0])
        assert [m for m, r in zip(messages, receipts, strict=True) if m not in r.shown] == []


@asynccontextmanager
async def staged(vendor: VendorFake, cwd: Path, transport: str) -> AsyncIterator[Stage]:
    workspace = Workspace(scopes=SCOPES, commands=COMMANDS)
    async with SlackServer(
        workspace,
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    ) as slack:
        slack.be_patient(SLACK_SECONDS)
        env = environment(slack, [vendor], new_file(cwd / "foghorn.db"), transport)
        env |= {"FOGHORN_LOG": "json", "PYTHONPATH": str(ROOT)}
        yield Stage(slack, vendor, env, cwd, slack.person("ann"))


@pytest.fixture
async def stage(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(vendor, tmp_path, "http") as built:
        yield built


async def test_killed_right_after_the_acknowledgement_it_is_published_once(
    vendor: VendorFake, tmp_path: Path, transport: str
) -> None:
    async with staged(vendor, tmp_path, transport) as stage:
        async with stage.bot() as first:
            form = await stage.filled_in()
            assert (await form.submit()).action == "update"
            first.process.kill()
        await form.close(everything=True)
        async with stage.bot():
            await stage.published_once(REPORT)


async def test_killed_while_the_vendor_hangs_it_is_published_once(stage: Stage) -> None:
    async with stage.bot() as first:
        form = await stage.filled_in()
        stage.vendor.hang()
        await form.submit()
        await stage.slack.until(lambda: stage.vendor.requests[-1].method == "POST")
        first.process.kill()
    await stage.vendor.accept()
    async with stage.bot():
        await stage.published_once(REPORT)


async def test_killed_after_the_vendor_wrote_it_is_not_published_again(stage: Stage) -> None:
    async with stage.bot() as first:
        form = await stage.filled_in()
        stage.vendor.slow(60)
        await form.submit()
        await stage.slack.until(stage.vendor.incidents, what="the incident on the page")
        first.process.kill()
    stage.vendor.slow(0)
    async with stage.bot():
        await stage.published_once(REPORT)


async def test_killed_with_an_update_on_its_way_it_is_posted_once(stage: Stage) -> None:
    async with stage.bot() as first:
        await (await stage.filled_in()).submit()
        await stage.published_once(REPORT)
        await stage.ann.clicks("Update", message=stage.parents[0])
        form = await stage.ann.modal("Post an update")
        form.fill("Message", UPDATE)
        stage.vendor.fail_next(500, method="POST", after_write=True)
        await form.submit()
        await stage.slack.until(lambda: stage.vendor.lost == 1, what="the update on the page")
        first.process.kill()
    async with stage.bot():
        await stage.published_once(REPORT, UPDATE)


@pytest.mark.parametrize("vendor", ["instatus"], indirect=True)
async def test_killed_while_slack_holds_its_answer_there_is_one_parent_message(
    stage: Stage,
) -> None:
    async with stage.bot() as first:
        form = await stage.filled_in()
        stage.slack.delay("chat.postMessage", 60, after_write=True)
        await form.submit()
        await stage.slack.until(lambda: stage.parents, what="a parent message")
        first.process.kill()
    async with stage.bot():
        await stage.published_once(REPORT)


@pytest.mark.parametrize("vendor", ["instatus"], indirect=True)
async def test_killed_with_more_in_hand_than_it_carries_at_once_nothing_is_lost_or_doubled(
    stage: Stage,
) -> None:
    # Eight are on their way to a page at most, so some are not even claimed.
    names = [f"Incident {number}" for number in range(10)]
    async with stage.bot({"timeout": "3s", "quiet": "3100ms", "lease": "3700ms"}) as first:
        stage.vendor.hang()
        for name in names:
            form = await stage.filled_in(name)
            await form.submit()
            await form.close(everything=True)
        first.process.kill()
    await stage.vendor.accept()
    async with stage.bot():
        await stage.slack.until(lambda: len(stage.vendor.incidents()) >= len(names))
        waiting = "SELECT count(*) FROM deliveries WHERE kind = 'publish' AND state <> 'done'"
        await stage.slack.until(lambda: not stage.count(waiting))
        assert sorted(seen.name for seen in stage.vendor.incidents()) == names
        assert len(stage.vendor.notifications) == len(names)


# --- asked to stop ---


async def stopped(program: Program) -> float:
    """Ask a program to stop, and return how many seconds it took to do so in good order."""
    asked = time.monotonic()
    program.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(program.ended) == 0
    return time.monotonic() - asked


@pytest.mark.parametrize("vendor", ["instatus"], indirect=True)
async def test_asked_to_stop_it_finishes_what_is_in_hand(stage: Stage) -> None:
    async with stage.bot({"timeout": "3s", "quiet": "4s", "lease": "20s"}) as bot:
        form = await stage.filled_in()
        stage.vendor.slow(0.5)
        await form.submit()
        await stage.slack.until(stage.vendor.incidents, what="the incident on the page")
        assert await stopped(bot) < 10
    assert stage.count("SELECT count(*) FROM publications WHERE remote_id IS NOT NULL") == 1
    stage.vendor.slow(0)
    async with stage.bot():
        await stage.published_once(REPORT)


@pytest.mark.parametrize("vendor", ["instatus"], indirect=True)
async def test_asked_to_stop_while_all_hangs_it_hands_back_and_ends_in_time(stage: Stage) -> None:
    async with stage.bot({"timeout": "40s", "quiet": "41s", "lease": "60s"}) as bot:
        form = await stage.filled_in()
        stage.vendor.hang()
        stage.slack.hang("chat.postMessage")
        await form.submit()
        await stage.slack.until(lambda: stage.vendor.requests[-1].method == "POST")
        stage.slack.hang("views.open")
        await form.close(everything=True)
        await stage.ann.types("/incident")
        assert await stopped(bot) < 10
        assert "Traceback" not in bot.said
    held = "SELECT count(*) FROM deliveries WHERE lease IS NOT NULL"
    assert stage.count(held) == 0
