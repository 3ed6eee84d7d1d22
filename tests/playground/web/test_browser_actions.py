"""What a person does in the browser goes by the rules of `Person`."""

from datetime import UTC, datetime

import pytest
from starlette.responses import JSONResponse, Response

from bot.playground import Offers, SlackServer
from tests.playground.bolt_app import (
    Json,
    ScriptedBot,
    client,
    field,
    modal,
    option,
    plain,
    show_form,
)
from tests.playground.web.browser_client import do, say, stream_events

pytestmark = pytest.mark.anyio

NAME = field("name", "Name", {"type": "plain_text_input", "max_length": 5})
PARTS = field("parts", "Parts", {"type": "multi_external_select", "min_query_length": 2})
FOUND = {"options": [option("API"), option("Web")]}


async def form(slack: SlackServer, *blocks: Json) -> str:
    return (await show_form(slack, *(blocks or (NAME,)))).view_id


async def test_a_message_stands_in_the_channel_and_in_its_thread(slack: SlackServer) -> None:
    await say(slack, "hello & <b>welcome</b> @Ben Brook")
    (parent,) = slack.messages("incidents")
    assert parent.text == "hello &amp; &lt;b&gt;welcome&lt;/b&gt; <@U0BEN>"
    await say(slack, "reply", thread=parent.ts)
    assert [one.text for one in slack.thread(parent)] == ["reply"]


async def test_a_command_goes_to_the_bot_with_its_words(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    assert await say(slack, "/incident checkout  is slow") == {}
    assert b"command=%2Fincident&text=checkout++is+slow" in bot.requests[0][1]


async def test_a_command_that_nobody_answers_is_said_to_its_author(slack: SlackServer) -> None:
    await say(slack, "/incident")
    (told,) = slack.private("ann")
    assert 'failed with the error "dispatch_failed"' in told.text


@pytest.mark.parametrize(
    ("text", "channel", "who", "thread", "reason"),
    [
        ("  ", "C0INC", "U0ANN", None, "nothing to send"),
        ("hello", "C0NON", "U0ANN", None, "not in that channel"),
        ("hello", "C0OLD", "U0ANN", None, "archived"),
        ("/incident", "C0INC", "U0ANN", "1.0", "not supported in threads"),
        ("/other", "C0INC", "U0ANN", None, "not a valid command"),
    ],
)
async def test_what_the_window_does_not_let_one_say(  # noqa: PLR0913, PLR0917
    slack: SlackServer, text: str, channel: str, who: str, thread: str | None, reason: str
) -> None:
    slack.workspace.commands = frozenset({"/incident"})
    slack.workspace.add_channel("none", id="C0NON", members=["U0BEN"])
    slack.workspace.add_channel("old", id="C0OLD")
    slack.archive("old")
    answer = await do(slack, "say", who, channel=channel, text=text, thread=thread)
    assert reason in answer["refused"]
    assert slack.acks == []


async def test_a_button_is_clicked_by_its_place(slack: SlackServer, bot: ScriptedBot) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "7"}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    sent = await client(slack).chat_postMessage(channel="C0INC", text="x", blocks=blocks)
    place = {"channel": "C0INC", "ts": sent["ts"], "block": "b", "action": "go", "value": None}
    assert await do(slack, "click", **place) == {}
    assert bot.payload()["actions"][0]["value"] == "7"
    assert "gone" in (await do(slack, "click", **{**place, "action": "no"}))["refused"]


