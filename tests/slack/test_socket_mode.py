import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import time_machine
from slack_bolt.async_app import AsyncApp

from bot.playground import SlackServer
from bot.slack.app import watch
from bot.slack.calls import new_client, new_session
from bot.slack.connection import PING_SECONDS, SocketModeHandler
from tests.slack.conftest import APP_TOKEN, TOKEN

pytestmark = pytest.mark.anyio


@pytest.fixture
async def handler(slack: SlackServer) -> AsyncIterator[SocketModeHandler]:
    async with new_session() as session:
        made = SocketModeHandler(
            AsyncApp(token=TOKEN), APP_TOKEN, new_client(APP_TOKEN, slack.api_url, session)
        )
        yield made
        await made.client.close()


async def connect(slack: SlackServer, handler: SocketModeHandler) -> None:
    await handler.client.connect()
    await slack.socket_connected()
    await slack.until(lambda: handler.client.last_ping_pong_time, what="the first pong")


async def test_a_live_connection_is_left_alone(
    slack: SlackServer, handler: SocketModeHandler
) -> None:
    await connect(slack, handler)
    links = list(slack.sockets.links)
    await watch(handler)
    assert slack.sockets.links == links
    assert len(slack.calls("apps.connections.open")) == 1


async def test_a_connection_that_went_deaf_is_replaced(
    slack: SlackServer, handler: SocketModeHandler
) -> None:
    await connect(slack, handler)
    deaf = slack.sockets.links[0]
    with time_machine.travel(time.time() + 5 * PING_SECONDS):
        await watch(handler)
    await slack.until(lambda: [link for link in slack.sockets.links if link is not deaf])
    await slack.until(lambda: deaf not in slack.sockets.links, what="the end of the deaf one")


async def test_however_many_ask_for_a_connection_one_is_opened(
    slack: SlackServer, handler: SocketModeHandler
) -> None:
    with slack.sockets_away():
        asked = [asyncio.create_task(handler.client.connect()) for _ in range(3)]
        await handler.client.connect_to_new_endpoint(force=True)
        await watch(handler)
        await slack.until(lambda: slack.sockets.refused, what="the first try")
        await watch(handler)
        assert len(slack.calls("apps.connections.open")) == 1
    await asyncio.gather(*asked)
    await slack.socket_connected()
    assert len(slack.sockets.links) == 1
    assert len(slack.calls("apps.connections.open")) == 2


async def test_a_connection_that_is_being_tried_for_ends_at_once_when_asked(
    slack: SlackServer, handler: SocketModeHandler
) -> None:
    with slack.sockets_away():
        waiting = asyncio.create_task(handler.client.connect())
        await slack.until(lambda: slack.sockets.refused, what="the first try")
        async with asyncio.timeout(1):
            await handler.client.close()
            await waiting
        assert not handler.client.connecting


async def test_after_its_end_nothing_opens_a_connection(
    slack: SlackServer, handler: SocketModeHandler
) -> None:
    await connect(slack, handler)
    await handler.client.close()
    await watch(handler)
    await handler.client.connect()
    assert len(slack.calls("apps.connections.open")) == 1
