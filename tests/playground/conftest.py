from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from bot.playground import SlackServer
from bot.playground.loopback_server import LoopbackServer
from tests.playground.bolt_app import ScriptedBot, slack_alone


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack without a bot; a module with a bot has its own."""
    async with slack_alone() as server:
        yield server


@pytest.fixture
async def bot(slack: SlackServer) -> AsyncIterator[ScriptedBot]:
    scripted = ScriptedBot()
    listener = LoopbackServer(Starlette(routes=[Route("/", scripted.serve, methods=["POST"])]), 0)
    port = await listener.start()
    scripted.url = f"http://127.0.0.1:{port}/"
    slack.bot_at(scripted.url)
    yield scripted
    await listener.stop()
