import time
from collections.abc import AsyncIterator

import pytest
import time_machine
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.playground import SlackServer
from bot.slack.app import PING_SECONDS, socket_mode, watch
from bot.slack.calls import new_client, new_session
from tests.slack.conftest import APP_TOKEN, TOKEN

pytestmark = pytest.mark.anyio


@pytest.fixture
async def handler(slack: SlackServer) -> AsyncIterator[AsyncSocketModeHandler]:
    async with new_session() as session:
        made = socket_mode(
            AsyncApp(token=TOKEN), APP_TOKEN, new_client(APP_TOKEN, slack.api_url, session)
        )
        yield made
        await made.close_async()


async def connect(slack: SlackServer, handler: AsyncSocketModeHandler) -> None:
    await handler.connect_async()
    await slack.socket_connected()
    await slack.until(lambda: handler.client.last_ping_pong_time, what="the first pong")


async def test_a_live_connection_is_left_alone(
    slack: SlackServer, handler: AsyncSocketModeHandler
) -> None:
    await connect(slack, handler)
    links = list(slack.sockets.links)
    await watch(handler)
    assert slack.sockets.links == links
    assert len(slack.calls("apps.connections.open")) == 1


async def test_a_connection_that_went_deaf_is_replaced(
    slack: SlackServer, handler: AsyncSocketModeHandler
) -> None:
    await connect(slack, handler)
    deaf = slack.sockets.links[0]
    with time_machine.travel(time.time() + 5 * PING_SECONDS):
        await watch(handler)
    await slack.until(lambda: [link for link in slack.sockets.links if link is not deaf])
    await slack.until(lambda: deaf not in slack.sockets.links, what="the end of the deaf one")


async def test_a_connection_that_was_never_there_is_left_to_who_opens_it(
    slack: SlackServer, handler: AsyncSocketModeHandler
) -> None:
    await watch(handler)
    assert slack.calls("apps.connections.open") == []
