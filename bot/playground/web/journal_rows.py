"""The journal of calls and payloads, as the browser lists it."""

import re

from bot.playground.errors import Json
from bot.playground.workspace.journal import Ack, ApiCall

# Tokens of Slack's, and addresses that whoever knows them may use.
_SECRET = re.compile(r"(\b(?:xox[a-z]|xapp)-|/response/|[?&]ticket=)[^\s\"'&<>]+")
_NAMES = {
    "command": "slash command",
    "block_actions": "click",
    "view_submission": "form submitted",
    "view_closed": "form closed",
    "block_suggestion": "search in a select",
    "shortcut": "global shortcut",
    "message_action": "message shortcut",
}


def row(number: int, entry: ApiCall | Ack) -> Json:
    """One line of the list."""
    if isinstance(entry, Ack):
        return {
            "n": number,
            "to_bot": True,
            "at": entry.at,
            "what": entry.kind,
            "named": _named(entry),
            "ms": round(entry.seconds * 1000),
            "verdict": entry.trouble or "ack",
            "bad": not entry.ok,
        }
    running = not (entry.status or entry.fault)
    return {
        "n": number,
        "to_bot": False,
        "at": entry.at,
        "what": entry.method,
        "named": "",
        "ms": None,
        "verdict": "…" if running else (entry.fault or entry.error or "ok"),
        "bad": bool(entry.fault or entry.error),
    }


def details(entry: ApiCall | Ack) -> Json:
    """What was sent and what came back, without what opens anything."""
    if isinstance(entry, Ack):
        found: Json = {"sent": entry.payload, "answer": entry.body or entry.text or ""}
    else:
        found = {"sent": entry.args, "answer": entry.answer}
    return {name: _without_secrets(value) for name, value in found.items()}


def _without_secrets(value: object) -> object:
    match value:
        case dict():
            return {
                key: "…" if key == "token" else _without_secrets(one) for key, one in value.items()
            }
        case list():
            return [_without_secrets(one) for one in value]
        case str():
            return _SECRET.sub(r"\1…", value)
        case _:
            return value


def _named(ack: Ack) -> str:
    payload = ack.payload or {}
    if ack.kind == "command":
        return f"{payload['command']} {payload['text']}".strip()
    return _NAMES.get(ack.kind, "event")
