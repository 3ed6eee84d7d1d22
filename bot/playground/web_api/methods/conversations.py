"""The conversations.* methods."""

from bot.playground.errors import Json, SlackError
from bot.playground.web_api.methods.arguments import require
from bot.playground.web_api.methods.channel_access import direct, need_scope, readable, visible
from bot.playground.workspace.records import Message
from bot.playground.workspace.serialisation import serialise_channel, serialise_message
from bot.playground.workspace.workspace import Workspace

_PAGE = 100


def info(workspace: Workspace, args: Json) -> Json:
    channel = visible(workspace, args.get("channel"))
    need_scope(workspace, f"{channel.kind}:read")
    shape = serialise_channel(workspace, channel)
    if args.get("include_num_members"):
        shape["num_members"] = len(channel.members)
    return {"channel": shape}


def history(workspace: Workspace, args: Json) -> Json:
    channel = readable(workspace, args.get("channel"))
    newest_first = list(reversed(workspace.messages(channel.id)))
    return _page(workspace, args, newest_first)


def replies(workspace: Workspace, args: Json) -> Json:
    require(args, "ts")
    channel = readable(workspace, args.get("channel"))
    parent = workspace.posts.get((channel.id, args["ts"]))
    thread = workspace.thread(args["ts"], channel.id)
    if parent is None and not thread:
        raise SlackError("thread_not_found")
    return _page(workspace, args, ([parent] if parent else []) + thread)


def _page(workspace: Workspace, args: Json, messages: list[Message]) -> Json:
    start = int(args.get("cursor") or 0)
    limit = min(args.get("limit") or _PAGE, 999)
    wanted = [one for one in messages if _within(one.ts, args)]
    page = wanted[start : start + limit]
    more = len(wanted) > start + limit
    metadata = bool(args.get("include_all_metadata"))
    return {
        "messages": [serialise_message(workspace, one, metadata=metadata) for one in page],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _within(ts: str, args: Json) -> bool:
    oldest, latest = args.get("oldest") or "0", args.get("latest") or "9999999999"
    if args.get("inclusive") and ts in (oldest, latest):
        return True
    return float(oldest) < float(ts) < float(latest)


def join(workspace: Workspace, args: Json) -> Json:
    channel = visible(workspace, args.get("channel"))
    if channel.kind != "channels":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if workspace.bot_user in channel.members:
        shape = serialise_channel(workspace, channel)
        return {"channel": shape, "warning": "already_in_channel"}
    joined = workspace.join(channel, workspace.bot_user)
    return {"channel": serialise_channel(workspace, joined)}


def open_(workspace: Workspace, args: Json) -> Json:
    if args.get("channel"):
        channel = visible(workspace, args["channel"])
    else:
        require(args, "users")
        users = args["users"].split(",")
        if len(users) > 1:
            need_scope(workspace, "mpim:write")
        if users[0] not in workspace.users:
            raise SlackError("user_not_found")
        channel = direct(workspace, workspace.users[users[0]])
    if args.get("return_im"):
        return {"channel": serialise_channel(workspace, channel)}
    return {"channel": {"id": channel.id}}
