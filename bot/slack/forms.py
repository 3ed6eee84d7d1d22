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


def read_report(view: View) -> Report:
    """Return what *Report an incident* says; what is missing is for the rules to find."""
    started = _value(view, ids.STARTED, "selected_date_time")
    return Report(
        fields=read_fields(view),
        name=typed(_value(view, ids.NAME, "value")),
        pages=tuple(
            option["value"] for option in _value(view, ids.PAGES, "selected_options") or ()
        ),
        channel=carried(view).channel,
        started=datetime.fromtimestamp(started, UTC) if started else None,
    )


def read_progress(view: View) -> Progress:
    """Return what *Post an update* says."""
    return Progress(fields=read_fields(view), incident_id=carried(view).incident_id)


def read_fields(view: View) -> Fields:
    """Return the fields that both forms have."""
    promised = _selected(view, ids.NEXT_UPDATE)
    return Fields(
        status=IncidentStatus(_selected(view, ids.STATUS) or IncidentStatus.INVESTIGATING.value),
        message=typed(_value(view, ids.MESSAGE, "value")),
        components=tuple(
            option["value"] for option in _value(view, ids.COMPONENTS, "selected_options") or ()
        ),
        component_status=_component_status(_selected(view, ids.COMPONENT_STATUS)),
        notify=bool(_value(view, ids.NOTIFY, "selected_options")),
        next_update=int(promised) if promised and promised.isdigit() else None,
    )


def read_each(view: View) -> dict[str, ComponentStatus]:
    """Return the status that the second step gives each component, by its key."""
    return {
        key: ComponentStatus(selected)
        for key in _values(view)
        if (selected := _selected(view, key))
    }


def read_picked(view: View) -> str:
    """Return our id of the incident that was chosen."""
    return _selected(view, ids.PICKED) or ""


def chosen_pages(view: View) -> tuple[str, ...]:
    """Return the pages chosen so far in an open form, where Slack tells."""
    selected = _value(view, ids.PAGES, "selected_options") or ()
    return tuple(option["value"] for option in selected)


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


def _value(view: View, name: str, key: str) -> Any:  # noqa: ANN401 -- Slack's values are of many types
    return _values(view).get(name, {}).get(name, {}).get(key)


def _selected(view: View, name: str) -> str | None:
    option = _value(view, name, "selected_option")
    return str(option["value"]) if option else None
