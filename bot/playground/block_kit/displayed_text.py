"""How a person reads Slack's text, and whom a text pings.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Iterator

from bot.playground.errors import Json

Names = Callable[[str], str]

_TOKEN = re.compile(r"<([^<>]*)>")
_SHOUT = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
_SHOUTS = {"channel", "here", "everyone"}


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read(text: str, names: Names = str) -> str:
    """Turns `<…>` tokens and entities into what stands on the screen."""
    return unescape(_TOKEN.sub(lambda match: _token(match[1], names), text))


def _token(inside: str, names: Names) -> str:
    target, bar, label = inside.partition("|")
    if target.startswith("!date^"):
        return label if bar else f"<{inside}>"
    if target.startswith("@"):
        return f"@{names(target[1:])}"
    if target.startswith("#"):
        return f"#{names(target[1:])}"
    if target.startswith("!subteam^"):
        return label or f"@{names(target.removeprefix('!subteam^'))}"
    if target.startswith("!"):
        return f"@{target[1:]}"
    return label or target


def pings_in(text: str, *, names_count: bool = False) -> set[str]:
    """Whom this text pings: user ids, group ids, `channel`, `here`, `everyone`."""
    found = {_pinged(match[1].partition("|")[0]) for match in _TOKEN.finditer(text)}
    if names_count:
        found |= set(_SHOUT.findall(text))
    return {one for one in found if one}


def _pinged(target: str) -> str:
    if target.startswith("@"):
        return target[1:]
    if target.startswith("!subteam^"):
        return target.removeprefix("!subteam^")
    return target[1:] if target[:1] == "!" and target[1:] in _SHOUTS else ""


def block_pings(part: object) -> set[str]:
    """Whom blocks ping; plain_text never does."""
    if isinstance(part, list):
        return set().union(*map(block_pings, part))
    if not isinstance(part, dict):
        return set()
    if part.get("type") == "plain_text":
        return set()
    found = set().union(*map(block_pings, part.values()))
    if part.get("type") in {"mrkdwn", "markdown"}:
        found |= pings_in(part["text"])
    if part.get("type") in {"user", "usergroup", "broadcast"}:
        found |= {part.get("user_id") or part.get("usergroup_id") or part["range"]}
    return found


def shown_texts(part: object, names: Names = str) -> Iterator[str]:
    """Every text of blocks or of a view, in the order of the screen."""
    if isinstance(part, list):
        for one in part:
            yield from shown_texts(one, names)
    elif isinstance(part, dict):
        yield from _shown(part, names)


def attachment_pings(attachment: Json) -> set[str]:
    return set().union(*(pings_in(attachment.get(name, "")) for name in _ATTACHED))


def attachment_texts(attachment: Json, names: Names) -> Iterator[str]:
    yield from (read(attachment[name], names) for name in _ATTACHED if name in attachment)
    yield from shown_texts(attachment.get("blocks", []), names)


_ATTACHED = ("pretext", "title", "text", "footer")
_MENU_PARTS = {"options", "option_groups"}
_HIDDEN = {"confirm", "initial_option", "initial_options", "placeholder"}
_MENTIONS = {
    "user": ("@", "user_id"),
    "usergroup": ("@", "usergroup_id"),
    "channel": ("#", "channel_id"),
    "broadcast": ("@", "range"),
}
_ORDER = ("title", "label", "text", "fields", "hint")


def _shown(part: Json, names: Names) -> Iterator[str]:
    kind = part.get("type")
    if kind in {"plain_text", "mrkdwn", "markdown"}:
        yield read(part["text"], names)
    elif kind in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}:
        yield "".join(_inline(one, names) for one in part["elements"])
    elif kind == "raw_text":
        yield part["text"]
    elif kind == "raw_number":
        yield str(part.get("text", part["value"]))
    else:
        ordered = sorted(part, key=lambda name: _ORDER.index(name) if name in _ORDER else 9)
        folded = kind == "overflow" or str(kind).endswith("_select")
        for name in ordered:
            if name not in (_HIDDEN | _MENU_PARTS if folded else _HIDDEN):
                yield from shown_texts(part[name], names)


def _inline(part: Json, names: Names) -> str:
    kind = part["type"]
    if kind in _MENTIONS:
        sign, name = _MENTIONS[kind]
        return f"{sign}{names(part[name])}"
    if kind == "emoji":
        return f":{part['name']}:"
    if kind == "date":
        return str(part.get("fallback", part["format"]))
    return str(part.get("text") or part.get("url") or part.get("value", ""))
