"""The words and signs that forms and messages share."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import Component, ComponentStatus
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids

INCIDENT_SIGNS = {
    IncidentStatus.INVESTIGATING: "🔎",
    IncidentStatus.IDENTIFIED: "🎯",
    IncidentStatus.MONITORING: "👀",
    IncidentStatus.RESOLVED: "✅",
    IncidentStatus.UNKNOWN: "❔",
}

MAINTENANCE_SIGNS = {
    MaintenanceStatus.SCHEDULED: "🗓️",
    MaintenanceStatus.IN_PROGRESS: "🛠️",
    MaintenanceStatus.COMPLETED: "✅",
    MaintenanceStatus.CANCELLED: "🚫",
    MaintenanceStatus.UNKNOWN: "❔",
}

STATUSES = (
    IncidentStatus.INVESTIGATING,
    IncidentStatus.IDENTIFIED,
    IncidentStatus.MONITORING,
    IncidentStatus.RESOLVED,
)

IMPACTS = (
    ComponentStatus.OPERATIONAL,
    ComponentStatus.DEGRADED,
    ComponentStatus.PARTIAL_OUTAGE,
    ComponentStatus.MAJOR_OUTAGE,
)

_PROMISES = (15, 30, 60, 120, 240, 480, 1440)


def sign(status: IncidentStatus | MaintenanceStatus) -> str:
    """Return the one sign that stands for a status, always beside its word."""
    if isinstance(status, MaintenanceStatus):
        return MAINTENANCE_SIGNS[status]
    return INCIDENT_SIGNS[status]


def window(starts: datetime, ends: datetime) -> str:
    """Return a window in UTC, as customers read it."""
    starts, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    until = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{ends:%Y-%m-%d %H:%M}"
    return f"{starts:%Y-%m-%d %H:%M} to {until} UTC"


def both_windows(starts: datetime, ends: datetime) -> str:
    """Return a window in UTC and, in Slack's markup, in the reader's own zone."""
    return f"{window(starts, ends)} ({blocks.date(starts)} to {blocks.date(ends)})"


def status_options(statuses: Iterable[IncidentStatus] = STATUSES) -> list[Block]:
    """Return the choices of an incident's status."""
    return [blocks.option(status.label, status.value) for status in statuses]


def impact_options(statuses: Iterable[ComponentStatus] = IMPACTS) -> list[Block]:
    """Return the choices of a component's status."""
    return [blocks.option(status.label, status.value) for status in statuses]


def promise_options() -> list[Block]:
    """Return the choices of when customers hear again; the first is what a form begins with."""
    told = blocks.option("As the message says, else as usual", ids.BY_TEXT)
    usual = blocks.option("As usual for this status", ids.AS_USUAL)
    return [told, usual, *(blocks.option(promise(minutes), str(minutes)) for minutes in _PROMISES)]


def promise(minutes: int) -> str:
    """Return a span in words."""
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return f"{minutes} minutes"
    hours = minutes // 60
    return "1 hour" if hours == 1 else f"{hours} hours"


def chosen(options: Sequence[Block], value: str) -> Block | None:
    """Return the option with this value."""
    return next((option for option in options if option["value"] == value), None)


def component_option(key: str, component: Component, page_name: str | None) -> Block:
    """Return a component as a choice; its group stands in the text, since names are not unique.

    `page_name` is given when there is more than one page to choose from.
    """
    group = f" · {component.group}" if component.group else ""
    if page_name:
        group += f" · {page_name}"
    room = blocks.OPTION_LIMIT - min(len(group), 30)
    text = blocks.cut(component.name, room) + blocks.cut(group, 30)
    full = f"{component.name}{group}"
    return blocks.option(text, key, full if full != text else None)


def component_options(
    choices: Sequence[tuple[str, Component, str | None]], total: int
) -> list[Block]:
    """Return option groups for choices (key, component, page's name), each group once, in order.

    When there are more than shown, the last group's label says so.
    """
    groups: dict[str, list[Block]] = {}
    for key, component, page_name in choices:
        label = " · ".join(part for part in (page_name, component.group) if part)
        groups.setdefault(label or "Components", []).append(
            component_option(key, component, page_name)
        )
    made = [
        {"label": blocks.plain(label, blocks.LABEL_LIMIT), "options": options}
        for label, options in groups.items()
    ]
    if total > len(choices):
        last = list(groups)[-1]
        hint = f" ({len(choices)} of {total}: type to narrow)"
        label = blocks.cut(last, blocks.LABEL_LIMIT - len(hint)) + hint
        made[-1]["label"] = blocks.plain(label, blocks.LABEL_LIMIT)
    return made
