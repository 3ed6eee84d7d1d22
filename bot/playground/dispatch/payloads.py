"""The payloads Slack sends to a bot, one function per kind of interaction.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from bot.playground.block_kit.displayed_text import escape
from bot.playground.block_kit.element_state import apply_action, initial_state
from bot.playground.errors import Json
from bot.playground.workspace.records import Channel, Message, OpenView, User
from bot.playground.workspace.serialisation import serialise_message, serialise_view
from bot.playground.workspace.workspace import Workspace

_TOKEN = "legacy-verification-token"  # noqa: S105 - Slack sends one that nobody checks any more


def _head(workspace: Workspace, kind: str, user: User) -> Json:
    return {
        "type": kind,
        "token": _TOKEN,
        "api_app_id": workspace.app_id,
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
    }


def command(workspace: Workspace, user: User, channel: Channel, line: str) -> Json:
    name, text = (*line.split(maxsplit=1), "")[:2]
    return {
        "token": _TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.team_domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.user else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": escape(text.strip()),
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.response_urls.issue(channel.id, user.id),
        "trigger_id": workspace.triggers.issue(user.id),
    }


def shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    return {
        **_head(workspace, "shortcut", user),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user.id),
        "action_ts": workspace.new_ts(),
    }


def message_action(workspace: Workspace, user: User, callback_id: str, message: Message) -> Json:
    return {
        **_head(workspace, "message_action", user),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(user.id),
        "action_ts": workspace.new_ts(),
        "message_ts": message.ts,
        "channel": _place(workspace, message),
        "message": serialise_message(workspace, message),
        "response_url": _answer_to(workspace, user, message),
    }


def message_click(workspace: Workspace, user: User, message: Message, action: Json) -> Json:
    payload: Json = {
        **_head(workspace, "block_actions", user),
        "container": _container(message, action),
        "trigger_id": workspace.triggers.issue(user.id),
        "channel": _place(workspace, message),
        "state": {"values": apply_action(initial_state(message.all_blocks), action)},
        "response_url": _answer_to(workspace, user, message),
        "actions": [{**action, "action_ts": workspace.new_ts()}],
    }
    # Slack leaves an ephemeral message out of the payload: the bot cannot read it back.
    if message.ephemeral_to is None:
        payload["message"] = serialise_message(workspace, message)
    return payload


def _container(message: Message, action: Json) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    for number, attachment in enumerate(message.attachments, start=1):
        if action["block_id"] in [one["block_id"] for one in attachment["blocks"]]:
            attached = {"attachment_id": number, "is_app_unfurl": False}
            container |= {"type": "message_attachment", **attached}
    return container


def _place(workspace: Workspace, message: Message) -> Json:
    channel = workspace.channels[message.channel]
    return {"id": channel.id, "name": "directmessage" if channel.user else channel.name}


def _answer_to(workspace: Workspace, user: User, message: Message) -> str:
    return workspace.response_urls.issue(
        message.channel, user.id, message=message.ts, thread=message.thread_ts
    )


def view_click(workspace: Workspace, user: User, open_view: OpenView, action: Json) -> Json:
    return {
        **_head(workspace, "block_actions", user),
        "container": {"type": "view", "view_id": open_view.id},
        "trigger_id": workspace.triggers.issue(user.id, open_view.id),
        "view": serialise_view(workspace, open_view),
        "actions": [{**action, "action_ts": workspace.new_ts()}],
    }


def submission(workspace: Workspace, user: User, open_view: OpenView) -> Json:
    return {
        **_head(workspace, "view_submission", user),
        "trigger_id": workspace.triggers.issue(user.id, open_view.id),
        "view": serialise_view(workspace, open_view),
        "response_urls": [],
    }


def closing(workspace: Workspace, user: User, open_view: OpenView, *, cleared: bool) -> Json:
    return {
        **_head(workspace, "view_closed", user),
        "view": serialise_view(workspace, open_view),
        "is_cleared": cleared,
    }


def suggestion(
    workspace: Workspace, user: User, open_view: OpenView, where: tuple[str, str], query: str
) -> Json:
    return {
        **_head(workspace, "block_suggestion", user),
        "container": {"type": "view", "view_id": open_view.id},
        "block_id": where[0],
        "action_id": where[1],
        "value": query,
        "view": serialise_view(workspace, open_view),
    }


def event(workspace: Workspace, body: Json) -> Json:
    return {
        "token": _TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": body,
        "type": "event_callback",
        "event_id": workspace.new_event_id(),
        "event_time": int(workspace.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
