"""What the bot's answers do, good ones and bad ones, and what people see of it."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from bot.playground import SlackServer, TroubleConnecting
from tests.playground.bolt_app import ScriptedBot, client, field, modal, plain, show_form

pytestmark = pytest.mark.anyio
BUTTONS = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}],
    }
]


async def test_a_late_ack_is_a_timeout_that_the_person_sees(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    slack.dispatcher.limit = 0.1
    bot.wait = 0.3
    ack = await slack.person("ann").types("/incident")
    assert ack.timed_out
    assert ack.seconds >= 0.1
    assert slack.private("ann")[0].text == '/incident failed with the error "operation_timeout"'


async def test_a_replay_is_the_same_to_the_byte(slack: SlackServer, bot: ScriptedBot) -> None:
    await slack.person("ann").types("/incident a & b <c>")
    await slack.replay(times=2)
    first, second, third = bot.requests
    assert first == second == third
    assert b"text=a+%26amp%3B+b+%26lt%3Bc%26gt%3B" in first[1]


async def test_an_event_that_fails_is_sent_once_more(slack: SlackServer, bot: ScriptedBot) -> None:
    bot.answer = Response(status_code=500)
    await slack.person("ann").says("@Foghorn hello")
    first, second = bot.requests
    assert first[1] == second[1]
    assert second[0]["x-slack-retry-num"] == "1"
    assert second[0]["x-slack-retry-reason"] == "http_error"


async def test_an_ack_in_channel_is_seen_by_all(slack: SlackServer, bot: ScriptedBot) -> None:
    bot.answer = JSONResponse({"text": "hi", "response_type": "in_channel"})
    await slack.person("ann").types("/incident")
    assert [one.text for one in slack.messages("incidents")] == ["hi"]


async def test_a_bad_message_in_an_ack_is_trouble(slack: SlackServer, bot: ScriptedBot) -> None:
    bot.answer = JSONResponse({"blocks": [{"type": "banner"}]})
    with pytest.raises(TroubleConnecting):
        await slack.person("ann").types("/incident")


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=500),
        Response("Thank you"),
        JSONResponse({"text": "Thank you"}),
        JSONResponse({"response_action": "update"}),
        JSONResponse({"response_action": "update", "view": modal("x" * 25)}),
        JSONResponse({"response_action": "errors", "errors": {}}),
        JSONResponse({"response_action": "dance"}),
    ],
)
async def test_a_bad_answer_to_a_submission_is_trouble(
    slack: SlackServer, bot: ScriptedBot, answer: Response
) -> None:
    one = field("one", "One", {"type": "plain_text_input"}, optional=True)
    shown = await show_form(slack, one)
    bot.answer = answer
    with pytest.raises(TroubleConnecting):
        await shown.submit()
    assert shown.title == "A"


@pytest.mark.parametrize(
    "answer",
    [
        {"options": []},
        {"option_groups": [{"label": plain("a"), "options": []}]},
        {"options": [{"text": plain("x" * 76), "value": "x"}]},
        {},
    ],
)
async def test_options_follow_the_rules(
    slack: SlackServer, bot: ScriptedBot, answer: dict[str, Any]
) -> None:
    shown = await show_form(slack, field("one", "One", {"type": "external_select"}))
    bot.answer = JSONResponse(answer)
    if answer == {"options": []}:
        assert await shown.options("One", query="abc") == []
    else:
        with pytest.raises(TroubleConnecting):
            await shown.options("One", query="abc")


async def test_closing_tells_the_bot_when_it_asked_for_it(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    shown = await show_form(slack, notify_on_close=True)
    await shown.close()
    assert [ack.kind for ack in slack.acks] == ["view_closed"]
    shown = await show_form(slack)
    await shown.close()
    assert len(bot.requests) == 1


async def clicked(slack: SlackServer, bot: ScriptedBot) -> str:
    """Clicks a button on Ann's private message and returns the response URL."""
    await client(slack).chat_postEphemeral(channel="C0INC", user="U0ANN", text="x", blocks=BUTTONS)
    await slack.person("ann").clicks("Go")
    body = bot.payload()
    assert "message" not in body
    return str(body["response_url"])


async def test_a_response_url_changes_a_private_message(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    url = await clicked(slack, bot)
    async with httpx.AsyncClient() as http:
        await http.post(url, json={"text": "changed", "replace_original": True})
        assert [one.text for one in slack.private("ann")] == ["changed"]
        await http.post(url, json={"delete_original": True})
    assert slack.private("ann") == []


async def test_a_response_url_works_five_times(slack: SlackServer, bot: ScriptedBot) -> None:
    url = await clicked(slack, bot)
    async with httpx.AsyncClient() as http:
        answers = [await http.post(url, json={"text": str(n)}) for n in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert answers[-1].json()["error"] == "used_url"


async def test_a_bar_of_colour_carries_blocks_and_buttons(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    text = {"type": "section", "text": {"type": "mrkdwn", "text": "<@U0ANN> overdue"}}
    bars = [{"color": "#cc0000", "blocks": [text, *BUTTONS]}]
    await client(slack).chat_postMessage(channel="C0INC", text="Checkout", attachments=bars)
    (message,) = slack.messages("incidents")
    assert message.shown == "Checkout\n@ann overdue\nGo"
    assert message.pings == {"U0ANN"}
    assert message.buttons == ["Go"]
    await slack.person("ann").clicks("Go", message=message)
    assert b"message_attachment" in bot.requests[-1][1]


async def test_a_word_to_the_bot_alone_is_an_event(slack: SlackServer, bot: ScriptedBot) -> None:
    await slack.person("ann", channel=None).says("help")
    assert [ack.kind for ack in slack.acks] == ["message"]
    assert [one.text for one in slack.direct("ann")] == ["help"]
    assert b'"channel_type": "im"' in bot.requests[0][1]


async def test_an_update_right_after_an_ack_comes_after_it(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    shown = await show_form(slack, field("one", "One", {"type": "plain_text_input"}, optional=True))
    bot.wait = 0.02
    bot.answer = JSONResponse({"response_action": "update", "view": modal("Publishing")})
    submitting = asyncio.ensure_future(shown.submit())
    await slack.until(lambda: bot.requests)
    await client(slack).views_update(view_id=shown.view_id, view=modal("Receipt"))
    await submitting
    assert shown.title == "Receipt"


async def test_what_people_write_is_escaped_but_for_tokens(slack: SlackServer) -> None:
    said = await slack.person("ann").says("a & b <c> <@U0BEN> <!here>")
    assert said.text == "a &amp; b &lt;c&gt; <@U0BEN> <!here>"
    assert said.pings == {"U0BEN", "here"}
    assert said.shown == "a & b <c> @ben @here"


async def test_several_bots_get_payloads_in_turn(slack: SlackServer, bot: ScriptedBot) -> None:
    slack.bot_at("http://127.0.0.1:9/", bot.url)
    acks = [await slack.person("ann").types("/incident") for _ in range(4)]
    assert [ack.ok for ack in acks] == [False, True, False, True]
