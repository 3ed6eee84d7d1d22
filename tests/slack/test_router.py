from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.slack.app import dispatch
from bot.slack.router import Listener, Router

pytestmark = pytest.mark.anyio

Heard = list[tuple[str, str]]
USER = {"user": {"id": "U1"}, "team": {"id": "T1"}}


def listener(heard: Heard, name: str) -> Listener:
    async def listen(body: dict[str, Any], ack: AsyncAck) -> None:
        heard.append((name, str(body.get("text", ""))))
        await ack()

    return listen


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-decoy")


def app(heard: Heard) -> AsyncApp:
    kinds = ("commands", "actions", "submissions", "options", "shortcuts")
    router = Router(**{kind: {"incident": listener(heard, kind)} for kind in kinds})
    return AsyncApp(
        before_authorize=router.middleware(),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )


def command(name: str) -> dict[str, Any]:
    return {"command": name, "text": "list", "user_id": "U1", "team_id": "T1"}


def action(action_id: str) -> dict[str, Any]:
    pressed = {"type": "button", "action_id": action_id, "block_id": "b"}
    return {"type": "block_actions", "actions": [pressed], **USER}


def view(kind: str, callback_id: str) -> dict[str, Any]:
    return {"type": kind, "view": {"type": "modal", "callback_id": callback_id}, **USER}


def shortcut(callback_id: str) -> dict[str, Any]:
    return {"type": "shortcut", "callback_id": callback_id, **USER}


def options(action_id: str) -> dict[str, Any]:
    return {"type": "block_suggestion", "action_id": action_id, "value": "", **USER}


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (command("/incident"), "commands"),
        (command("/sp-incident"), "commands"),
        (command("/a-b_c-incident"), "commands"),
        (action("incident"), "actions"),
        (action("incident:7:of:9"), "actions"),
        (view("view_submission", "incident"), "submissions"),
        (shortcut("incident"), "shortcuts"),
        (options("incident"), "options"),
    ],
)
async def test_a_payload_reaches_its_listener(payload: dict[str, Any], kind: str) -> None:
    heard: Heard = []
    status, _body, _headers = await dispatch(app(heard), payload)
    assert (status, [name for name, _text in heard]) == (200, [kind])


@pytest.mark.parametrize(
    "payload",
    [
        command("/incidents"),
        command("/maintenance"),
        action("elsewhere"),
        action(""),
        action("wrap\nped"),
        view("view_submission", "elsewhere"),
        view("view_closed", "incident"),
        shortcut("elsewhere"),
        options("elsewhere"),
    ],
)
async def test_what_nobody_listens_to_is_acknowledged(payload: dict[str, Any]) -> None:
    heard: Heard = []
    status, _body, _headers = await dispatch(app(heard), payload)
    assert (status, heard) == (200, [])


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "event_callback", "event": {"type": "app_mention"}, **USER},
        {"type": "block_actions", "actions": [], **USER},
        {"type": "view_submission", "view": 1, **USER},
        {"type": "shortcut", "callback_id": [], **USER},
    ],
)
async def test_what_is_nothing_that_we_know_is_not_there(payload: dict[str, Any]) -> None:
    heard: Heard = []
    status, _body, _headers = await dispatch(app(heard), payload)
    assert (status, heard) == (404, [])
