"""Which conversations the bot may see, read and write."""

from bot.playground.errors import SlackError
from bot.playground.workspace.records import Channel, User
from bot.playground.workspace.workspace import Workspace


def need_scope(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        provided = ",".join(sorted(workspace.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)


def visible(workspace: Workspace, key: object) -> Channel:
    """The channel of this id; a private one without the bot does not exist for it."""
    channel = workspace.channels.get(str(key or ""))
    if channel is None or (channel.is_private and workspace.bot_user not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def readable(workspace: Workspace, key: object) -> Channel:
    channel = visible(workspace, key)
    need_scope(workspace, f"{channel.kind}:history")
    if workspace.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def direct(workspace: Workspace, user: User) -> Channel:
    """The bot's direct conversation with a person; none with who was deactivated or is a bot."""
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    return workspace.direct_channel(user.id)


def writable(workspace: Workspace, key: object) -> Channel:
    """Where the bot may post: a channel's id, or a person's for the direct conversation."""
    user = workspace.users.get(str(key or ""))
    channel = direct(workspace, user) if user else visible(workspace, key)
    if channel.user is not None:
        direct(workspace, workspace.users[channel.user])
    if channel.is_archived:
        raise SlackError("is_archived")
    need_membership(workspace, channel)
    return channel


def need_membership(workspace: Workspace, channel: Channel) -> None:
    """Writing in a public channel takes membership or the scope `chat:write.public`."""
    outside = workspace.bot_user not in channel.members
    if outside and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel")