async def test_nobody_clicks_in_a_message_for_somebody_else(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    sent = await client(slack).chat_postEphemeral(
        channel="C0INC", user="U0BEN", text="x", blocks=blocks
    )
    place = {"channel": "C0INC", "ts": sent["message_ts"], "block": "b", "action": "go"}
    assert "gone" in (await do(slack, "click", **place))["refused"]
    assert await do(slack, "click", "U0BEN", **place) == {}
    assert len(bot.requests) == 1


async def test_a_form_without_its_needs_is_not_sent(slack: SlackServer, bot: ScriptedBot) -> None:
    view = await form(slack)
    answer = await do(slack, "submit", view=view, typed=[])
    assert answer["errors"] == {"name": "Please complete this required field."}
    answer = await do(slack, "submit", view=view, typed=[["name", "value", "far too long"]])
    assert "takes 5 characters" in answer["errors"]["name"]
    assert bot.requests == []


async def test_what_was_typed_is_submitted(slack: SlackServer, bot: ScriptedBot) -> None:
    view = await form(slack)
    assert await do(slack, "submit", view=view, typed=[["name", "value", "five5"]]) == {}
    assert bot.payload()["view"]["state"]["values"]["name"]["value"]["value"] == "five5"
    answer = await do(slack, "submit", view=view, typed=[])
    assert "closed" in answer["refused"]


async def test_the_bots_complaints_are_by_block(slack: SlackServer, bot: ScriptedBot) -> None:
    bot.answer = JSONResponse({"response_action": "errors", "errors": {"name": "No."}})
    view = await form(slack)
    answer = await do(slack, "submit", view=view, typed=[["name", "value", "x"]])
    assert answer == {"errors": {"name": "No."}}


async def test_a_late_or_wrong_answer_to_a_form_is_told_in_it(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    slack.dispatcher.limit, bot.wait = 0.05, 0.2
    view = await form(slack)
    answer = await do(slack, "submit", view=view, typed=[["name", "value", "x"]])
    assert "trouble connecting" in answer["trouble"]
    assert "operation_timeout" in answer["reason"]
    bot.wait, bot.answer = 0, Response("what?")
    answer = await do(slack, "submit", view=view, typed=[])
    assert "trouble connecting" in answer["trouble"]


async def test_a_search_asks_the_bot_and_offers_its_options(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    bot.answer = JSONResponse(FOUND)
    view = await form(slack, PARTS)
    place = {"view": view, "block": "parts", "action": "value"}
    assert await do(slack, "options", **place, query="a") == {"least": 2}
    found = await do(slack, "options", **place, query="ap")
    assert [one["text"] for one in found["options"]] == ["API", "Web"]
    assert await do(slack, "field", **place, value=["web", "api"]) == {}
    state = slack.workspace.open_views.stacks["U0ANN"][0].values["parts"]["value"]
    assert [one["value"] for one in state["selected_options"]] == ["web", "api"]


async def test_an_option_that_was_never_offered_is_refused(slack: SlackServer) -> None:
    place = {"view": await form(slack, PARTS), "block": "parts", "action": "value"}
    assert "options" in (await do(slack, "field", **place, value=["root"]))["refused"]


async def test_an_instant_is_in_the_persons_own_zone(slack: SlackServer) -> None:
    when = field("when", "When", {"type": "datetimepicker"})
    place = {"view": await form(slack, when), "block": "when", "action": "value"}
    await do(slack, "field", **place, value="2026-07-01T10:00")  # Ann is in Berlin
    open_view = slack.workspace.open_views.stacks["U0ANN"][0]
    instant = open_view.values["when"]["value"]["selected_date_time"]
    assert datetime.fromtimestamp(instant, UTC) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    (shown,) = await stream_events(slack, "U0ANN", "modal")
    assert shown["view"]["local"] == [["when", "value", "2026-07-01T10:00"]]
    assert "no date" in (await do(slack, "field", **place, value="soon"))["refused"]


async def test_a_closed_form_is_off_the_screen(slack: SlackServer) -> None:
    view = await form(slack)
    assert "closed" in (await do(slack, "close", "U0BEN", view=view))["refused"]
    assert await do(slack, "close", view=view) == {}
    (shown,) = await stream_events(slack, "U0ANN", "modal")
    assert shown == {"depth": 0, "view": None}


async def test_shortcuts_reach_the_bot(slack: SlackServer, bot: ScriptedBot) -> None:
    await do(slack, "shortcut", callback_id="report")
    assert bot.payload()["callback_id"] == "report"
    sent = await client(slack).chat_postMessage(channel="C0INC", text="slow")
    await do(slack, "message_shortcut", callback_id="draft", channel="C0INC", ts=sent["ts"])
    assert bot.payload()["message"]["text"] == "slow"


async def test_a_live_field_tells_the_bot(slack: SlackServer, bot: ScriptedBot) -> None:
    element = {"type": "static_select", "options": [option("A"), option("B")]}
    view = await form(slack, field("one", "One", element, dispatch_action=True), NAME)
    typed = [["name", "value", "abc"]]
    await do(slack, "field", view=view, block="one", action="value", value=["b"], typed=typed)
    payload = bot.payload()
    assert payload["actions"][0]["selected_option"]["value"] == "b"
    assert payload["view"]["state"]["values"]["name"]["value"]["value"] == "abc"


async def test_a_button_in_a_form_sends_what_was_typed(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    view = await form(slack, NAME, {"type": "actions", "block_id": "b", "elements": [button]})
    typed = [["name", "value", "abc"], ["gone", "value", "is no trouble"]]
    await do(slack, "click_view", view=view, block="b", action="go", typed=typed)
    assert bot.payload()["view"]["state"]["values"]["name"]["value"]["value"] == "abc"


async def test_the_home_tab_is_drawn_when_the_bot_has_published_it(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    await do(slack, "home")
    assert b"app_home_opened" in bot.requests[0][1]
    home = {**modal("x"), "type": "home"}
    await client(slack).views_publish(
        user_id="U0ANN", view={"type": "home", "blocks": home["blocks"]}
    )
    (shown,) = await stream_events(slack, "U0ANN", "home")
    assert shown["view"]["blocks"] == []


async def test_an_app_that_does_not_subscribe_hears_nothing(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    slack.workspace.offers = Offers(events=frozenset({"app_mention"}))
    await do(slack, "home")
    assert bot.requests == []
    await say(slack, "@Foghorn hello")
    assert b"app_mention" in bot.requests[0][1]
