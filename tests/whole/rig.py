"""The whole bot between a strict look-alike of Slack and fakes of the vendors, on loopback."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app import App, open_app
from bot.config import load
from bot.domain.deliveries import SETTLED
from bot.playground import Message, Modal, Person, SlackServer, Workspace
from bot.store import Tx
from bot.store.tables import deliveries
from tests.databases import new_file
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import SeenIncident, VendorFake, wall_clock
from tests.waits import SLACK_SECONDS, patience

BOT_TOKEN = "xoxb-decoy-bot-token-4321"
APP_TOKEN = "xapp-decoy-app-token-4321"
SIGNING_SECRET = "decoy-signing-secret-4321"

# Short enough for tests, in the order that the real ones have.
DELIVERY = (
    '[delivery]\ntimeout = "{timeout}"\nquiet = "{quiet}"\nlease = "{lease}"\npace = "{pace}"\n'
)

MANIFEST = (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
SCOPES = re.findall(r"^ {6}- ([a-z:.]+)$", MANIFEST, re.MULTILINE)
COMMANDS = re.findall(r"- command: (/\S+)", MANIFEST)

KEYS = {"instatus": "INSTATUS", "incidentio": "INCIDENT_IO"}


@dataclass
class MovableClock:
    """The machine's time, and how far a test is ahead of it."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return wall_clock() + self.ahead


@dataclass(frozen=True)
class Rig:
    """A running bot and everything around it."""

    slack: SlackServer
    vendors: Sequence[VendorFake]
    app: App
    ann: Person
    ben: Person
    clock: MovableClock = field(default_factory=MovableClock)

    @property
    def vendor(self) -> VendorFake:
        return self.vendors[0]

    def skip(self, seconds: float) -> None:
        """Let so many seconds pass at once for the bot and the vendors, not for the network."""
        self.clock.ahead += timedelta(seconds=seconds)
        self.app.outbox.wake()

    async def soon(self, predicate: Callable[[], object], what: str, stride: float = 0.2) -> None:
        """Wait until the predicate is true, while the clock makes `stride` seconds of a moment."""

        def later() -> bool:
            self.skip(stride)
            return bool(predicate())

        sweeping = asyncio.create_task(self._sweep_on())
        try:
            await self.slack.until(later, what=what)
        finally:
            sweeping.cancel()
            await asyncio.wait([sweeping])

    async def _sweep_on(self) -> None:
        """Sweep more often than once a second, since the clock hurries."""
        while True:
            await self.app.timers.sweep()
            await asyncio.sleep(0.02)

    async def form(self, person: Person | None = None, words: str = "") -> Modal:
        who = person or self.ann
        await who.types(f"/incident {words}".strip())
        return await who.modal("Report an incident")

    async def report(
        self, name: str, message: str, *components: str, status: str = "", **more: str
    ) -> None:
        """Fill in and submit *Report an incident*."""
        form = await self.form()
        form.fill("Incident name", name)
        form.fill("Message", message)
        if components:
            await form.choose("Affected components", *components)
        if status:
            await form.choose("Component status", status)
        for label, choice in more.items():
            await form.choose(label.replace("_", " "), choice)
        result = await form.submit()
        assert result.action == "update", result
        await form.close(everything=True)

    async def post(
        self, button: str, message: str, *, parent: Message | None = None, **choices: str
    ) -> None:
        """Fill in and submit *Post an update*, opened by a button of the newest incident."""
        await self.ann.clicks(button, message=parent or self.parents()[-1])
        form = await self.ann.modal("Post an update")
        form.fill("Message", message)
        for label, choice in choices.items():
            await form.choose(label.replace("_", " "), choice)
        result = await form.submit()
        assert result.action == "update", result
        await form.close(everything=True)

    def parents(self, channel: str = "incidents") -> list[Message]:
        """The parent messages, oldest first, without replies that were broadcast."""
        return [m for m in self.slack.messages(channel) if not m.is_reply]

    def replies(self, parent: Message | None = None) -> list[Message]:
        parents = self.parents()
        return self.slack.thread(parent or parents[-1]) if parent or parents else []

    async def letters(self, name: str, words: str) -> list[Message]:
        """Wait until somebody has direct messages with these words, and return them."""

        def found() -> list[Message]:
            return [each for each in self.slack.direct(name) if words in each.shown]

        await self.soon(found, f"a letter to {name} about {words!r}")
        return found()

    async def schedule(self, name: str) -> None:
        """Schedule a maintenance for tomorrow in a form, and wait for its parent message."""
        before = len(self.parents())
        await self.ann.types(f"/maintenance {name}")
        form = await self.ann.modal("Schedule maintenance")
        form.fill("Message", "Writes wait for a minute.")
        starts = self.clock.now().replace(second=0, microsecond=0) + timedelta(days=1)
        await form.pick("Starts at", starts)
        await form.pick("Ends at", starts + timedelta(hours=1))
        result = await form.submit()
        assert result.action == "update", result
        await form.close(everything=True)
        await self.slack.until(lambda: len(self.parents()) > before, what="its parent message")

    async def receipts(self, count: int, parent: Message | None = None) -> list[Message]:
        """Wait until a thread holds `count` receipts."""
        await self.slack.until(lambda: len(self.replies(parent)) >= count, what=f"{count} receipts")
        return self.replies(parent)

    async def all_done(self) -> None:
        """Wait until nothing is owed to anyone any more."""
        async with patience("end of what is owed"):
            database = self.app.resources.database
            while await database.read(_owed):  # noqa: ASYNC110 (a database tells nobody)
                await asyncio.sleep(0.02)

    def refused(self) -> list[str]:
        """What Slack did not take, apart from news for a form that was closed meanwhile."""
        return [
            f"{call.method}: {call.answer}"
            for call in self.slack.calls()
            if call.error and (call.method, call.error) != ("views.update", "not_found")
        ]

    async def incident(self, name: str) -> SeenIncident:
        """Wait until the page shows an incident with this name, and return it."""
        await self.slack.until(lambda: self.named(name) != [], what=f"{name} on the page")
        return self.named(name)[0]

    def named(self, name: str) -> list[SeenIncident]:
        return [seen for seen in self.vendor.incidents() if seen.name == name]


