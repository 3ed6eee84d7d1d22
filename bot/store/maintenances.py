"""Maintenances as the team knows them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, case, insert, select, update

from bot.database import Tx
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus, Notice
from bot.domain.subjects import Publication
from bot.domain.texts.comparison import holds_words
from bot.store import subjects
from bot.store.subjects import SubjectKind
from bot.store.tables import maintenances as details
from bot.store.tables import series
from bot.store.tables import subjects as table

_OVER = [MaintenanceStatus.COMPLETED.value, MaintenanceStatus.CANCELLED.value]
# What is one of many has its thread with all others of its series.
_SHARED = series.c.channel.is_not(None)
_THREAD = ("channel", "thread_ts")
_MAINTENANCES = select(
    *(each for each in table.c if each.name not in _THREAD),
    *(case((_SHARED, series.c[name]), else_=table.c[name]).label(name) for name in _THREAD),
    details.c.ends_at,
    details.c.automation,
    details.c.notices,
    details.c.series_id,
    details.c.number,
    details.c.turned_into,
    details.c.began_at,
    details.c.ended_at,
).select_from(
    table.join(details, details.c.subject_id == table.c.id).outerjoin(
        series, series.c.id == details.c.series_id
    )
)
_ONE = _MAINTENANCES.where(table.c.id == bindparam("id"))
_SEVERAL = _MAINTENANCES.where(table.c.id.in_(bindparam("ids", expanding=True)))
_TURNED = _MAINTENANCES.where(details.c.turned_into == bindparam("incident"))
_OPEN = _MAINTENANCES.where(table.c.status.not_in(_OVER)).order_by(table.c.started_at, table.c.id)


def add(tx: Tx, maintenance: Maintenance) -> None:
    """Store a new maintenance with its publications."""
    subjects.add(
        tx, maintenance, SubjectKind.MAINTENANCE, maintenance.status.value, maintenance.starts_at
    )
    row = {
        "subject_id": maintenance.id,
        "ends_at": maintenance.ends_at,
        "automation": maintenance.automation.value,
        "notices": [notice.value for notice in maintenance.notices],
        "series_id": maintenance.series_id,
        "number": maintenance.number,
        "turned_into": maintenance.turned_into,
    }
    tx.execute(insert(details), row)


def get(tx: Tx, maintenance_id: str) -> Maintenance | None:
    """Return the maintenance with our id, if there is one."""
    return next(iter(_read(tx, _ONE, id=maintenance_id)), None)


def get_many(tx: Tx, maintenance_ids: Iterable[str]) -> tuple[Maintenance, ...]:
    """Return those of these that are maintenances."""
    return _read(tx, _SEVERAL, ids=list(maintenance_ids))


def lock(tx: Tx, maintenance_id: str) -> Maintenance | None:
    """Return the maintenance and keep it from every other transaction until this one ends."""
    subjects.lock(tx, maintenance_id)
    return get(tx, maintenance_id)


def open_maintenances(tx: Tx, words: str = "") -> tuple[Maintenance, ...]:
    """Return what is planned or running and has all of `words` in its name, the next first."""
    return tuple(
        each
        for each in _read(tx, _OPEN)
        if each.is_open and not each.turned_into and holds_words(each.name, words)
    )


def turned_into(tx: Tx, incident_id: str) -> Maintenance | None:
    """Return the maintenance whose thread this incident took over, if it did so."""
    return next(iter(_read(tx, _TURNED, incident=incident_id)), None)


def put_right(tx: Tx, corrected: Maintenance) -> None:
    """Give a maintenance that no page took yet other words, another window and other drivers."""
    subjects.change(
        tx,
        corrected.id,
        name=corrected.name,
        message=corrected.message,
        notify=corrected.notify,
        started_at=corrected.starts_at,
    )
    _change(
        tx,
        corrected.id,
        ends_at=corrected.ends_at,
        automation=corrected.automation.value,
        notices=[notice.value for notice in corrected.notices],
    )


def move(tx: Tx, maintenance_id: str, starts_at: datetime, ends_at: datetime) -> None:
    """Give a maintenance another window."""
    subjects.change(tx, maintenance_id, started_at=starts_at)
    _change(tx, maintenance_id, ends_at=ends_at)


def save_run(tx: Tx, maintenance: Maintenance) -> None:
    """Write down when a maintenance really began and ended."""
    _change(tx, maintenance.id, began_at=maintenance.began_at, ended_at=maintenance.ended_at)


def turn_into(tx: Tx, maintenance_id: str, incident_id: str) -> None:
    """Say that an incident took the maintenance's thread over."""
    _change(tx, maintenance_id, turned_into=incident_id)


def _change(tx: Tx, maintenance_id: str, **values: object) -> None:
    tx.execute(update(details).where(details.c.subject_id == maintenance_id).values(**values))


def _read(tx: Tx, query: Select[tuple[object, ...]], **values: object) -> tuple[Maintenance, ...]:
    rows = tx.execute(query, values).all()
    published = subjects.publications_of(tx, [row.id for row in rows])
    return tuple(_maintenance(row, published[row.id]) for row in rows)


def _maintenance(row: Row[tuple[object, ...]], published: tuple[Publication, ...]) -> Maintenance:
    values = {name: getattr(row, name) for name in row._fields if name not in _ELSEWHERE}
    return Maintenance(
        **values
        | {
            "status": MaintenanceStatus(row.status),
            "starts_at": row.started_at,
            "automation": Automation(row.automation),
            "notices": tuple(Notice(word) for word in row.notices),
            "publications": published,
        }
    )


_ELSEWHERE = ("kind", "started_at")
