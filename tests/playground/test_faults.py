"""Faults on demand, tokens, response URLs and what people see of it, over the wire."""

import asyncio
import time
from collections.abc import Awaitable

import aiohttp
import httpx
import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.playground import SlackServer, WaitTimeout, Workspace
from tests.playground.bolt_app import (
    APP_TOKEN,
    BOT_TOKEN,
    bolt_app,
    client,
    over_socket,
    plain,
    slack_alone,
)

pytestmark = pytest.mark.anyio
BUTTONS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}],
    }
]


async def error_of(call: Awaitable[object]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_lost_answer_was_written(slack: SlackServer) -> None:
    slack.lose_next_answer("chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client(slack).chat_postMessage(channel="C0INC", text="once")
    assert [one.text for one in slack.messages("incidents")] == ["once"]
    assert [call.fault for call in slack.calls("chat.postMessage")] == ["lose"]
    await client(slack).chat_postMessage(channel="C0INC", text="twice")
    assert len(slack.messages("incidents")) == 2


async def test_a_rate_limit_says_when_to_come_back(slack: SlackServer) -> None:
    slack.rate_limit("chat.postMessage", retry_after=2)
    with pytest.raises(SlackApiError) as caught:
        await client(slack).chat_postMessage(channel="C0INC", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "2"
    assert caught.value.response["error"] == "ratelimited"
    assert slack.messages("incidents") == []
    assert (await client(slack).chat_postMessage(channel="C0INC", text="x"))["ok"]


async def test_a_channel_can_refuse_for_good(slack: SlackServer) -> None:
    slack.refuse("chat.postMessage", "C0INC", "ekm_access_denied")
    for _ in range(2):
        refused = client(slack).chat_postMessage(channel="C0INC", text="x")
        assert await error_of(refused) == "ekm_access_denied"
    assert (await client(slack).chat_postMessage(channel="U0ANN", text="x"))["ok"]


async def test_the_pace_is_per_channel() -> None:
    hour = [1_763_649_000.0]
    workspace = Workspace(now=lambda: hour[0])
    async with slack_alone(workspace) as slack:
        slack.pace(per_second=1, burst=2)
        bot = client(slack)
        for _ in range(2):
            await bot.chat_postMessage(channel="C0INC", text="x")
        assert await error_of(bot.chat_postMessage(channel="C0INC", text="x")) == "ratelimited"
        await bot.chat_postMessage(channel="C0RAN", text="x")
        hour[0] += 1
        await bot.chat_postMessage(channel="C0INC", text="x")


async def test_a_failure_comes_as_an_answer_or_as_a_status(slack: SlackServer) -> None:
    slack.fail_next("chat.postMessage", error="fatal_error")
    slack.fail_next("chat.postMessage", status=500)
    bot = client(slack)
    assert await error_of(bot.chat_postMessage(channel="C0INC", text="x")) == "fatal_error"
    with pytest.raises(SlackApiError) as caught:
        await bot.chat_postMessage(channel="C0INC", text="x")
    assert caught.value.response.status_code == 500
    assert slack.messages("incidents") == []


async def test_an_answer_can_be_late(slack: SlackServer) -> None:
    slack.delay("auth.test", 0.1)
    started = time.perf_counter()
    await client(slack).auth_test()
    assert time.perf_counter() - started >= 0.1


async def test_a_late_answer_may_follow_the_write(slack: SlackServer) -> None:
    slack.delay("chat.postMessage", 0.3, after_write=True)
    asked = asyncio.ensure_future(client(slack).chat_postMessage(channel="C0INC", text="x"))
    await slack.until(lambda: slack.messages("incidents"), what="the message")
    assert not asked.done()
    await asked


async def test_a_call_can_hang_without_holding_up_the_end(slack: SlackServer) -> None:
    slack.hang("auth.test")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client(slack).auth_test()


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        (APP_TOKEN, "auth.test", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token_is_refused(
    slack: SlackServer, token: str | None, method: str, error: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{slack.api_url}{method}", headers=headers)
    assert answer.json() == {"ok": False, "error": error}


async def test_form_and_json_bodies_mean_the_same(slack: SlackServer) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with httpx.AsyncClient(headers=headers) as http:
        url = f"{slack.api_url}chat.postMessage"
        form = {"channel": "C0INC", "text": "a", "blocks": '[{"type": "divider"}]'}
        await http.post(url, data=form)
        await http.post(url, json={**form, "blocks": [{"type": "divider"}]})
        bad = await http.post(url, content=b"[1]", headers={"Content-Type": "application/json"})
    first, second = slack.messages("incidents")
    assert first.blocks[0]["type"] == second.blocks[0]["type"] == "divider"
    assert bad.json()["error"] == "json_not_object"


async def test_waiting_in_vain_shows_the_wire(slack: SlackServer) -> None:
    await client(slack).chat_postMessage(channel="C0INC", text="x")
    with pytest.raises(WaitTimeout, match="miracle"):
        await slack.until(lambda: False, 0.05, "a miracle")


async def test_a_socket_that_is_told_to_reconnects(slack: SlackServer) -> None:
    app = bolt_app(slack)

    @app.command("/incident")
    async def report(ack: AsyncAck) -> None:
        await ack("here")

    async with over_socket(slack, app):
        (first,) = slack.sockets.links
        await slack.sockets.ask_to_reconnect()
        await slack.until(lambda: slack.sockets.links not in ([], [first]), what="a new socket")
        assert (await slack.person("ann").types("/incident")).ok


async def test_a_socket_address_opens_once(slack: SlackServer) -> None:
    url = (await client(slack, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN))["url"]
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as link:
        assert (await link.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_a_socket_address_expires() -> None:
    ages = [1000.0]
    async with slack_alone(Workspace(now=lambda: ages[-1])) as slack:
        url = (await client(slack, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN))["url"]
        ages.append(ages[0] + slack.workspace.tickets.lifetime + 1)
        async with aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(url)


async def test_while_sockets_are_away_the_open_one_is_cut_and_none_opens(
    slack: SlackServer,
) -> None:
    web = client(slack, APP_TOKEN)
    first, second = [
        (await web.apps_connections_open(app_token=APP_TOKEN))["url"] for _ in range(2)
    ]
    async with aiohttp.ClientSession() as http, http.ws_connect(first) as link:
        await link.receive_json()
        with slack.sockets_away():
            assert (await link.receive()).type in {
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.ERROR,
            }
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(second)
        async with http.ws_connect(second) as again:
            assert (await again.receive_json())["type"] == "hello"


async def test_without_a_socket_nothing_is_dispatched(slack: SlackServer) -> None:
    ack = await slack.person("ann").types("/incident")
    assert ack.trouble == "dispatch_failed"


async def test_a_bar_of_no_colour_is_refused(slack: SlackServer) -> None:
    posting = client(slack).chat_postMessage(
        channel="C0INC", text="x", attachments=[{"color": "reddish", "blocks": BUTTONS}]
    )
    assert await error_of(posting) == "invalid_attachments"
