"""Reading the embedded page's records; what the renderers get is `load_site`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Table, func, select

from bot.database import Tx
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import (
    ComponentRecord,
    Group,
    IncidentRecord,
    Interval,
    MaintenanceRecord,
    MaintenanceUpdateRecord,
    Site,
    UpdateRecord,
)
from bot.statuspage.records import tables
from bot.statuspage.records.identity import identity

DEFAULT_NAME = "Status page"
INTERVAL_DAYS = 100
"""How far back the intervals go: further than the ninety days of the bars, in any zone."""


def revision(tx: Tx) -> int:
    return tx.scalar(select(tables.page.c.revision)) or 0


def page_name(tx: Tx) -> str:
    return tx.scalar(select(tables.page.c.name)) or DEFAULT_NAME


def first_instant(tx: Tx) -> datetime | None:
    """Return the instant from which the first component's uptime counts; None without any."""
    first: datetime | None = tx.scalar(select(func.min(tables.components.c.since)))
    return first


def load_site(tx: Tx, now: datetime, url: str) -> Site:
    """Read the whole page, but no interval that ended more than `INTERVAL_DAYS` before `now`.

    Components are numbered through in the order of the page.
    """
    listed = enumerate(components(tx), 1)
    ours = identity(tx, url)
    return Site(
        name=page_name(tx),
        url=url.rstrip("/"),
        groups=groups(tx),
        components=tuple(replace(each, position=position) for position, each in listed),
        intervals=intervals(tx, now - timedelta(days=INTERVAL_DAYS)),
        incidents=incidents(tx),
        maintenances=maintenances(tx),
        revision=revision(tx),
        uid=ours.uid,
        authority=ours.authority,
    )


def groups(tx: Tx) -> tuple[Group, ...]:
    table = tables.groups
    return tuple(
        Group(row.id, row.name, row.position)
        for row in tx.execute(select(table).order_by(table.c.position, table.c.id))
    )


def components(tx: Tx) -> tuple[ComponentRecord, ...]:
    """Read every component, archived ones too: those without a group, then group by group."""
    table = tables.components.c
    # In the order of a record's fields.
    columns = (table.id, table.name, table.group_id, table.position, table.since)
    query = select(*columns, table.description, table.archived, tables.groups.c.position)
    rows = tx.execute(query.outerjoin(tables.groups))
    ordered = sorted(rows, key=lambda row: (row[-1] or 0, row.position, row.id))
    return tuple(ComponentRecord(*row[:-1]) for row in ordered)


def intervals(tx: Tx, since: datetime) -> tuple[Interval, ...]:
    """Read the intervals that had not ended by `since`, by their start."""
    table = tables.intervals
    recent = table.c.end_at.is_(None) | (table.c.end_at > since)
    query = select(
        table.c.component_id, table.c.status, table.c.start_at, table.c.end_at, table.c.source_id
    )
    ordered = query.where(recent).order_by(table.c.start_at, table.c.source_id, table.c.number)
    return tuple(
        Interval(component_id, ComponentStatus(status), start, end, source_id)
        for component_id, status, start, end, source_id in tx.execute(ordered)
    )


def incidents(tx: Tx, *where: ColumnElement[bool]) -> tuple[IncidentRecord, ...]:
    """Read the incidents that meet `where` and were not deleted, newest first."""
    table = tables.incidents
    shown = (table.c.deleted_at.is_(None), *where)
    posted = _posts_by_parent(tx, tables.updates.c.incident_id, table, shown)
    found = select(table).where(*shown).order_by(table.c.started_at.desc(), table.c.id)
    return tuple(
        IncidentRecord(
            id=row.id,
            name=row.name,
            status=IncidentStatus(row.status),
            started=row.started_at,
            updates=tuple(map(_update, posted.get(row.id, ()))),
            impacts=_statuses(row.impacts),
            resolved=row.resolved_at,
        )
        for row in tx.execute(found)
    )


def maintenances(tx: Tx, *where: ColumnElement[bool]) -> tuple[MaintenanceRecord, ...]:
    """Read the maintenances that meet `where` and were not deleted, by their start."""
    table = tables.maintenances
    shown = (table.c.deleted_at.is_(None), *where)
    posted = _posts_by_parent(tx, tables.maintenance_updates.c.maintenance_id, table, shown)
    found = select(table).where(*shown).order_by(table.c.starts_at, table.c.id)
    return tuple(
        MaintenanceRecord(
            id=row.id,
            name=row.name,
            status=MaintenanceStatus(row.status),
            starts=row.starts_at,
            ends=row.ends_at,
            component_ids=tuple(row.component_ids),
            updates=tuple(map(_maintenance_update, posted.get(row.id, ()))),
            created=row.created_at,
            auto_start=row.auto_start,
            auto_end=row.auto_end,
            started=row.started_at,
            finished=row.finished_at,
            revision=row.revision,
        )
        for row in tx.execute(found)
    )


def _posts_by_parent(
    tx: Tx, parent: Column[str], parents: Table, shown: tuple[ColumnElement[bool], ...]
) -> Mapping[str, list[Row[Any]]]:
    """Return what was posted on those of `parents` that are `shown`, by their id, oldest first."""
    posts = parent.table
    query = select(posts).join(parents).where(posts.c.deleted_at.is_(None), *shown)
    found: dict[str, list[Row[Any]]] = {}
    for row in tx.execute(query.order_by(parent, posts.c.number)):
        found.setdefault(getattr(row, parent.name), []).append(row)
    return found


def _update(row: Row[Any]) -> UpdateRecord:
    return UpdateRecord(
        row.id,
        IncidentStatus(row.status),
        row.message,
        row.at,
        _statuses(row.statuses),
        row.notified,
        row.edited_at,
    )


def _maintenance_update(row: Row[Any]) -> MaintenanceUpdateRecord:
    status = MaintenanceStatus(row.status)
    return MaintenanceUpdateRecord(row.id, status, row.message, row.at, row.notified, row.edited_at)


def _statuses(value: Mapping[str, str]) -> dict[str, ComponentStatus]:
    return {component_id: ComponentStatus(status) for component_id, status in value.items()}
