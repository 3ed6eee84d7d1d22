"""The JSON values that the dialects share: instants and statuses."""

from datetime import UTC, datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus

Json = dict[str, object]


def iso_milliseconds(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_seconds(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def known_phase(status: IncidentStatus) -> IncidentStatus:
    """Return an incident's status that every reader knows."""
    return IncidentStatus.INVESTIGATING if status is IncidentStatus.UNKNOWN else status


def known_status(status: ComponentStatus) -> ComponentStatus:
    """Return a status that every reader knows."""
    return ComponentStatus.OPERATIONAL if status is ComponentStatus.UNKNOWN else status
