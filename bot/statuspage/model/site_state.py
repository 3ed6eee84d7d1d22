"""The site at an instant: what is open, what runs, and the status of each component."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus, Hold, held, worst
from bot.statuspage.model.automatic_steps import with_automatic_steps
from bot.statuspage.model.site import (
    ComponentRecord,
    Group,
    IncidentRecord,
    MaintenanceRecord,
    Site,
)

_WAITING = (MaintenanceStatus.SCHEDULED, MaintenanceStatus.UNKNOWN)
_OVER = (MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class SiteState:
    """The site at one instant.

    `all_components` has every component in the page's order, also those in the archive, and so have
    `statuses` and `last_mentioned`, which is when something was last said of one.
    `upcoming` comes in the order of starts, other events come newest first.
    """

    site: Site
    at: datetime
    all_components: tuple[ComponentRecord, ...]
    statuses: Mapping[str, ComponentStatus]
    last_mentioned: Mapping[str, datetime]
    open: tuple[IncidentRecord, ...]
    resolved: tuple[IncidentRecord, ...]
    running: tuple[MaintenanceRecord, ...]
    upcoming: tuple[MaintenanceRecord, ...]
    over: tuple[MaintenanceRecord, ...]

    @property
    def reloads(self) -> bool:
        """Whether the front page reloads itself: while something is open."""
        return bool(self.open or self.running)

    @property
    def components(self) -> tuple[ComponentRecord, ...]:
        """The components that the page lists."""
        return tuple(component for component in self.all_components if not component.archived)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that have something to list, in their order."""
        used = {component.group_id for component in self.components}
        groups = (group for group in self.site.groups if group.id in used)
        return tuple(sorted(groups, key=lambda group: (group.position, group.name)))

    def members(self, group_id: str | None) -> tuple[ComponentRecord, ...]:
        """Return the listed components of a group; of no group (or of a lost one) for None."""
        known = {group.id for group in self.site.groups}
        return tuple(
            component
            for component in self.components
            if (component.group_id if component.group_id in known else None) == group_id
        )

    def group_name(self, component: ComponentRecord) -> str | None:
        return next((each.name for each in self.site.groups if each.id == component.group_id), None)

    def components_with(self, component_ids: Iterable[str]) -> tuple[ComponentRecord, ...]:
        """Return the components with these ids, also archived ones, in the page's order."""
        wanted = set(component_ids)
        return tuple(component for component in self.all_components if component.id in wanted)

    def phase(self, maintenance: MaintenanceRecord) -> MaintenanceStatus:
        return phase(maintenance, self.at)


def compute_state(site: Site, at: datetime) -> SiteState:
    """Return the site as it is at `at`: what it did by itself until then is told by it, too."""
    told = tuple(with_automatic_steps(each, at) for each in site.maintenances)
    site = replace(site, maintenances=told)
    still_open = tuple(i for i in site.incidents if i.status is not IncidentStatus.RESOLVED)
    phases = [(maintenance, phase(maintenance, at)) for maintenance in site.maintenances]
    running = tuple(m for m, now in reversed(phases) if now is MaintenanceStatus.IN_PROGRESS)
    untouched = {each.id: ComponentStatus.OPERATIONAL for each in site.components}
    return SiteState(
        site=site,
        at=at,
        all_components=tuple(
            sorted(site.components, key=lambda component: (component.position, component.name))
        ),
        last_mentioned=_last_mentioned(site),
        statuses=untouched | held(holds(still_open, running, at)),
        open=still_open,
        resolved=tuple(i for i in site.incidents if i.status is IncidentStatus.RESOLVED),
        running=running,
        upcoming=tuple(m for m, now in phases if now in _WAITING),
        over=tuple(m for m, now in reversed(phases) if now in _OVER),
    )


def phase(maintenance: MaintenanceRecord, at: datetime) -> MaintenanceStatus:
    """Return where a maintenance stands at `at`, by its record and, where it is so set, by time."""
    if maintenance.status in _OVER:
        return maintenance.status
    if maintenance.auto_end and at >= maintenance.ends:
        return MaintenanceStatus.COMPLETED
    if maintenance.status is MaintenanceStatus.IN_PROGRESS:
        return maintenance.status
    if maintenance.auto_start and at >= maintenance.starts:
        return MaintenanceStatus.IN_PROGRESS
    return MaintenanceStatus.SCHEDULED


def holds(
    incidents: Iterable[IncidentRecord], maintenances: Iterable[MaintenanceRecord], now: datetime
) -> tuple[Hold, ...]:
    """Return what open incidents and running maintenances do to components at `now`."""
    return (
        *(
            Hold(incident.id, incident.name, component_id, status)
            for incident in incidents
            for component_id, status in incident.impacts.items()
        ),
        *(
            Hold(each.id, each.name, component_id, ComponentStatus.UNDER_MAINTENANCE)
            for each in maintenances
            if phase(each, now) is MaintenanceStatus.IN_PROGRESS
            for component_id in each.component_ids
        ),
    )


def worst_now(incident: IncidentRecord) -> ComponentStatus:
    """Return the worst that an open incident does now; it is never shown as if all were well."""
    return worst((ComponentStatus.DEGRADED, *incident.impacts.values()))


def incident_severity(incident: IncidentRecord) -> ComponentStatus:
    """Return the worst that an incident has done: an incident is never nothing, whatever it hit."""
    return worst((ComponentStatus.DEGRADED, *worst_each(incident).values()))


def worst_each(incident: IncidentRecord) -> dict[str, ComponentStatus]:
    """Return the worst that an incident has done to each component that it affected."""
    said = (incident.impacts, *(update.statuses for update in incident.updates))
    found = {
        component_id: worst(each[component_id] for each in said if component_id in each)
        for component_id in incident.component_ids
    }
    return _affected(found)


def affected(incident: IncidentRecord) -> dict[str, ComponentStatus]:
    """Return what an open incident does to components now, or the worst that a resolved one did."""
    return worst_each(incident) if incident.resolved else _affected(incident.impacts)


def _affected(statuses: Mapping[str, ComponentStatus]) -> dict[str, ComponentStatus]:
    return {id_: status for id_, status in statuses.items() if status.severity > 0}


def _last_mentioned(site: Site) -> dict[str, datetime]:
    latest = {component.id: component.since for component in site.components}
    for component_id, at in _said(site):
        latest[component_id] = max(at, latest.get(component_id, at))
    return latest


def _said(site: Site) -> Iterator[tuple[str, datetime]]:
    for incident in site.incidents:
        for update in incident.updates:
            yield from ((component_id, update.at) for component_id in update.statuses)
        if incident.resolved:
            yield from ((each, incident.resolved) for each in incident.component_ids)
    for maintenance in site.maintenances:
        for at in filter(None, (maintenance.started, maintenance.finished)):
            yield from ((component_id, at) for component_id in maintenance.component_ids)
