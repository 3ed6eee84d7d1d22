"""What any payload of Slack's says: who did it, where, what was clicked, and what was typed."""

from collections.abc import Mapping
from typing import Any

from bot.domain.submissions import Person
from bot.domain.texts.comparison import search_form
from bot.slack.forms import ids
from bot.slack.forms.fields import typed


def person(payload: Mapping[str, Any]) -> Person:
    """Return who did it, from any payload of Slack's."""
    user = payload.get("user")
    if isinstance(user, dict):
        return Person(user["id"], user.get("name") or user.get("username") or user["id"])
    return Person(payload["user_id"], payload.get("user_name") or payload["user_id"])


def value(payload: Mapping[str, Any]) -> str:
    """Return what was typed behind the command, or what the button or choice stands for."""
    if "command" in payload:
        return words_behind(payload)
    action: dict[str, Any] = (payload.get("actions") or [{}])[0]
    return action.get("selected_option", action).get("value") or ""


def number(digits: str) -> int:
    """Return the number that a button carries; 0, which nothing here has, where it carries none."""
    return int(digits) if digits.isdecimal() else 0


def words_behind(command: Mapping[str, Any]) -> str:
    """Return what was typed behind a command, without Slack's escapes."""
    words = typed(command.get("text")).replace("\u00a0", " ").strip()
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def verb(words: str) -> tuple[str, str]:
    """Return the first word in small letters, since telephones write it large, and the rest."""
    first, rest = (*words.split(maxsplit=1), "", "")[:2]
    return search_form(first), rest.strip()


def parent_of(payload: Mapping[str, Any]) -> str:
    """Return our id of the subject on whose parent message a button was clicked; else ""."""
    action: dict[str, Any] = (payload.get("actions") or [{}])[0]
    kind, _colon, rest = str(action.get("block_id", "")).partition(":")
    return rest.rpartition(":")[0] if kind == ids.PARENT else ""


def channel(payload: Mapping[str, Any]) -> str:
    """Return where it was done; in a place without channel, the person's direct messages."""
    if "channel_id" in payload:
        return str(payload["channel_id"])
    place = payload.get("channel") or {}
    return str(place.get("id") or payload.get("user", {}).get("id", ""))


def thread(payload: Mapping[str, Any]) -> str | None:
    """Return the thread in whose reply something was clicked; None for other places."""
    place = payload.get("container") or {}
    found = place.get("thread_ts")
    return str(found) if found and found != place.get("message_ts") else None


def is_broadcast(payload: Mapping[str, Any]) -> bool:
    """Say whether what was clicked is a reply that stands in its channel too."""
    subtype = (payload.get("message") or {}).get("subtype")
    return subtype == "thread_broadcast" and thread(payload) is not None
