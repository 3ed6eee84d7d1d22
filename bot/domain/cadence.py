"""How often customers hear from us while something is open."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, worst

_MINUTES = {
    IncidentStatus.INVESTIGATING: (15, 30, 60),
    IncidentStatus.IDENTIFIED: (30, 60, 60),
    IncidentStatus.MONITORING: (60, 120, 240),
}
_COLUMN = {ComponentStatus.MAJOR_OUTAGE: 0, ComponentStatus.PARTIAL_OUTAGE: 1}


def cadence(status: IncidentStatus, components: Iterable[ComponentStatus]) -> timedelta | None:
    """Return the longest silence for an incident in `status`; None once it is resolved."""
    minutes = _MINUTES.get(status)
    return timedelta(minutes=minutes[_COLUMN.get(worst(components), 2)]) if minutes else None


def next_update_due(
    now: datetime,
    status: IncidentStatus,
    components: Iterable[ComponentStatus],
    promised: int | None,
) -> datetime | None:
    """Return when customers should hear again: `promised` minutes from now, else by the cadence."""
    if status is IncidentStatus.RESOLVED:
        return None
    silence = timedelta(minutes=promised) if promised else cadence(status, components)
    return now + silence if silence else None
