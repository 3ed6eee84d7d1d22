import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import App, open_app
from bot.clock import SystemClock
from bot.config import load
from bot.errors import FoghornError
from bot.playground import SlackServer, Workspace
from bot.store import Tx
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.waits import SLACK_SECONDS, patience
from tests.whole.rig import (
    APP_TOKEN,
    BOT_TOKEN,
    SIGNING_SECRET,
    MovableClock,
    bot,
    environment,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    server = SlackServer(
        Workspace(),
        signing_secret=SIGNING_SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )
    server.be_patient(SLACK_SECONDS)
    async with server:
        yield server


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    async with InstatusFake() as running:
        yield running


@pytest.fixture(params=["http", "socket"])
def env(
    request: pytest.FixtureRequest, slack: SlackServer, vendor: VendorFake, tmp_path: Path
) -> dict[str, str]:
    return environment(slack, [vendor], f"sqlite:///{tmp_path}/foghorn.db", request.param)


@pytest.fixture
async def app(slack: SlackServer, env: Mapping[str, str], tmp_path: Path) -> AsyncIterator[App]:
    async with bot(slack, env, tmp_path) as running:
        yield running


async def readiness(app: App) -> tuple[int, dict[str, Any]]:
    status, body = await everything(app)
    return status, body["checks"]


async def everything(app: App) -> tuple[int, dict[str, Any]]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"http://127.0.0.1:{app.port}/readyz", timeout=10)
    return answer.status_code, answer.json()


async def until_ready(app: App) -> None:
    async with patience("readiness"):
        while (await readiness(app))[0] != 200:  # noqa: ASYNC110 (nobody is told when it is)
            await asyncio.sleep(0.02)


async def test_it_is_ready_once_slack_and_the_pages_have_answered(
    app: App, slack: SlackServer
) -> None:
    await until_ready(app)
    well = {"database": "ok", "pages": "ok", "slack": "ok"}
    assert await everything(app) == (200, {"ready": True, "checks": well})
    assert app.resources.identity.team_id == slack.workspace.team_id


async def test_a_page_that_cannot_be_read_later_is_a_remark(app: App, vendor: VendorFake) -> None:
    await until_ready(app)
    await vendor.refuse_connections()
    await app.sync.refresh()
    status, body = await everything(app)
    assert (status, body["checks"]["pages"]) == (200, "ok")
    assert body["remarks"]["pages"].startswith("instatus: ")
    await vendor.accept()
    await app.sync.refresh()
    status, body = await everything(app)
    assert (status, "remarks" in body) == (200, False)


async def test_pages_that_nobody_tries_to_read_any_more_make_it_unready(
    slack: SlackServer, env: Mapping[str, str], tmp_path: Path
) -> None:
    clock = MovableClock()
    async with bot(slack, env, tmp_path, clock=clock) as app:
        await until_ready(app)
        clock.ahead = timedelta(minutes=11)
        status, checks = await readiness(app)
        assert (status, checks["pages"][:14]) == (503, "not read since")
        await app.sync.refresh()
        await until_ready(app)


async def test_a_database_that_takes_no_writes_makes_it_unready(app: App) -> None:
    await until_ready(app)
    await app.resources.database.write(lambda tx: tx.execute(text("PRAGMA query_only = ON")))
    status, checks = await readiness(app)
    assert (status, checks["pages"], checks["slack"]) == (503, "ok", "ok")
    assert "readonly" in checks["database"]


@pytest.mark.parametrize("env", ["socket"], indirect=True)
async def test_a_connection_that_is_gone_for_long_makes_it_unready_until_it_is_back(
    slack: SlackServer, env: Mapping[str, str], tmp_path: Path
) -> None:
    clock = MovableClock()
    async with bot(slack, env, tmp_path, clock=clock) as app:
        await until_ready(app)
        with slack.sockets_away():
            await slack.until(lambda: slack.sockets.refused, what="a try to come back")
            assert (await readiness(app))[0] == 200
            clock.ahead = timedelta(seconds=45)
            status, checks = await readiness(app)
            assert (status, checks["slack"][:36]) == (503, "The Socket Mode connection has been ")
        await until_ready(app)


async def test_a_token_that_slack_refuses_makes_it_unready(
    slack: SlackServer, env: Mapping[str, str], tmp_path: Path
) -> None:
    slack.fail_next("auth.test", error="invalid_auth")
    async with bot(slack, env, tmp_path) as app:
        await slack.until(lambda: slack.calls("auth.test"))
        status, checks = await readiness(app)
    assert (status, checks["slack"]) == (503, "Slack refuses Foghorn's token.")


async def test_a_database_that_fails_makes_it_unready(app: App) -> None:
    def lose_the_tables(tx: Tx) -> None:
        tx.execute(text("DROP TABLE components"))
        tx.execute(text("DROP TABLE pages"))

    await app.resources.database.write(lose_the_tables)
    status, checks = await readiness(app)
    assert status == 503
    assert checks["database"].startswith("Foghorn's database did not answer (")


async def refusal(env: Mapping[str, str], cwd: Path) -> str:
    """What is said when the bot cannot start: a sentence for each thing, and no secret."""
    with pytest.raises(FoghornError) as caught:
        async with patience("refusal"), open_app(load(env, cwd)):
            pytest.fail("the bot has started")
    said = str(caught.value)
    assert not [secret for secret in (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET) if secret in said]
    assert "\n" not in said
    return said


async def test_a_taken_port_is_said(env: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        env["PORT"] = str(taken.getsockname()[1])
        assert "Set HOST and PORT otherwise." in await refusal(env, tmp_path)


async def test_a_database_that_cannot_be_opened_is_said(
    env: dict[str, str], tmp_path: Path
) -> None:
    env["DATABASE_URL"] = f"sqlite:///{tmp_path}/nowhere/foghorn.db"
    assert "Check DATABASE_URL." in await refusal(env, tmp_path)


@pytest.mark.parametrize("env", ["socket"], indirect=True)
async def test_a_connection_that_fails_at_first_is_opened_in_the_end(
    slack: SlackServer, env: dict[str, str], tmp_path: Path
) -> None:
    slack.fail_next("apps.connections.open", error="internal_error")
    async with open_app(load(env, tmp_path)) as app:
        async with patience("page that was read"):
            await app.synced.wait()
        await slack.socket_connected()
    assert len(slack.calls("apps.connections.open")) == 2


@pytest.mark.parametrize("env", ["socket"], indirect=True)
async def test_pages_are_served_while_slack_cannot_be_reached(
    env: dict[str, str], tmp_path: Path
) -> None:
    env["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
    async with open_app(load(env, tmp_path)) as app:
        async with patience("page that was read"):
            await app.synced.wait()
        status, checks = await readiness(app)
    assert (status, checks["pages"]) == (503, "ok")
    assert checks["slack"] in {"Slack cannot be reached.", "Slack has not answered yet."}


async def test_slack_that_cannot_be_reached_is_one_line_in_words_that_are_true(
    env: dict[str, str], tmp_path: Path
) -> None:
    env["SLACK_API_URL"] = "http://127.0.0.1:1/api/"
    with capture_logs() as log:
        async with open_app(load(env, tmp_path)) as app:
            for _ in range(3):
                await app.resources.identify()
    said = [line for line in log if line["log_level"] == "error"]
    assert [(line["event"], line["reason"]) for line in said] == [
        ("Slack has not said who Foghorn is.", "Slack cannot be reached.")
    ]


def test_the_clock_tells_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.fromtimestamp(now.timestamp(), UTC)) < timedelta(seconds=1)
