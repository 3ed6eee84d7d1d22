"""What one person sees in the browser, in parts that change on their own."""

from collections.abc import Iterator
from dataclasses import asdict

from bot.playground.errors import Json
from bot.playground.people.fields import fields_of
from bot.playground.web.field_writer import local_time
from bot.playground.workspace.records import Channel, Message, OpenView, User
from bot.playground.workspace.workspace import SLACKBOT, Workspace

MOST_MESSAGES = 300


def parts(workspace: Workspace, user: User) -> Iterator[tuple[str, Json]]:
    """Yields the name and the content of each part of the person's screen."""
    workspace.direct_channel(user.id)
    seen = [one for one in workspace.channels.values() if user.id in one.members]
    yield "place", _place(workspace, user, seen)
    messages: dict[str, list[Json]] = {channel.id: [] for channel in seen}
    for message in workspace.posts.values():
        if message.channel in messages and message.ephemeral_to in (None, user.id):
            messages[message.channel].append(_message(message))
    for channel, listed in messages.items():
        newest = sorted(listed, key=lambda one: str(one["ts"]))[-MOST_MESSAGES:]
        yield f"messages {channel}", {"channel": channel, "messages": newest}
    yield "modal", _modal(workspace, user)
    home = workspace.open_views.homes.get(user.id)
    yield "home", {"view": None if home is None else view(home, user)}


def _place(workspace: Workspace, user: User, seen: list[Channel]) -> Json:
    people = [_person(workspace, one) for one in workspace.users.values()]
    slackbot = {"id": SLACKBOT, "name": "slackbot", "real_name": "Slackbot", "bot": True}
    return {
        "team": workspace.team_domain,
        "me": _person(workspace, user),
        "bot": workspace.bot_user,
        "people": [*people, slackbot],
        "channels": [_channel(one) for one in seen],
        "commands": [asdict(one) for one in workspace.offers.commands],
        "shortcuts": [asdict(one) for one in workspace.offers.shortcuts],
    }


def _person(workspace: Workspace, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.display_name or user.real_name or user.name,
        "tz": user.tz,
        "guest": user.is_restricted,
        "stranger": user.team_id != workspace.team_id,
        "bot": user.is_bot,
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "private": channel.is_private,
        "archived": channel.is_archived,
        "direct": channel.user is not None,
    }


def _message(message: Message) -> Json:
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "thread": message.thread_ts if message.is_reply else None,
        "broadcast": message.broadcast,
        "edited": message.edited,
        "private": message.ephemeral_to is not None,
    }


def _modal(workspace: Workspace, user: User) -> Json:
    stack = workspace.open_views.stacks.get(user.id, [])
    return {"depth": len(stack), "view": view(stack[-1], user) if stack else None}


def view(open_view: OpenView, user: User) -> Json:
    """A view with its values; instants also in the person's own time."""
    body = open_view.body
    local = [
        [*field.key, local_time(user, field.content)]
        for field in fields_of(open_view)
        if field.kind == "datetimepicker"
    ]
    return {
        "id": open_view.id,
        "hash": open_view.hash,
        "title": body.get("title"),
        "submit": body.get("submit"),
        "close": body.get("close"),
        "blocks": body["blocks"],
        "values": open_view.values,
        "local": local,
        "depth": 0 if open_view.previous_id is None else 1,
    }
