"""The fields of a form as Slack sends them, read one by one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.errors import FormError
from bot.slack.forms import ids

E = TypeVar("E", bound=StrEnum)
View = dict[str, Any]

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def typed(text: str | None) -> str:
    """Return what somebody typed, without the signs that no database and no page can hold."""
    return _UNFIT.sub("", text or "")


def shown_problems(view: View, problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems by field, those of fields that the form does not have beside the message.

    Slack refuses an answer that names anything but a field of the form.
    """
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    places = {field_name(block_id): block_id for block_id in inputs}
    fallback = places.get(ids.MESSAGE, inputs[0])
    shown: dict[str, str] = {}
    for name, reason in problems.items():
        place = places.get(name, fallback)
        shown[place] = f"{shown[place]} {reason}" if place in shown else reason
    return shown


def field_name(block_id: str) -> str:
    """Return the name of a field; one that we filled in ourselves has a number behind it."""
    return block_id.partition(":")[0]


def values(view: View) -> dict[str, dict[str, Any]]:
    """Return what Slack says of every field, by its name."""
    state: dict[str, dict[str, Any]] = view.get("state", {}).get("values", {})
    return {field_name(block_id): said for block_id, said in state.items()}


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


def known(kind: type[E], choice: str, name: str) -> E:
    """Return one of the choices of a field; raise `FormError` for one of another version's."""
    try:
        return kind(choice)
    except ValueError:
        reason = "Another version of Foghorn offered this. Close the form and open it again."
        raise FormError({name: reason}) from None


def value(view: View, name: str, key: str) -> Any:  # noqa: ANN401 -- Slack's values are of many types
    """Return what Slack says under `key` of a field."""
    return values(view).get(name, {}).get(name, {}).get(key)
