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


def _take(
    texts: str = "", flags: str = "", structures: str = "", numbers: str = ""
) -> dict[str, ArgumentReader]:
    """Arguments by what each is read as; their names are separated by blanks."""
    kinds = ((text, texts), (flag, flags), (structure, structures), (number, numbers))
    return {name: reader for reader, names in kinds for name in names.split()}


_CHANNEL = _take("channel")
_CONTENT = _take("channel text parse markdown_text", "as_user link_names", "blocks attachments")
_AUTHORSHIP = _take("username icon_emoji icon_url")
_UNFURL = _take(flags="unfurl_links unfurl_media")
_POST = _CONTENT | _AUTHORSHIP | _UNFURL
_POST |= _take("thread_ts", "reply_broadcast mrkdwn", "metadata")
_PAGES = _take("channel cursor latest oldest", "inclusive include_all_metadata", numbers="limit")
_BY_URL = _UNFURL | _take(
    "text response_type thread_ts",
    "replace_original delete_original",
    "blocks attachments metadata",
)
_TRIGGERED = _take("trigger_id", structures="view")

METHODS: dict[str, Method] = {
    "auth.test": Method(identity.auth_test, {}),
    "usergroups.users.list": Method(
        identity.usergroups_users_list, _take("usergroup", "include_disabled"), "usergroups:read"
    ),
    "users.info": Method(identity.users_info, _take("user", "include_locale"), "users:read"),
    "chat.postMessage": Method(chat.post_message, _POST, "chat:write"),
    "chat.update": Method(
        chat.update, _CONTENT | _take("ts file_ids", "reply_broadcast", "metadata"), "chat:write"
    ),
    "chat.postEphemeral": Method(
        chat.post_ephemeral, _CONTENT | _AUTHORSHIP | _take("user thread_ts"), "chat:write"
    ),
    "chat.delete": Method(chat.delete, _take("channel ts", "as_user"), "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink, _take("channel message_ts")),
    "conversations.info": Method(
        conversations.info, _take("channel", "include_locale include_num_members")
    ),
    "conversations.history": Method(conversations.history, _PAGES),
    "conversations.replies": Method(conversations.replies, _PAGES | _take("ts")),
    "conversations.join": Method(conversations.join, _CHANNEL, "channels:join"),
    "conversations.open": Method(
        conversations.open_, _take("channel users", "return_im prevent_creation"), "im:write"
    ),
    "views.open": Method(views.open_, _TRIGGERED),
    "views.push": Method(views.push, _TRIGGERED),
    "views.update": Method(views.update, _take("view_id external_id hash", structures="view")),
    "views.publish": Method(views.publish, _take("user_id hash", structures="view")),
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
