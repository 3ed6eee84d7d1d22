import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Gone, ProviderError, Rejected, Unavailable, Uncertain
from bot.playground import SlackServer
from bot.slack.calls import Pacing, call, new_client, new_session
from tests.slack.conftest import TOKEN

pytestmark = pytest.mark.anyio


async def trouble(client: AsyncWebClient) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await call(client.auth_test)
    assert "\n" not in str(caught.value)
    return caught.value


async def test_an_answer_is_given_as_it_came(client: AsyncWebClient) -> None:
    assert (await call(client.auth_test))["ok"] is True


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        ("invalid_blocks", Rejected, "Slack refused it (invalid_blocks)"),
        ("missing_scope", Rejected, "install it again"),
        ("expired_trigger_id", Rejected, "three seconds"),
        ("message_not_found", Gone, "message_not_found"),
        ("thread_not_found", Gone, "thread_not_found"),
        ("not_in_channel", Rejected, "/invite"),
        ("channel_not_found", Rejected, "/invite"),
        ("is_archived", Rejected, "archived"),
        ("restricted_action", Rejected, "does not let Foghorn post"),
        ("restricted_action_read_only_channel", Rejected, "does not let Foghorn post"),
        ("user_not_found", Gone, "user_not_found"),
        ("internal_error", Uncertain, "a fault of its own"),
        ("fatal_error", Uncertain, "a fault of its own"),
    ],
)
async def test_each_refusal_says_what_to_do_next(
    slack: SlackServer, client: AsyncWebClient, error: str, kind: type[Exception], words: str
) -> None:
    slack.fail_next("auth.test", error=error)
    found = await trouble(client)
    assert type(found) is kind
    assert words in str(found)


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_refused_token_can_be_put_right(
    slack: SlackServer, client: AsyncWebClient, error: str
) -> None:
    slack.fail_next("auth.test", error=error)
    found = await trouble(client)
    assert isinstance(found, Unavailable)
    assert found.retry_after
    assert "token" in str(found)


async def test_a_server_error_may_have_done_it(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.fail_next("auth.test", error="", status=502)
    assert isinstance(await trouble(client), Uncertain)


async def test_an_answer_that_is_no_json_may_have_been_a_yes() -> None:
    async def garbled(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="application/json")

    app = web.Application()
    app.router.add_post("/api/auth.test", garbled)
    async with TestServer(app) as server, new_session() as session:
        found = await trouble(new_client(TOKEN, str(server.make_url("/api/")), session))
    assert type(found) is Uncertain


async def test_slack_says_how_long_to_wait(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.rate_limit("auth.test", retry_after=7)
    found = await trouble(client)
    assert isinstance(found, Unavailable)
    assert found.retry_after == 7
    slack.fail_next("auth.test", error="rate_limited")
    found = await trouble(client)
    assert isinstance(found, Unavailable)
    assert found.retry_after is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2.5", 2.5),
        ("Mon, 04 May 2026 14:01:00 GMT", 60),
        ("Mon, 04 May 2026 13:00:00 GMT", 0),
        ("-7", None),
        ("²", None),
        ("soon", None),
        ("9" * 12, 3600),
        (None, None),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
async def test_slack_is_understood_however_it_asks_to_wait(
    kind: str, header: str | None, seconds: float | None
) -> None:
    async def throttled(_request: web.Request) -> web.Response:
        headers = {"Date": "Mon, 04 May 2026 14:00:00 GMT"}
        headers |= {"Retry-After": header} if header else {}
        return web.Response(status=429, text="Slow down.", content_type=kind, headers=headers)

    app = web.Application()
    app.router.add_post("/api/auth.test", throttled)
    async with TestServer(app) as server, new_session() as session:
        found = await trouble(new_client(TOKEN, str(server.make_url("/api/")), session))
    assert isinstance(found, Unavailable)
    assert found.retry_after == seconds


async def test_a_lost_answer_may_have_been_a_yes(
    slack: SlackServer, client: AsyncWebClient
) -> None:
    slack.lose_next_answer("chat.postMessage")
    channel = slack.workspace.channel("incidents").id
    with pytest.raises(Uncertain):
        await call(client.chat_postMessage, channel=channel, text="Once")
    assert [message.text for message in slack.messages("incidents")] == ["Once"]
    assert len(slack.calls("chat.postMessage")) == 1


async def test_no_answer_in_time_may_have_been_a_yes(slack: SlackServer) -> None:
    slack.hang("auth.test")
    async with new_session(0.1) as session:
        client = new_client(TOKEN, slack.api_url, session)
        assert isinstance(await trouble(client), Uncertain)


async def test_what_was_never_reached_did_nothing() -> None:
    async with new_session() as session:
        client = new_client(TOKEN, "http://127.0.0.1:1/api", session)
        found = await trouble(client)
    assert isinstance(found, Unavailable)
    assert found.retry_after is None


async def test_slack_itself_is_called_unless_told_otherwise() -> None:
    async with new_session() as session:
        assert new_client(TOKEN, None, session).base_url == "https://slack.com/api/"
        assert new_client(TOKEN, "http://x/api", session).base_url == "http://x/api/"


async def took(pacing: Pacing, *channels: str) -> float:
    started = time.monotonic()
    await asyncio.gather(*(pacing.turn(channel) for channel in channels))
    return time.monotonic() - started


async def test_a_burst_goes_out_at_once_and_the_rest_in_its_pace() -> None:
    pacing = Pacing(burst=3, every_seconds=0.2)
    assert await took(pacing, "C1", "C1", "C1") < 0.2
    assert await took(pacing, "C1", "C1") > 0.35


async def test_one_channel_does_not_hold_up_another() -> None:
    pacing = Pacing(burst=1, every_seconds=9)
    assert await took(pacing, "C1", "C2", "C3") < 5


async def test_a_channel_at_rest_gathers_no_more_than_a_burst() -> None:
    pacing = Pacing(burst=2, every_seconds=0.05)
    await took(pacing, "C1", "C1")
    await asyncio.sleep(0.3)  # the rest that is meant
    assert await took(pacing, "C1", "C1", "C1", "C1") > 0.09


async def test_only_the_latest_channels_are_remembered() -> None:
    pacing = Pacing(burst=1, every_seconds=9, channels=2)
    await took(pacing, "C1", "C2", "C3")
    assert await took(pacing, "C1") < 5
