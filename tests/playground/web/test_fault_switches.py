"""The switches with which a team breaks its playground, and the wire that shows it."""

import httpx
import pytest

from bot.playground import SlackServer
from bot.playground.web.fault_switches import FaultSwitch
from tests.playground.bolt_app import APP_TOKEN, BOT_TOKEN, ScriptedBot, client
from tests.playground.web.browser_client import Json, do, say, send_request, stream_events

pytestmark = pytest.mark.anyio


async def switches(slack: SlackServer) -> dict[str, Json]:
    (shown,) = await stream_events(slack, "U0ANN", "faults")
    return {one["key"]: one for one in shown["switches"]}


async def test_every_switch_is_off_and_says_what_it_breaks(slack: SlackServer) -> None:
    shown = await switches(slack)
    assert list(shown) == ["slack_limit", "socket_silent"]
    assert all(one["label"] and one["about"] and not one["on"] for one in shown.values())


async def test_slack_answers_messages_with_a_limit_until_it_is_switched_off(
    slack: SlackServer,
) -> None:
    assert await do(slack, "fault", key="slack_limit", on=True) == {}
    assert (await switches(slack))["slack_limit"]["on"]
    async with httpx.AsyncClient(trust_env=False) as bot:
        head = {"Authorization": f"Bearer {BOT_TOKEN}"}
        got = await bot.post(f"{slack.api_url}chat.postMessage", headers=head)
    assert (got.status_code, int(got.headers["Retry-After"]) > 0) == (429, True)
    await client(slack).auth_test()
    await do(slack, "fault", key="slack_limit", on=False)
    await client(slack).chat_postMessage(channel="C0INC", text="through")


async def test_while_the_socket_is_silent_nothing_reaches_the_bot(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    slack.be_patient(0.1)
    await do(slack, "fault", key="socket_silent", on=True)
    await say(slack, "/incident")
    (told,) = slack.private("ann")
    assert 'failed with the error "operation_timeout"' in told.text
    assert bot.requests == []
    await do(slack, "fault", key="socket_silent", on=False)
    await say(slack, "/incident")
    assert len(bot.requests) == 1


async def test_others_can_offer_switches_of_their_own(slack: SlackServer) -> None:
    turned: list[bool] = []
    slack.switches.offer(
        FaultSwitch("page_down", "Page down", "It answers nothing.", turned.append)
    )
    await do(slack, "fault", key="page_down", on=True)
    assert turned == [True]
    assert (await switches(slack))["page_down"]["on"]


@pytest.mark.parametrize("wrong", [{"key": "nothing", "on": True}, {"key": "slack_limit", "on": 1}])
async def test_what_is_no_switch_is_refused(slack: SlackServer, wrong: Json) -> None:
    assert "refused" in await do(slack, "fault", **wrong)
    assert not (await switches(slack))["slack_limit"]["on"]


async def test_the_wire_shows_no_secret(slack: SlackServer) -> None:
    await say(slack, "/incident my key is xoxb-1234-abcd")
    await client(slack, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN)
    wire = (await send_request(slack, "/wire/0")).json()
    assert wire["sent"]["text"] == "my key is xoxb-…"
    assert wire["sent"]["token"] == "…"
    assert wire["sent"]["response_url"].endswith("/response/…")
    assert "legacy" not in str(wire)
    opened = (await send_request(slack, "/wire/1")).json()
    assert "ticket=…" in opened["answer"]["url"]
