from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import ClientRefusal, Modal, SlackServer, TroubleConnecting
from bot.playground.people.fields import IN_GROUP
from tests.playground.bolt_app import (
    TRANSPORTS,
    bolt_app,
    field,
    form,
    modal,
    option,
    plain,
    slack_alone,
)

pytestmark = pytest.mark.anyio
STARTED = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
GROUPS = [("Europe", ["API", "Website"]), ("America", ["API"])]


@pytest.fixture(params=list(TRANSPORTS))
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[SlackServer]:
    async with slack_alone() as server:
        app = bolt_app(server)
        listen(app)
        async with TRANSPORTS[request.param](server, app):
            yield server


def listen(app: AsyncApp) -> None:  # noqa: C901 - one bot, listener by listener
    @app.command("/incident")
    async def report(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        if body["text"] == "help":
            await ack(f"You typed {body['text']}")
            return
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @app.options("value")
    async def components(ack: AsyncAck, payload: dict[str, Any]) -> None:
        groups = [
            {
                "label": plain(name),
                "options": [
                    option(part, f"{name}-{part}")
                    for part in parts
                    if payload["value"].lower() in part.lower()
                ],
            }
            for name, parts in GROUPS
        ]
        await ack(option_groups=[group for group in groups if group["options"]])

    @app.action("each")
    async def each(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        second = modal("Set each", field("one", "API", {"type": "plain_text_input"}))
        await client.views_push(trigger_id=body["trigger_id"], view=second)

    @app.view("report")
    async def submitted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        values = body["view"]["state"]["values"]
        match values.get("name", {}).get("value", {}).get("value"):
            case "refuse":
                await ack(response_action="errors", errors={"name": "Too short"})
            case "nonsense":
                await ack(response_action="errors", errors={"nothing": "Too short"})
            case "update":
                await ack(response_action="update", view=modal("Publishing…"))
            case "push":
                await ack(response_action="push", view=modal("On top"))
            case "clear":
                await ack(response_action="clear")
            case _:
                await ack()
                await client.chat_postMessage(
                    channel="C0INC", text="live", blocks=message_blocks("*Live* &amp; well")
                )

    @app.action("update")
    async def update(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        if "response_url" in body:
            await respond(text=f"Only you see this, {body['user']['name']}")

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], say: AsyncSay) -> None:
        await say(text="heard", thread_ts=event["ts"])

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": message_blocks("Nothing is open")}
        await client.views_publish(user_id=event["user"], view=view)

    @app.shortcut("draft")
    async def draft(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())


def message_blocks(text: str) -> list[dict[str, Any]]:
    button = {"type": "button", "action_id": "update", "text": plain("Update"), "value": "1"}
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text}},
        {"type": "actions", "elements": [button]},
    ]


async def opened(slack: SlackServer) -> Modal:
    ann = slack.person("ann")
    ack = await ann.types("/incident checkout is down")
    assert ack.ok
    return await ann.modal("Report an incident")


async def filled(slack: SlackServer, name: str = "Checkout is down") -> Modal:
    form = await opened(slack)
    form.fill("Incident name", name)
    form.fill("Message", "We look\ninto it")
    return form


async def test_a_command_opens_a_modal_that_reads_as_on_the_screen(slack: SlackServer) -> None:
    form = await opened(slack)
    assert form.title == "Report an incident"
    assert form.submit_label == "Publish"
    assert form.labels[:3] == ["Incident name", "Status", "Message"]
    assert form.value("Status") == "Investigating"
    assert "Set each" in form.text


async def test_text_in_an_ack_is_a_private_message(slack: SlackServer) -> None:
    ack = await slack.person("ann").types("/incident help")
    assert ack.seconds < 1
    assert [message.text for message in slack.private("ann")] == ["You typed help"]
    assert slack.private("ben") == []


async def test_every_kind_of_field_takes_a_value(slack: SlackServer) -> None:
    form = await filled(slack)
    await form.choose("Status", "Identified")
    await form.choose("Affected components", "Website", f"America{IN_GROUP}API")
    await form.tick("Notify subscribers")
    await form.pick("Started at", STARTED)
    assert form.value("Status") == "Identified"
    assert form.value("Affected components") == ["Website", "API"]
    assert form.value("Notify subscribers") == ["Yes"]
    assert form.value("Started at") == STARTED
    values = form.view["state"]["values"]
    assert values["started"]["value"]["selected_date_time"] == int(STARTED.timestamp())


