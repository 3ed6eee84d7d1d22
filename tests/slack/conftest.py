from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import SlackServer, Workspace
from bot.slack.calls import new_client, new_session

TOKEN = "xoxb-decoy-bot-token-4321"
APP_TOKEN = "xapp-decoy-app-token-4321"


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack without a bot."""
    server = SlackServer(Workspace(), signing_secret="decoy", bot_token=TOKEN, app_token=APP_TOKEN)
    async with server:
        yield server


@pytest.fixture
async def client(slack: SlackServer) -> AsyncIterator[AsyncWebClient]:
    async with new_session() as session:
        yield new_client(TOKEN, slack.api_url, session)
