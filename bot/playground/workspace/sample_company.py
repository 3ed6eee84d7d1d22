"""A believable company: its people and channels, and what they said this morning."""

from dataclasses import replace

from bot.playground.workspace.records import Channel, Message, Offers, User
from bot.playground.workspace.workspace import Workspace

_PEOPLE = (
    User("U0ANN", "ann", "Ann Ahrens", tz="Europe/Berlin", tz_offset=3600),
    User("U0BEN", "ben", "Ben Brook", tz="America/New_York", tz_offset=-18_000),
    User("U0MEI", "mei", "Mei Tanaka", tz="Asia/Tokyo", tz_offset=32_400),
    User("U0OLA", "ola", "Ola Nordin", tz="Europe/Stockholm", tz_offset=3600),
    User("U0GUS", "gus", "Gus Guest", tz="Europe/London", tz_offset=0, is_restricted=True),
)
_GUEST = "U0GUS"
_CHANNELS = (
    ("C0INC", "incidents", "Outages and planned work. Type /incident to tell customers."),
    ("C0ENG", "engineering", "What runs, what ships, what breaks."),
    ("C0SUP", "support", "What customers say."),
)
# Minutes before now, who, where, what; an indented line answers the line before it in a thread.
_CONVERSATIONS = (
    (1480, "U0MEI", "C0ENG", "Deploy of *tracking 4.18* is done in all regions :rocket:"),
    (1462, "U0OLA", "C0ENG", "  Graphs look calm. Thanks!"),
    (1391, "U0ANN", "C0INC", "Handover: nothing open, the storage move is tomorrow."),
    (214, "U0BEN", "C0SUP", "A customer asks when labels for Norway can carry the new code."),
    (206, "U0OLA", "C0SUP", "  Next week, it is in review: `labels/customs.py`"),
    (61, "U0OLA", "C0INC", "I start moving tracking events to the new storage in half an hour."),
    (55, "U0ANN", "C0INC", "  Customers know, it is on the page. I am on call until 18:00."),
    (52, "U0BEN", "C0INC", "  :+1:"),
    (28, "U0OLA", "C0INC", "Move is running. First region done, no errors."),
    (9, "U0BEN", "C0SUP", "Two customers say that checkout is slow for them. Anybody else?"),
    (4, "U0MEI", "C0INC", "Seeing `504` from checkout for some minutes, p99 is 8 s. <@U0ANN>?"),
)


def build_company(offers: Offers) -> Workspace:
    """A workspace with this company in it, and an app with these commands and shortcuts."""
    workspace = Workspace(offers=offers)
    bot = workspace.users[workspace.bot_user]
    workspace.team_domain = "ternwick"
    workspace.users = {user.id: user for user in (bot, *_PEOPLE)}
    staff = frozenset(user.id for user in _PEOPLE if not user.is_restricted)
    workspace.channels = {
        key: Channel(key, name, staff | {workspace.bot_user}, topic=topic)
        for key, name, topic in _CHANNELS
    }
    support = workspace.channels["C0SUP"]
    workspace.channels["C0SUP"] = replace(support, members=support.members | {_GUEST})
    _post_conversations(workspace)
    return workspace


def _post_conversations(workspace: Workspace) -> None:
    parents: dict[str, str] = {}
    for number, (minutes, who, channel, line) in enumerate(_CONVERSATIONS):
        ts = f"{int(workspace.now()) - minutes * 60}.{number:06d}"
        is_reply = line.startswith("  ")
        thread = parents[channel] if is_reply else None
        message = Message(channel, ts, who, "", thread_ts=thread)
        workspace.rewrite(message, {"text": line.strip()})
        if not is_reply:
            parents[channel] = ts
