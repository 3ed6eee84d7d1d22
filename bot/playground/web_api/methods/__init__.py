"""The Web API's methods: what each takes, which scope it needs, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.playground.errors import Json, SlackError
from bot.playground.web_api.methods import chat, conversations, identity, views
from bot.playground.web_api.methods.arguments import (
    ArgumentReader,
    flag,
    number,
    read_arguments,
    structure,
    text,
)
from bot.playground.web_api.methods.channel_access import need_scope
from bot.playground.workspace.workspace import Workspace


@dataclass(frozen=True)
class Method:
    """One method of the Web API."""

    run: Callable[[Workspace, Json], Json]
    takes: Mapping[str, ArgumentReader]
    scope: str | None = None


_CHANNEL: dict[str, ArgumentReader] = {"channel": text}
_CONTENT: dict[str, ArgumentReader] = {
    **_CHANNEL,
    "text": text,
    "blocks": structure,
    "attachments": structure,
    "as_user": flag,
    "link_names": flag,
    "parse": text,
    "markdown_text": text,
}
_AUTHORSHIP: dict[str, ArgumentReader] = {"username": text, "icon_emoji": text, "icon_url": text}
_POST: dict[str, ArgumentReader] = {
    **_CONTENT,
    **_AUTHORSHIP,
    "thread_ts": text,
    "reply_broadcast": flag,
    "unfurl_links": flag,
    "unfurl_media": flag,
    "mrkdwn": flag,
    "metadata": structure,
}
_PAGES: dict[str, ArgumentReader] = {
    **_CHANNEL,
    "cursor": text,
    "inclusive": flag,
    "include_all_metadata": flag,
    "latest": text,
    "limit": number,
    "oldest": text,
}
_BY_URL: dict[str, ArgumentReader] = {
    "text": text,
    "blocks": structure,
    "attachments": structure,
    "response_type": text,
    "replace_original": flag,
    "delete_original": flag,
    "thread_ts": text,
    "unfurl_links": flag,
    "unfurl_media": flag,
    "metadata": structure,
}
_VIEW: dict[str, ArgumentReader] = {"view": structure}
_TRIGGERED: dict[str, ArgumentReader] = {**_VIEW, "trigger_id": text}

METHODS: dict[str, Method] = {
    "auth.test": Method(identity.auth_test, {}),
    "usergroups.users.list": Method(
        identity.usergroups_users_list,
        {"usergroup": text, "include_disabled": flag},
        "usergroups:read",
    ),
    "users.info": Method(identity.users_info, {"user": text, "include_locale": flag}, "users:read"),
    "chat.postMessage": Method(chat.post_message, _POST, "chat:write"),
    "chat.update": Method(
        chat.update,
        {**_CONTENT, "ts": text, "metadata": structure, "reply_broadcast": flag, "file_ids": text},
        "chat:write",
    ),
    "chat.postEphemeral": Method(
        chat.post_ephemeral,
        {**_CONTENT, **_AUTHORSHIP, "user": text, "thread_ts": text},
        "chat:write",
    ),
    "chat.delete": Method(chat.delete, {**_CHANNEL, "ts": text, "as_user": flag}, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, {**_CHANNEL, "message_ts": text}),
    "conversations.info": Method(
        conversations.info, {**_CHANNEL, "include_locale": flag, "include_num_members": flag}
    ),
    "conversations.history": Method(conversations.history, _PAGES),
    "conversations.replies": Method(conversations.replies, {**_PAGES, "ts": text}),
    "conversations.join": Method(conversations.join, _CHANNEL, "channels:join"),
    "conversations.open": Method(
        conversations.open_,
        {**_CHANNEL, "users": text, "return_im": flag, "prevent_creation": flag},
        "im:write",
    ),
    "views.open": Method(views.open_, _TRIGGERED),
    "views.push": Method(views.push, _TRIGGERED),
    "views.update": Method(
        views.update, {**_VIEW, "view_id": text, "external_id": text, "hash": text}
    ),
    "views.publish": Method(views.publish, {**_VIEW, "user_id": text, "hash": text}),
    "apps.connections.open": Method(identity.connections_open, {}),
}


def call(workspace: Workspace, name: str, raw: Json) -> Json:
    """Runs a method; raises SlackError with the name Slack answers."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    # Bolt's clients send team_id with every call.
    args = read_arguments({**method.takes, "team_id": text}, raw)
    if args.get("team_id", workspace.team_id) != workspace.team_id:
        raise SlackError("team_not_found")
    if method.scope is not None:
        need_scope(workspace, method.scope)
    return {"ok": True, **method.run(workspace, args)}


def answer_url(workspace: Workspace, key: str, raw: Json) -> Json:
    """Runs a POST to a response URL."""
    args = read_arguments(_BY_URL, raw)
    return {"ok": True, **chat.answer_by_url(workspace, key, args)}
