"""The records of our own page, as the bot reads pages."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.database import Tx
from bot.domain.incidents import IncidentStatus, PageIncident, Update
from bot.domain.maintenances import MaintenanceUpdate, PageMaintenance
from bot.domain.pages import Component, ComponentStatus, Hold, held
from bot.statuspage.model import links, site_state
from bot.statuspage.model.automatic_steps import with_automatic_steps
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.records import maintenances, queries, tables
from bot.statuspage.records.incidents import find

_OPEN = tables.incidents.c.status != IncidentStatus.RESOLVED.value
OPERATIONAL = ComponentStatus.OPERATIONAL


def components(tx: Tx, now: datetime) -> tuple[Component, ...]:
    """Read what the page lists, each with the worst that anything does to it at `now`."""
    shown = held(holds(tx, now))
    groups = {group.id: group.name for group in queries.groups(tx)}
    return tuple(
        Component(
            id=each.id,
            name=each.name,
            group=groups.get(each.group_id or ""),
            status=shown.get(each.id, OPERATIONAL),
        )
        for each in queries.components(tx)
        if not each.archived
    )


def holds(tx: Tx, now: datetime) -> tuple[Hold, ...]:
    """Read what open incidents and maintenances that run at `now` do to components."""
    table = tables.maintenances.c
    by_itself = table.auto_end & (table.ends_at <= now)
    work = queries.maintenances(tx, table.finished_at.is_(None), ~by_itself)
    return site_state.holds(queries.incidents(tx, _OPEN), work, now)


def open_incidents(tx: Tx, now: datetime, url: str) -> tuple[PageIncident, ...]:
    return _seen(tx, queries.incidents(tx, _OPEN), now, url)


def named(tx: Tx, name: str, now: datetime, url: str) -> tuple[PageIncident, ...]:
    return _seen(tx, queries.incidents(tx, tables.incidents.c.name == name), now, url)


def incident(tx: Tx, incident_id: str, now: datetime, url: str) -> PageIncident:
    """Read one incident; raise `Gone` when it is not there."""
    [seen] = _seen(tx, [find(tx, incident_id)], now, url)
    return seen


def maintenances_named(tx: Tx, name: str, now: datetime, url: str) -> tuple[PageMaintenance, ...]:
    found = queries.maintenances(tx, tables.maintenances.c.name == name)
    shown = held(holds(tx, now))
    return tuple(_page_maintenance(each, shown, now, url) for each in found)


def maintenance(tx: Tx, maintenance_id: str, now: datetime, url: str) -> PageMaintenance:
    """Read one maintenance as it stands at `now`; raise `Gone` when it is not there."""
    found = maintenances.find(tx, maintenance_id)
    return _page_maintenance(found, held(holds(tx, now)), now, url)


def _seen(
    tx: Tx, found: Iterable[IncidentRecord], now: datetime, url: str
) -> tuple[PageIncident, ...]:
    shown = held(holds(tx, now))
    return tuple(_page_incident(each, shown, url) for each in found)


def _page_incident(
    record: IncidentRecord, shown: Mapping[str, ComponentStatus], url: str
) -> PageIncident:
    affected = record.component_ids
    return PageIncident(
        id=record.id,
        name=record.name,
        status=record.status,
        started=record.started,
        updates=tuple(
            Update(each.id, each.status, each.message, each.at) for each in record.updates
        ),
        impacts={id_: record.impacts.get(id_, OPERATIONAL) for id_ in affected},
        shown={id_: shown.get(id_, OPERATIONAL) for id_ in affected},
        url=url + links.path(record),
    )


def _page_maintenance(
    record: MaintenanceRecord, shown: Mapping[str, ComponentStatus], now: datetime, url: str
) -> PageMaintenance:
    return PageMaintenance(
        id=record.id,
        name=record.name,
        status=site_state.phase(record, now),
        starts=record.starts,
        ends=record.ends,
        updates=tuple(
            MaintenanceUpdate(each.id, each.status, each.message, each.at)
            for each in with_automatic_steps(record, now).updates
        ),
        component_ids=record.component_ids,
        shown={id_: shown.get(id_, OPERATIONAL) for id_ in record.component_ids},
        url=url + links.path(record),
    )
