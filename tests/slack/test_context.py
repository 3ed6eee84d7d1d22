from dataclasses import fields
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotAllowed, Unavailable
from bot.playground import SlackServer
from bot.slack.background import Background
from bot.slack.blocks import section
from bot.slack.context import ListenerContext
from bot.slack.router import Payload

pytestmark = pytest.mark.anyio

SHORTCUT: Payload = {"type": "shortcut", "trigger_id": "1.used", "user": {"id": "U0ANN"}}


@pytest.fixture
def context(client: AsyncWebClient) -> ListenerContext:
    """The context of a bot of which only Slack is needed."""
    nothing: dict[str, Any] = dict.fromkeys(field.name for field in fields(ListenerContext))
    return ListenerContext(**nothing | {"client": client, "background": Background()})


async def test_where_slack_gives_no_place_to_answer_a_direct_message_does(
    slack: SlackServer, context: ListenerContext
) -> None:
    await context.say(SHORTCUT, ("Hm.", [section("*Hm.*")]))
    await context.say({"user_id": "U0BEN"}, ("Hm.", [section("*Hm.*")]))
    assert [message.shown for message in slack.direct("ann")] == ["*Hm.*"]
    assert [message.shown for message in slack.direct("ben")] == ["*Hm.*"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotAllowed("Guests may not <publish>."), "Guests may not <publish>."),
        (Unavailable("Slack asked to wait."), "Slack asked to wait. Nothing was published."),
    ],
)
async def test_a_form_that_does_not_open_says_why(
    slack: SlackServer, context: ListenerContext, error: Exception, reason: str
) -> None:
    async def fail() -> None:
        raise error

    await context.helped(SHORTCUT, fail(), "Checkout is down", "open_report")
    [message] = slack.direct("ann")
    assert reason in message.shown


async def test_what_is_no_form_offers_none_when_it_fails(
    slack: SlackServer, context: ListenerContext
) -> None:
    async def fail() -> None:
        reason = "The <database> does not answer."
        raise Unavailable(reason)

    await context.helped(SHORTCUT, fail())
    [message] = slack.direct("ann")
    assert message.shown == "The <database> does not answer."


async def test_a_form_that_was_closed_meanwhile_is_no_trouble(
    slack: SlackServer, context: ListenerContext
) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    await context.update({"view": {"id": "V1", "hash": "1.x"}}, view)
    [call] = slack.calls("views.update")
    assert call.method == "views.update"
    assert slack.direct("ann") == []
