"""Reading what people put into the forms, every bad field at once."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.submissions import Fields, ForAll, Person, Progress, Report
from bot.slack import ids
from bot.slack.metadata import carried

_FOR_ALL = {answer.value: answer for answer in ForAll}

_UNFIT = re.compile("[\x00\ud800-\udfff]")

View = dict[str, Any]


def person(payload: Mapping[str, Any]) -> Person:
    """Return who did it, from any payload of Slack's."""
    user = payload.get("user")
    if isinstance(user, dict):
        return Person(user["id"], user.get("name") or user.get("username") or user["id"])
    return Person(payload["user_id"], payload.get("user_name") or payload["user_id"])


def typed(text: str | None) -> str:
    """Return what somebody typed, without the signs that no database and no page can hold."""
    return _UNFIT.sub("", text or "")


def words_behind(command: Mapping[str, Any]) -> str:
    """Return what was typed behind a command, without Slack's escapes."""
    words = typed(command.get("text")).replace("\u00a0", " ").strip()
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def channel(payload: Mapping[str, Any]) -> str:
    """Return where it was done; in a place without channel, the person's direct messages."""
    if "channel_id" in payload:
        return str(payload["channel_id"])
    place = payload.get("channel") or {}
    return str(place.get("id") or payload.get("user", {}).get("id", ""))


def read_report(view: View) -> Report:
    """Return what *Report an incident* says; what is missing is for the rules to find."""
    origin = carried(view)
    return Report(
        fields=read_fields(view),
        name=text(view, ids.NAME),
        pages=chosen(view, ids.PAGES),
        channel=origin.channel,
        started=instant(view, ids.STARTED),
        turns=origin.turns or None,
    )


def read_progress(view: View) -> Progress:
    """Return what *Post an update* says."""
    origin = carried(view)
    return Progress(read_fields(view), origin.subject_id, seen=origin.seen or None)


def read_fields(view: View) -> Fields:
    """Return the fields that both forms have."""
    promised = selected(view, ids.NEXT_UPDATE)
    return Fields(
        status=IncidentStatus(selected(view, ids.STATUS) or IncidentStatus.INVESTIGATING.value),
        message=text(view, ids.MESSAGE),
        components=chosen(view, ids.COMPONENTS),
        component_status=_component_status(selected(view, ids.COMPONENT_STATUS)),
        notify=bool(chosen(view, ids.NOTIFY)),
        next_update=int(promised) if promised and promised.isdigit() else None,
        by_text=promised != ids.AS_USUAL,
    )


def heir(view: View) -> str:
    """Return the Slack id of the new owner that was chosen."""
    return str(value(view, ids.HEIR, "selected_user") or "")


def read_each(view: View) -> dict[str, ComponentStatus]:
    """Return the status that the second step gives each component, by its key."""
    return {
        key: ComponentStatus(status) for key in _values(view) if (status := selected(view, key))
    }


def read_picked(view: View) -> str:
    """Return our id of the subject that was chosen."""
    return selected(view, ids.PICKED) or ""


def shown_problems(view: View, problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems by field, those of fields that the form does not have beside the message.

    Slack refuses an answer that names anything but a field of the form.
    """
    fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    fallback = ids.MESSAGE if ids.MESSAGE in fields else fields[0]
    shown: dict[str, str] = {}
    for name, reason in problems.items():
        place = name if name in fields else fallback
        shown[place] = f"{shown[place]} {reason}" if place in shown else reason
    return shown


def _component_status(selected: str | None) -> ComponentStatus | ForAll:
    if selected in _FOR_ALL:
        return _FOR_ALL[selected]
    return ComponentStatus(selected) if selected else ComponentStatus.DEGRADED


def _values(view: View) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = view.get("state", {}).get("values", {})
    return values


def text(view: View, name: str) -> str:
    """Return what stands in a text field."""
    return typed(value(view, name, "value"))


def instant(view: View, name: str) -> datetime | None:
    """Return the instant that was picked, in UTC."""
    seconds = value(view, name, "selected_date_time")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def chosen(view: View, name: str) -> tuple[str, ...]:
    """Return the values chosen or ticked in a field that takes several."""
    return tuple(option["value"] for option in value(view, name, "selected_options") or ())


def selected(view: View, name: str) -> str | None:
    """Return the value chosen in a menu."""
    option = value(view, name, "selected_option")
    return str(option["value"]) if option else None


def value(view: View, name: str, key: str) -> Any:  # noqa: ANN401 -- Slack's values are of many types
    """Return what Slack says under `key` of a field."""
    return _values(view).get(name, {}).get(name, {}).get(key)
