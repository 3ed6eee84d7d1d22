"""Watches: when somebody is next asked about a subject, and how far up the ladder that stands."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Row, bindparam, insert, select, update

from bot.database import Tx
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.reminders.watches import Freshness, Watch
from bot.store.tables import subjects, watches

_THOSE = select(watches).where(watches.c.subject_id.in_(bindparam("ids", expanding=True)))
_ADD = insert(watches)
_CHANGE = update(watches).where(watches.c.subject_id == bindparam("of"))
_OVER = (IncidentStatus.RESOLVED, MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED)
_UNWATCHED = (
    select(subjects.c.id)
    .outerjoin(watches, watches.c.subject_id == subjects.c.id)
    .where(
        watches.c.subject_id.is_(None),
        subjects.c.updated_at.is_not(None),
        subjects.c.status.not_in([status.value for status in _OVER]),
    )
)


def get(tx: Tx, subject_id: str) -> Watch | None:
    """Return the watch over a subject, if there is one."""
    return get_many(tx, [subject_id]).get(subject_id)


def get_many(tx: Tx, subject_ids: Iterable[str]) -> dict[str, Watch]:
    """Return the watches over these subjects, by their ids."""
    return {row.subject_id: _watch(row) for row in tx.execute(_THOSE, {"ids": list(subject_ids)})}


def save(tx: Tx, subject_id: str, watch: Watch) -> None:
    """Store the watch over a subject."""
    if not tx.execute(_CHANGE, {"of": subject_id, **_values(watch)}).rowcount:
        tx.execute(_ADD, {"subject_id": subject_id, **_values(watch)})


def change(tx: Tx, changed: Mapping[str, Watch]) -> None:
    """Store what has changed of watches that are there already, by their subjects' ids."""
    if changed:
        tx.execute(_CHANGE, [{"of": of, **_values(watch)} for of, watch in changed.items()])


def unwatched(tx: Tx) -> tuple[str, ...]:
    """Return our ids of what is open and public, and that nobody watches over."""
    return tuple(tx.scalars(_UNWATCHED).all())


def _values(watch: Watch) -> dict[str, object]:
    return {
        "at": watch.at,
        "asked": watch.asked,
        "promised": watch.promised,
        "snoozed_by": watch.snoozed_by,
        "turn": watch.turn,
        "shown": watch.shown.value,
        "shown_at": watch.shown_at,
    }


def _watch(row: Row[tuple[object, ...]]) -> Watch:
    return Watch(
        at=row.at,
        asked=row.asked,
        promised=row.promised,
        snoozed_by=row.snoozed_by,
        turn=row.turn,
        shown=Freshness(row.shown),
        shown_at=row.shown_at,
    )
