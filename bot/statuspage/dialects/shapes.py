"""What the dialects have in common: instants as text, and when something last changed."""

from datetime import UTC, datetime

from bot.domain.pages import ComponentStatus
from bot.statuspage.model import IncidentRecord, MaintenanceRecord
from bot.statuspage.moments import by_itself

Json = dict[str, object]


def instant(at: datetime) -> str:
    """Return `at` as ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(at: datetime) -> str:
    """Return `at` as ISO 8601 in UTC with whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def incident_changed(incident: IncidentRecord) -> datetime:
    """Return when an incident last changed."""
    posted = (update.edited_at or update.at for update in incident.updates)
    return max((*posted, incident.resolved or incident.started))


def maintenance_changed(maintenance: MaintenanceRecord, at: datetime) -> datetime:
    """Return when a maintenance last changed by the instant `at`, by a hand or by the clock."""
    posted = (update.edited_at or update.at for update in maintenance.updates)
    moved = filter(None, (maintenance.started, maintenance.finished))
    alone = (instant for instant in by_itself(maintenance) if instant <= at)
    return max((maintenance.created, *posted, *moved, *alone))


def known(status: ComponentStatus) -> ComponentStatus:
    """Return a status that every reader knows."""
    return ComponentStatus.OPERATIONAL if status is ComponentStatus.UNKNOWN else status