async def test_a_search_is_answered_by_the_bot(slack: SlackServer) -> None:
    form = await opened(slack)
    found = await form.options("Affected components", query="ap")
    assert [(one.group, one.text) for one in found] == [("Europe", "API"), ("America", "API")]


async def test_two_options_of_one_name_must_be_told_apart(slack: SlackServer) -> None:
    form = await opened(slack)
    with pytest.raises(ClientRefusal, match="2 options"):
        await form.choose("Affected components", "API")


async def test_an_empty_ack_closes_the_modal(slack: SlackServer) -> None:
    form = await filled(slack)
    done = await form.submit()
    assert done.action == "close"
    assert not form.is_open
    (message,) = slack.messages("incidents")
    assert message.shown == "*Live* & well\nUpdate"
    assert message.pings == set()


async def test_errors_stand_under_their_fields(slack: SlackServer) -> None:
    form = await filled(slack, "refuse")
    done = await form.submit()
    assert (done.action, done.errors) == ("errors", {"Incident name": "Too short"})
    assert form.value("Message") == "We look\ninto it"


async def test_errors_at_no_field_are_trouble(slack: SlackServer) -> None:
    form = await filled(slack, "nonsense")
    with pytest.raises(TroubleConnecting):
        await form.submit()


async def test_an_answer_may_update_the_modal(slack: SlackServer) -> None:
    form = await filled(slack, "update")
    assert (await form.submit()).action == "update"
    assert form.title == "Publishing…"


async def test_an_answer_may_push_a_modal(slack: SlackServer) -> None:
    form = await filled(slack, "push")
    assert (await form.submit()).action == "push"
    assert form.title == "On top"
    await form.close()
    assert form.title == "Report an incident"


async def test_an_answer_may_clear_all_modals(slack: SlackServer) -> None:
    form = await filled(slack, "clear")
    await form.click("Set each")
    assert form.title == "Set each"
    await form.close()
    assert (await form.submit()).action == "clear"
    assert not form.is_open


async def test_an_empty_required_field_stays_in_the_window(slack: SlackServer) -> None:
    form = await opened(slack)
    with pytest.raises(ClientRefusal, match="Incident name"):
        await form.submit()
    assert "view_submission" not in [ack.kind for ack in slack.acks]


async def test_one_submission_can_arrive_twice(slack: SlackServer) -> None:
    form = await filled(slack)
    first, second = await form.submit(times=2)
    assert first.action == second.action == "close"
    await slack.until(lambda: len(slack.messages("incidents")) == 2, what="two messages")


async def test_a_button_on_a_message_reaches_the_bot(slack: SlackServer) -> None:
    form = await filled(slack)
    await form.submit()
    ann = slack.person("ann")
    await slack.until(lambda: slack.messages("incidents"))
    assert (await ann.clicks("Update")).ok
    (private,) = slack.private("ann")
    assert private.text == "Only you see this, ann"


async def test_a_request_can_be_replayed(slack: SlackServer) -> None:
    await slack.person("ann").types("/incident help")
    acks = await slack.replay(times=10)
    assert [ack.status for ack in acks] == [200] * 10


async def test_a_mention_is_answered_in_its_thread(slack: SlackServer) -> None:
    said = await slack.person("ben").says("@Foghorn monitoring: a fix is live")
    reply = await slack.until(lambda: slack.thread(said), what="reply")
    assert reply[0].text == "heard"


async def test_the_home_tab_is_published_on_opening(slack: SlackServer) -> None:
    home = await slack.person("ann").opens_home()
    assert "Nothing is open" in home.text
    await home.click("Update")


async def test_a_shortcut_opens_a_modal(slack: SlackServer) -> None:
    ann = slack.person("ann")
    said = await ann.says("it burns")
    await ann.uses_message_shortcut("draft", said)
    form = await ann.modal()
    await form.close()
    await ann.uses_shortcut("draft")
    assert (await ann.modal()).title == "Report an incident"


async def test_nobody_listens_is_a_failed_dispatch(slack: SlackServer) -> None:
    slack.dispatcher.limit = 0.3
    ack = await slack.person("ann").types("/unknown")
    assert ack.trouble in ("dispatch_failed", "operation_timeout")
    assert "/unknown failed" in slack.private("ann")[0].text
