"""The JSON values that the dialects share: instants, last changes and statuses."""

from datetime import UTC, datetime

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.change_times import automatic_changes
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord

Json = dict[str, object]


def iso_milliseconds(at: datetime) -> str:
    """Return `at` as ISO 8601 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_seconds(at: datetime) -> str:
    """Return `at` as ISO 8601 in UTC with whole seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def incident_last_change(incident: IncidentRecord) -> datetime:
    """Return when an incident last changed."""
    posted = (update.edited_at or update.at for update in incident.updates)
    return max((*posted, incident.resolved or incident.started))


def maintenance_last_change(maintenance: MaintenanceRecord, at: datetime) -> datetime:
    """Return when a maintenance last changed by the instant `at`, by a hand or by the clock."""
    posted = (update.edited_at or update.at for update in maintenance.updates)
    moved = filter(None, (maintenance.started, maintenance.finished))
    alone = (instant for instant in automatic_changes(maintenance) if instant <= at)
    return max((maintenance.created, *posted, *moved, *alone))


def known_status(status: ComponentStatus) -> ComponentStatus:
    """Return a status that every reader knows."""
    return ComponentStatus.OPERATIONAL if status is ComponentStatus.UNKNOWN else status
