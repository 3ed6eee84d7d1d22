"""How people, channels, messages and views look in answers and payloads."""

from dataclasses import asdict

from bot.playground.errors import Json
from bot.playground.workspace.records import Channel, Message, OpenView, User
from bot.playground.workspace.workspace import Workspace


def serialise_user(user: User, home_team: str) -> Json:
    facts = asdict(user)
    names = {"real_name": user.real_name, "display_name": facts.pop("display_name")}
    teams = facts.pop("grid_teams")
    grid = {"id": f"W{user.id}", "enterprise_id": "E0001", "teams": teams}
    return {
        **facts,
        **({"enterprise_user": grid} if teams else {}),
        "tz_label": user.tz,
        "profile": names,
        "is_admin": False,
        "is_owner": False,
        "is_ultra_restricted": False,
        "is_app_user": False,
        "is_stranger": home_team not in (user.team_id, *user.grid_teams),
        "updated": 1_700_000_000,
    }


def serialise_channel(workspace: Workspace, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_im": channel.kind == "im",
        "is_private": channel.is_private or channel.user is not None,
        "is_archived": channel.is_archived,
        "is_member": workspace.bot_user in channel.members,
        "is_ext_shared": channel.is_ext_shared,
        "user": channel.user,
        "context_team_id": workspace.team_id,
    }


def serialise_message(workspace: Workspace, message: Message, *, metadata: bool = False) -> Json:
    shape: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "team": workspace.team_id,
    }
    if message.user == workspace.bot_user:
        shape |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.attachments:
        shape["attachments"] = message.attachments
    if message.thread_ts:
        shape["thread_ts"] = message.thread_ts
    elif replies := workspace.thread(message):
        shape |= {"thread_ts": message.ts, "reply_count": len(replies)}
    if message.broadcast:
        shape["subtype"] = "thread_broadcast"
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.edited}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    return shape


def serialise_view(workspace: Workspace, open_view: OpenView) -> Json:
    body = open_view.body
    return {
        "id": open_view.id,
        "team_id": workspace.team_id,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": open_view.values},
        "hash": open_view.hash,
        "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": open_view.previous_id,
        "root_view_id": open_view.root_id,
        "app_id": workspace.app_id,
        "external_id": open_view.external_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
