"""The menus “⋯”: an entry does what the button of that name would do."""

from functools import partial

import structlog
from slack_bolt.async_app import AsyncAck

from bot.slack import payloads
from bot.slack.context import ListenerContext
from bot.slack.forms import ids
from bot.slack.router import Payload, Router

_log = structlog.get_logger(__name__)


def register(router: Router, context: ListenerContext) -> None:
    """Listen to every menu, on behalf of what it offers."""
    del context
    router.actions[ids.MORE] = partial(choose, router)


async def choose(router: Router, body: Payload, ack: AsyncAck) -> None:
    """An entry was chosen: hand it to the listener of its button."""
    action_id, _colon, value = payloads.value(body).partition(":")
    listener = router.actions.get(action_id)
    if listener is None:
        _log.warning("Nobody listens to this.", name=action_id)
        await ack()
        return
    menu = {name: each for name, each in body["actions"][0].items() if name != "selected_option"}
    clicked = {**menu, "action_id": action_id, "value": value}
    await listener({**body, "actions": [clicked]}, ack)
