"""The chat.* methods."""

from bot.playground.block_kit.message_content import (
    LONGEST_TEXT,
    LONGEST_UPDATE,
    check_content,
    check_metadata,
)
from bot.playground.errors import Json, SlackError
from bot.playground.web_api.methods.arguments import require
from bot.playground.web_api.methods.channel_access import (
    need_membership,
    need_scope,
    visible,
    writable,
)
from bot.playground.workspace.records import Channel, Message
from bot.playground.workspace.serialisation import serialise_message
from bot.playground.workspace.workspace import Workspace

_AUTHORSHIP = ("username", "icon_emoji", "icon_url")


def post_message(workspace: Workspace, args: Json) -> Json:
    channel = writable(workspace, args.get("channel"))
    if any(name in args for name in _AUTHORSHIP):
        need_scope(workspace, "chat:write.customize")
    check_content(args)
    thread = _thread(workspace, channel, args)
    cut, warning = _cut(args)
    message = workspace.post(
        channel.id,
        workspace.bot_user,
        cut,
        metadata=args.get("metadata") or None,
        thread_ts=thread,
        broadcast=bool(thread and args.get("reply_broadcast")),
    )
    return {**_written(workspace, message), **warning}


def _thread(workspace: Workspace, channel: Channel, args: Json) -> str | None:
    """Takes a parent's ts; a deleted parent is no error for Slack, a reply's ts is one here."""
    ts = args.get("thread_ts")
    if not ts:
        return None
    parent = workspace.posts.get((channel.id, ts))
    if parent is not None and (parent.is_reply or parent.ephemeral_to):
        raise SlackError("cannot_reply_to_message")
    return str(ts)


def _cut(args: Json) -> tuple[Json, Json]:
    text = str(args.get("text") or "")
    if len(text) <= LONGEST_TEXT:
        return args, {}
    warning: Json = {
        "warning": "message_truncated",
        "response_metadata": {"warnings": ["message_truncated"]},
    }
    return {**args, "text": text[:LONGEST_TEXT]}, warning


def update(workspace: Workspace, args: Json) -> Json:
    message = _own(workspace, args, "cant_update_message")
    if workspace.channels[message.channel].is_archived:
        raise SlackError("is_inactive")
    content = _merged(message, args)
    _check_update(message, args, content)
    metadata = (args["metadata"] or None) if "metadata" in args else message.metadata
    edited = workspace.rewrite(
        message,
        content,
        metadata=metadata,
        edited=workspace.new_ts(),
        broadcast=message.broadcast or bool(args.get("reply_broadcast")),
    )
    return _written(workspace, edited)


def _check_update(message: Message, args: Json, content: Json) -> None:
    if max(len(str(content.get(one) or "")) for one in ("text", "markdown_text")) > LONGEST_UPDATE:
        raise SlackError("msg_too_long")
    check_content(content)
    check_metadata(args.get("metadata"))
    if args.get("reply_broadcast") and not message.is_reply:
        raise SlackError("cant_broadcast_message")
    if args.get("reply_broadcast") and not message.broadcast and content is args:
        raise SlackError("no_dual_broadcast_content_update")
    if _is_rich(message.blocks) and content.get("blocks") and not _is_rich(content["blocks"]):
        raise SlackError("block_mismatch")


def _is_rich(blocks: list[Json]) -> bool:
    return any(block["type"] == "rich_text" for block in blocks)


def _merged(message: Message, args: Json) -> Json:
    """What is written: blocks stay only when no text is given, as Slack documents it now."""
    if any(name in args for name in ("text", "markdown_text", "blocks", "attachments")):
        return args
    kept = {"text": message.text, "blocks": message.blocks, "attachments": message.attachments}
    return {**args, **kept}


def _own(workspace: Workspace, args: Json, refusal: str) -> Message:
    require(args, "ts")
    channel = visible(workspace, args.get("channel"))
    need_membership(workspace, channel)
    message = workspace.find(channel.id, args["ts"])
    if message.user != workspace.bot_user:
        raise SlackError(refusal)
    return message


def post_ephemeral(workspace: Workspace, args: Json) -> Json:
    require(args, "user")
    channel = writable(workspace, args.get("channel"))
    if args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    check_content(args)
    message = workspace.post(
        channel.id,
        workspace.bot_user,
        args,
        thread_ts=args.get("thread_ts"),
        ephemeral_to=args["user"],
    )
    return {"message_ts": message.ts}


def delete(workspace: Workspace, args: Json) -> Json:
    message = _own(workspace, args, "cant_delete_message")
    workspace.delete(message.channel, message.ts)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(workspace: Workspace, args: Json) -> Json:
    require(args, "message_ts")
    channel = visible(workspace, args.get("channel"))
    message = workspace.find(channel.id, args["message_ts"])
    digits = message.ts.replace(".", "")
    link = f"https://{workspace.team_domain}.slack.com/archives/{channel.id}/p{digits}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _written(workspace: Workspace, message: Message) -> Json:
    shape = serialise_message(workspace, message, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shape}


def answer_by_url(workspace: Workspace, key: str, args: Json) -> Json:
    """What a POST to a response URL does."""
    origin = workspace.response_urls.use(key)
    old = workspace.posts.get((origin.channel, origin.message_ts or ""))
    if args.get("delete_original"):
        if old is not None:
            workspace.delete(old.channel, old.ts)
        return {}
    check_content(args)
    if args.get("replace_original") and old is not None:
        workspace.rewrite(old, args, edited=workspace.new_ts())
        return {}
    private = args.get("response_type", "ephemeral") != "in_channel"
    workspace.post(
        origin.channel,
        workspace.bot_user,
        args,
        metadata=args.get("metadata") or None,
        thread_ts=args.get("thread_ts") or origin.thread_ts,
        ephemeral_to=origin.user if private else None,
    )
    return {}
