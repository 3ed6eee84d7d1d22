"""What people can do on the screen, and what Slack's window does not let them do."""

from datetime import UTC, date, datetime, time

import pytest

from bot.playground import ClientRefusal, Modal, SlackServer, Workspace
from tests.playground.bolt_app import (
    Json,
    ScriptedBot,
    client,
    field,
    modal,
    option,
    plain,
    show_form,
    slack_alone,
)

pytestmark = pytest.mark.anyio
LETTERS = [option("A"), option("B"), option("C")]


def last_action(bot: ScriptedBot) -> Json:
    payload: Json = bot.payload()
    (action,) = payload["actions"]
    return dict(action)


async def shown(slack: SlackServer, element: Json, **more: object) -> Modal:
    return await show_form(slack, field("one", "One", element, **more))


@pytest.mark.parametrize(
    ("element", "names", "seen", "sent"),
    [
        (
            {"type": "static_select", "options": LETTERS},
            ["B"],
            "B",
            {"selected_option": LETTERS[1]},
        ),
        (
            {"type": "radio_buttons", "options": LETTERS},
            ["C"],
            "C",
            {"selected_option": LETTERS[2]},
        ),
        (
            {"type": "multi_static_select", "options": LETTERS},
            ["C", "a"],
            ["C", "A"],
            {"selected_options": [LETTERS[2], LETTERS[0]]},
        ),
        ({"type": "users_select"}, ["ben"], "U0BEN", {"selected_user": "U0BEN"}),
        (
            {"type": "multi_users_select"},
            ["ann", "ben"],
            ["U0ANN", "U0BEN"],
            {"selected_users": ["U0ANN", "U0BEN"]},
        ),
        ({"type": "channels_select"}, ["random"], "C0RAN", {"selected_channel": "C0RAN"}),
    ],
)
async def test_a_choice_is_in_the_state(
    slack: SlackServer, element: Json, names: list[str], seen: object, sent: Json
) -> None:
    form = await shown(slack, element)
    assert await form.choose("One", *names) is None
    assert form.value("One") == seen
    assert form.view["state"]["values"]["one"]["value"] == {"type": element["type"], **sent}


@pytest.mark.parametrize(
    ("kind", "when", "sent"),
    [
        ("datepicker", date(2026, 11, 20), "2026-11-20"),
        ("timepicker", time(9, 5), "09:05"),
        ("datetimepicker", datetime(2026, 11, 20, tzinfo=UTC), 1_795_132_800),
    ],
)
async def test_a_picked_time_is_in_the_state(
    slack: SlackServer, kind: str, when: date | time, sent: object
) -> None:
    form = await shown(slack, {"type": kind})
    await form.pick("One", when)
    values = form.view["state"]["values"]["one"]["value"]
    assert sent in values.values()
    await form.pick("One", None)
    assert form.value("One") is None


async def test_a_live_input_tells_the_bot_at_once(slack: SlackServer, bot: ScriptedBot) -> None:
    element = {"type": "static_select", "options": LETTERS}
    form = await shown(slack, element, dispatch_action=True)
    ack = await form.choose("One", "B")
    assert ack
    assert ack.ok
    action = last_action(bot)
    assert (action["block_id"], action["action_id"]) == ("one", "value")
    assert action["selected_option"] == LETTERS[1]
    assert bot.payload()["view"]["state"]["values"]["one"]["value"]["selected_option"] == LETTERS[1]


async def test_enter_in_a_live_input_tells_the_bot(slack: SlackServer, bot: ScriptedBot) -> None:
    form = await shown(slack, {"type": "plain_text_input"}, dispatch_action=True)
    await form.enter("One", "hello")
    assert last_action(bot)["value"] == "hello"


async def test_menus_among_buttons_are_clicked_by_their_entries(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": LETTERS}
    select = {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": plain("Snooze"),
        "options": [option("15 min"), option("4 h")],
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [menu, select]}]
    await client(slack).chat_postMessage(channel="C0INC", text="x", blocks=blocks)
    ann = slack.person("ann")
    await ann.clicks("B")
    assert last_action(bot)["selected_option"] == LETTERS[1]
    await ann.clicks("4 h")
    assert last_action(bot)["action_id"] == "snooze"
    assert bot.payload()["state"]["values"]["b"]["snooze"]["selected_option"]["value"] == "4 h"


