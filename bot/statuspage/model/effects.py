"""When incidents and maintenances did what to components, derived from their records alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import IncidentRecord, Interval, MaintenanceRecord


def incident_intervals(incident: IncidentRecord) -> tuple[Interval, ...]:
    """Return when the incident did what to which component, as its updates tell.

    What the first update sets holds from the incident's start, what a later one sets from then on;
    a component that an update leaves out stays as it was, and resolving ends everything.
    """
    done: list[Interval] = []
    running: dict[str, Interval] = {}

    def turn(component_id: str, status: ComponentStatus, at: datetime) -> None:
        before = running.get(component_id)
        if before and before.status is status:
            return
        if before:
            del running[component_id]
            if before.start < at:
                done.append(replace(before, end=at))
        if status is not ComponentStatus.OPERATIONAL:
            running[component_id] = Interval(component_id, status, at, None, incident.id)

    at = incident.started
    for number, update in enumerate(incident.updates):
        at = max(at, update.at) if number else at
        for component_id, status in update.statuses.items():
            turn(component_id, status, at)
        if update.status is IncidentStatus.RESOLVED:
            at = max(at, update.at)
            for component_id in tuple(running):
                turn(component_id, ComponentStatus.OPERATIONAL, at)
    return (*done, *running.values())


def maintenance_intervals(work: MaintenanceRecord) -> Iterator[Interval]:
    """Yield what the work did; nothing when it starts or ends by itself, as its window tells."""
    if work.auto_start or work.auto_end or not work.started:
        return
    if work.finished and work.finished <= work.started:
        return
    status = ComponentStatus.UNDER_MAINTENANCE
    for component_id in work.component_ids:
        yield Interval(component_id, status, work.started, work.finished, work.id)