def _owed(tx: Tx) -> int:
    settled = [state.value for state in SETTLED]
    query = select(func.count()).where(deliveries.c.state.not_in(settled))
    return tx.scalar(query) or 0


def environment(
    slack: SlackServer, vendors: Sequence[VendorFake], database: str, transport: str
) -> dict[str, str]:
    env = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database,
        "PORT": "0",
    }
    if transport == "socket":
        env["SLACK_APP_TOKEN"] = APP_TOKEN
    else:
        env["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
    for vendor in vendors:
        env[f"{KEYS[vendor.provider]}_API_KEY"] = vendor.key
        env[f"{KEYS[vendor.provider]}_API_URL"] = vendor.url
    return env


@asynccontextmanager
async def bot(  # noqa: PLR0913, PLR0917 (each is one thing that tests vary)
    slack: SlackServer,
    env: Mapping[str, str],
    cwd: Path,
    timing: Mapping[str, str] | None = None,
    settings: str = "",
    clock: MovableClock | None = None,
) -> AsyncIterator[App]:
    """Run the bot until the block is left, with its pages read and Slack connected.

    `settings` are more tables of `foghorn.toml`.
    """
    spans = {"timeout": "1s", "quiet": "2s", "lease": "6s", "pace": "5ms"} | dict(timing or {})
    file = 'admins = ["U0BEN"]\n' + DELIVERY.format(**spans) + settings
    (cwd / "foghorn.toml").write_text(file)
    async with open_app(load(env, cwd), clock) as app:
        if "SLACK_APP_TOKEN" in env:
            await slack.socket_connected()
        else:
            slack.bot_at(f"http://127.0.0.1:{app.port}/slack/events")
        async with patience("page that was read"):
            await app.synced.wait()
        yield app


@dataclass(frozen=True)
class Stage:
    """Everything around the bot; it can run here again and again, and twice at once."""

    slack: SlackServer
    vendors: Sequence[VendorFake]
    env: Mapping[str, str]
    cwd: Path
    timing: Mapping[str, str]
    settings: str
    clock: MovableClock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Rig]:
        started = bot(self.slack, self.env, self.cwd, self.timing, self.settings, self.clock)
        async with started as app:
            ann, ben = self.slack.person("ann"), self.slack.person("ben")
            yield Rig(self.slack, self.vendors, app, ann, ben, self.clock)


@asynccontextmanager
async def staged(  # noqa: PLR0913 (each is one thing that tests vary)
    vendors: Sequence[VendorFake],
    cwd: Path,
    *,
    transport: str = "http",
    database: str = "",
    workspace: Workspace | None = None,
    timing: Mapping[str, str] | None = None,
    settings: str = "",
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """Run everything but the bot; the vendors are running already, seeded with pages.

    `settings` are more tables of `foghorn.toml`, `variables` more of the environment. The app has
    what its manifest asks for and no more.
    """
    slack = SlackServer(
        workspace or Workspace(scopes=SCOPES, commands=COMMANDS),
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )
    slack.be_patient(SLACK_SECONDS)
    async with slack:
        address = database or new_file(cwd / "foghorn.db")
        env = environment(slack, vendors, address, transport) | dict(variables or {})
        clock = MovableClock()
        for vendor in vendors:
            vendor.now = clock.now
        yield Stage(slack, vendors, env, cwd, timing or {}, settings, clock)


@asynccontextmanager
async def whole_bot(  # noqa: PLR0913 (each is one thing that tests vary)
    vendors: Sequence[VendorFake],
    cwd: Path,
    *,
    transport: str = "http",
    database: str = "",
    workspace: Workspace | None = None,
    timing: Mapping[str, str] | None = None,
    settings: str = "",
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Rig]:
    """Run everything, as `staged` does, and the bot."""
    around = staged(
        vendors,
        cwd,
        transport=transport,
        database=database,
        workspace=workspace,
        timing=timing,
        settings=settings,
        variables=variables,
    )
    async with around as stage, stage.running() as rig:
        yield rig


@asynccontextmanager
async def one_page(folder: Path, *components: str, **more: Any) -> AsyncIterator[Rig]:  # noqa: ANN401 (what `whole_bot` takes)
    """Run everything with one page of one vendor, where it does not matter which it is."""
    async with InstatusFake() as vendor:
        for name in components:
            vendor.add_component(vendor.page_id, name)
        async with whole_bot([vendor], folder, **more) as rig:
            yield rig


def new_vendor(provider: str) -> VendorFake:
    return InstatusFake() if provider == "instatus" else IncidentIoFake()