async def test_the_newest_message_with_the_button_is_clicked(
    slack: SlackServer, bot: ScriptedBot
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    blocks = [{"type": "actions", "elements": [button]}]
    old = await client(slack).chat_postMessage(channel="C0INC", text="old", blocks=blocks)
    await client(slack).chat_postMessage(channel="C0INC", text="new", blocks=blocks)
    await client(slack).chat_postMessage(channel="U0BEN", text="elsewhere", blocks=blocks)
    await slack.person("ann").clicks("Go")
    assert bot.payload()["message"]["text"] == "new"
    (first, _) = slack.messages("incidents")
    await slack.person("ann").clicks("Go", message=first)
    assert bot.payload()["message"]["ts"] == old["ts"]


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"type": "plain_text_input", "max_length": 3}, "four"),
        ({"type": "plain_text_input"}, "two\nlines"),
        ({"type": "static_select", "options": LETTERS}, "A"),
    ],
)
async def test_the_window_does_not_take_this_text(
    slack: SlackServer, element: Json, text: str
) -> None:
    form = await shown(slack, element)
    with pytest.raises(ClientRefusal):
        form.fill("One", text)


@pytest.mark.parametrize(
    ("element", "names"),
    [
        ({"type": "static_select", "options": LETTERS}, ["D"]),
        ({"type": "static_select", "options": LETTERS}, ["A", "B"]),
        ({"type": "multi_static_select", "options": LETTERS, "max_selected_items": 1}, ["A", "B"]),
        ({"type": "external_select"}, ["ab"]),
    ],
)
async def test_the_window_does_not_offer_this_choice(
    slack: SlackServer, element: Json, names: list[str]
) -> None:
    form = await shown(slack, element)
    with pytest.raises(ClientRefusal):
        await form.choose("One", *names)


async def test_short_text_and_empty_choices_stay_in_the_window(slack: SlackServer) -> None:
    form = await show_form(
        slack,
        field("one", "One", {"type": "plain_text_input", "min_length": 3}),
        field("two", "Two", {"type": "static_select", "options": LETTERS}),
        field("three", "Three", {"type": "plain_text_input"}, optional=True),
    )
    form.fill("One", "ab")
    with pytest.raises(ClientRefusal) as caught:
        await form.submit()
    assert "One: at least 3" in str(caught.value)
    assert "Two: please" in str(caught.value)
    assert "Three" not in str(caught.value)


async def test_a_box_is_ticked_by_its_own_text(slack: SlackServer) -> None:
    form = await shown(slack, {"type": "checkboxes", "options": LETTERS})
    await form.tick("B")
    await form.tick("A")
    assert form.value("One") == ["A", "B"]
    await form.tick("B", on=False)
    assert form.value("One") == ["A"]
    with pytest.raises(ClientRefusal):
        await form.tick("D")


async def test_a_view_without_inputs_has_nothing_to_submit(slack: SlackServer) -> None:
    form = await show_form(slack)
    with pytest.raises(ClientRefusal, match="no button"):
        await form.submit()
    await form.close()
    with pytest.raises(ClientRefusal, match="no modal"):
        _ = form.title


async def test_the_cross_closes_the_whole_stack(slack: SlackServer, bot: ScriptedBot) -> None:
    form = await show_form(slack, notify_on_close=True)
    trigger = slack.workspace.triggers.issue("U0ANN", form.view_id)
    await client(slack).views_push(trigger_id=trigger, view=modal("B", notify_on_close=True))
    await form.close(everything=True)
    assert not form.is_open
    assert [ack.kind for ack in slack.acks] == ["view_closed"] * 2
    assert bot.payload()["is_cleared"]


async def test_only_the_commands_of_the_manifest_exist() -> None:
    async with slack_alone(Workspace(commands=["/incident"])) as slack:
        with pytest.raises(ClientRefusal):
            await slack.person("ann").types("/incidents")
        with pytest.raises(ClientRefusal):
            await slack.person("ann").types("incident")


async def test_private_messages_have_no_shortcuts(slack: SlackServer) -> None:
    await client(slack).chat_postEphemeral(channel="C0INC", user="U0ANN", text="x")
    (private,) = slack.private("ann")
    with pytest.raises(ClientRefusal):
        await slack.person("ann").uses_message_shortcut("draft", private)


async def test_people_and_channels_can_be_added(slack: SlackServer) -> None:
    cat = slack.workspace.add_person("cat", tz="Asia/Tokyo", tz_offset=32_400)
    slack.workspace.add_channel("ops", bot=False, is_private=True)
    known = await client(slack).users_info(user=cat.id)
    assert known["user"]["tz"] == "Asia/Tokyo"
    assert cat.id in slack.workspace.channel("incidents").members
    assert cat.id in slack.workspace.channel("ops").members
    with pytest.raises(LookupError):
        slack.person("dan")
    with pytest.raises(LookupError):
        slack.person("ann", channel="nowhere")
