"""Slack's sockets are away for longer than an address of theirs lives."""

import asyncio
from pathlib import Path

import pytest
import structlog

from bot.app import open_app
from bot.config import load
from bot.playground import SlackServer
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import staged

pytestmark = pytest.mark.anyio

LIFETIME = 1.0  # less than any client waits between two tries


async def outlive_an_address(slack: SlackServer) -> None:
    """Wait until an address was refused, and for as long as it could have been used."""
    before = slack.sockets.refused
    await slack.until(lambda: slack.sockets.refused > before, what="a try while Slack is away")
    refused = slack.workspace.now()
    await slack.until(lambda: slack.workspace.now() - refused > LIFETIME, what="its end")


async def test_a_bot_whose_address_expired_asks_for_another_and_hears_again(
    tmp_path: Path,
) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path, transport="socket") as stage:
        slack = stage.slack
        slack.workspace.tickets.lifetime = LIFETIME
        async with open_app(load(stage.env, stage.cwd)):
            with slack.sockets_away():
                await outlive_an_address(slack)
            await slack.socket_connected()
            with slack.sockets_away():
                await outlive_an_address(slack)
            await slack.socket_connected()
            assert len(slack.calls("apps.connections.open")) == 4
            ann = slack.person("ann")
            assert (await ann.types("/incident")).ok
            await ann.modal("Report an incident")


async def test_a_bot_stops_at_once_while_slack_is_away(tmp_path: Path) -> None:
    async with InstatusFake() as vendor, staged([vendor], tmp_path, transport="socket") as stage:
        with stage.slack.sockets_away():
            async with open_app(load(stage.env, stage.cwd)):
                await stage.slack.until(lambda: stage.slack.sockets.refused, what="a try")
                stopped = asyncio.get_running_loop().time()
            assert asyncio.get_running_loop().time() - stopped < 3


async def test_what_slack_never_sends_is_left_out_in_one_line(tmp_path: Path) -> None:
    vendor, click = InstatusFake(), {"type": "block_actions", "user": {"id": "U0ANN"}, "team": 1.5}
    async with (
        vendor,
        staged([vendor], tmp_path, transport="socket") as stage,
        open_app(load(stage.env, stage.cwd)),
    ):
        await stage.slack.socket_connected()
        with structlog.testing.capture_logs() as log:
            waiting = asyncio.create_task(stage.slack.sockets.ask("interactive", click, {}))
            await stage.slack.until(
                lambda: [each for each in log if "Slack sent" in each["event"]], what="the line"
            )
            assert (await stage.slack.person("ann").types("/incident help")).ok
            waiting.cancel()
    [line] = [each for each in log if each["log_level"] != "info"]
    assert (line["log_level"], line["type"]) == ("warning", "block_actions")
