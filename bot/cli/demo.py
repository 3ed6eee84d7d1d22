"""Everything in one process and one browser: the playground, the public page and the bot."""

import asyncio
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import App, open_app
from bot.cli.console import stop_signals
from bot.cli.page_faults import PAGE_FAULTS, PageFaults
from bot.clock import SystemClock
from bot.config import Settings, load
from bot.domain.reminders.cadence import DEFAULT, Cadence, Silence
from bot.domain.reminders.ladders import Ladder, MaintenanceLadder, ReminderSettings
from bot.errors import FoghornError
from bot.logs import configure
from bot.playground import Command, Offers, Shortcut, SlackServer
from bot.playground.web.fault_switches import FaultSwitch
from bot.playground.workspace.persistence import persist_messages
from bot.playground.workspace.sample_company import build_company
from bot.resources import Resources
from bot.statuspage.records.seed import seed
from bot.store.opening import open_migrated

# Made up: they open nothing but the playground, which asks for them as Slack does.
_BOT_TOKEN = "xoxb-playground"  # noqa: S105
_APP_TOKEN = "xapp-playground"  # noqa: S105
_SECRET = "playground-signing-secret"  # noqa: S105
_CHANNEL = "C0INC"
_ADMIN = "U0ANN"

OFFERS = Offers(
    commands=(
        Command(
            "/incident",
            "Report, update and resolve incidents on the status page",
            "[name] | list | update [words] | resolve [words] | help",
        ),
        Command(
            "/maintenance",
            "Schedule, update and complete maintenance on the status page",
            "[name] | list | update | start | complete | extend | cancel [words] | help",
        ),
        Command(
            "/statuspage",
            "Look at your status page, what is open and what is due",
            "components | help",
        ),
    ),
    shortcuts=(
        Shortcut("report_incident", "Report an incident"),
        Shortcut("schedule_maintenance", "Schedule maintenance"),
    ),
    events=frozenset(),
)
"""What `manifest.yml` asks Slack for."""

_SOON = Silence(timedelta(seconds=40), timedelta(seconds=60), timedelta(seconds=90))
FAST = ReminderSettings(
    cadence=Cadence(dict.fromkeys(DEFAULT.table, _SOON)),
    ladder=Ladder(timedelta(seconds=30), timedelta(seconds=60), timedelta(minutes=2)),
    maintenance=MaintenanceLadder(
        before=(timedelta(minutes=5), timedelta(minutes=1)),
        ending=timedelta(minutes=1),
        overrun=timedelta(minutes=1),
    ),
    snooze=(timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)),
    escalation=("U0BEN",),
)
"""Reminders for somebody who watches."""


@dataclass(frozen=True)
class Demo:
    """Where the running demo is."""

    workspace_url: str
    page_url: str


def run(
    port: int, keep: Path | None, say: Callable[[str], None], *, browser: bool, fast: bool = False
) -> None:
    """Run the demo until Ctrl-C or SIGTERM; raise `FoghornError` when it cannot start."""
    configure("plain", "warning")
    with TemporaryDirectory(prefix="foghorn-demo-") as temporary:
        folder = keep or Path(temporary)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FoghornError(f"{folder} cannot be used: {error.strerror}.") from error
        asyncio.run(_run(port, folder, say, browser=browser, fast=fast))


async def _run(
    port: int, folder: Path, say: Callable[[str], None], *, browser: bool, fast: bool
) -> None:
    asked_to_stop = stop_signals()
    async with open_demo(port, folder, fast=fast) as demo:
        say(f"The demo is ready: {demo.workspace_url}")
        say(f"The public page:   {demo.page_url}/")
        if fast:
            say("Reminders come after seconds and minutes here, not after minutes and hours.")
        say("Type /incident there. Ctrl-C ends the demo.")
        if browser:
            await asyncio.to_thread(_show, demo.workspace_url)
        await asked_to_stop.wait()


@asynccontextmanager
async def open_demo(port: int, folder: Path, *, fast: bool = False) -> AsyncIterator[Demo]:
    """Open everything, with its data in `folder`; `port` 0 means any free one.

    When it is to be `fast`, reminders come soon.
    """
    async with AsyncExitStack() as stack:
        workspace = build_company(OFFERS)
        await stack.enter_async_context(persist_messages(workspace, folder / "demo-workspace.json"))
        slack = SlackServer(
            workspace,
            signing_secret=_SECRET,
            bot_token=_BOT_TOKEN,
            app_token=_APP_TOKEN,
            port=port,
        )
        try:
            await stack.enter_async_context(slack)
        except OSError as error:
            raise FoghornError(
                f"Port {port} is taken: is another demo running? Stop it, "
                f"or choose another port with --port."
            ) from error
        settings = _settings(slack.api_url, folder, _page_port(slack.port + 1))
        if fast:
            settings = replace(settings, reminders=FAST)
        await _fill(settings)
        app = await stack.enter_async_context(open_app(settings, build_app=_with_faults(slack)))
        slack.bot_at(f"http://127.0.0.1:{app.port}/slack/events")
        await slack.site.show_page(settings.public_url)
        await app.synced.wait()
        yield Demo(slack.url, settings.public_url)


def _with_faults(slack: SlackServer) -> Callable[[Resources], App]:
    """Offer faults of the page in the playground; return how the bot is built with them."""
    faults = PageFaults()
    slack.switches.offer(
        *(
            FaultSwitch(key, label, about, partial(faults.turn, key))
            for key, (label, about) in PAGE_FAULTS.items()
        )
    )

    def build_app(resources: Resources) -> App:
        faulty = [faults.account(account) for account in resources.accounts]
        return App(replace(resources, accounts=faulty))

    return build_app


def _settings(slack: str, folder: Path, port: int) -> Settings:
    """Return settings that nobody wrote; no `foghorn.toml` is near."""
    variables = {
        "SLACK_BOT_TOKEN": _BOT_TOKEN,
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": slack,
        "FOGHORN_CHANNEL": _CHANNEL,
        "DATABASE_URL": f"sqlite:///{folder.absolute() / 'demo.db'}",
        "PORT": str(port),
    }
    with TemporaryDirectory() as nowhere:
        return load(variables, Path(nowhere))


async def _fill(settings: Settings) -> None:
    """Give the page its company, unless it has been kept from an earlier run."""
    async with open_migrated(settings.database_url.get_secret_value()) as database:
        await database.write(seed, SystemClock().now())


def _page_port(wanted: int) -> int:
    """Return the port after the workspace's own, so that links kept from before stay right."""
    for port in (wanted, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as free:
                number: int = free.getsockname()[1]
                return number
        except (OSError, OverflowError):
            continue
    raise FoghornError("No port is free for the public page.")


def _show(url: str) -> None:
    """Open a browser with a window; one inside the terminal would take it away from us."""
    try:
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(url)
    except (webbrowser.Error, OSError):
        return
