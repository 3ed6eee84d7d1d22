"""Watches: when somebody is next asked about a subject, and how far up the ladder that stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class StoredWatch:
    """A watch as it is kept; `turn` counts the rounds of asking.

    `shown` is what the parent message says of the next update, since `shown_at`.
    """

    watch: Watch
    turn: int = 0
    shown: Freshness = Freshness.FRESH
    shown_at: datetime | None = None


def get(tx: Tx, subject_id: str) -> StoredWatch | None:
    """Return the watch over a subject, if there is one."""
    return get_many(tx, [subject_id]).get(subject_id)


def get_many(tx: Tx, subject_ids: Iterable[str]) -> dict[str, StoredWatch]:
    """Return the watches over these subjects, by their ids."""
    return {row.subject_id: _kept(row) for row in tx.execute(_THOSE, {"ids": list(subject_ids)})}


def save(tx: Tx, subject_id: str, kept: StoredWatch) -> None:
    """Store the watch over a subject."""
    if not tx.execute(_CHANGE, {"of": subject_id, **_values(kept)}).rowcount:
        tx.execute(_ADD, {"subject_id": subject_id, **_values(kept)})


def change(tx: Tx, changed: Mapping[str, StoredWatch]) -> None:
    """Store what has changed of watches that are there already, by their subjects' ids."""
    if changed:
        tx.execute(_CHANGE, [{"of": of, **_values(kept)} for of, kept in changed.items()])


def unwatched(tx: Tx) -> tuple[str, ...]:
    """Return our ids of what is open and public, and that nobody watches over."""
    return tuple(tx.scalars(_UNWATCHED).all())


def _values(kept: StoredWatch) -> dict[str, object]:
    return {
        "at": kept.watch.at,
        "asked": kept.watch.asked,
        "promised": kept.watch.promised,
        "snoozed_by": kept.watch.snoozed_by,
        "turn": kept.turn,
        "shown": kept.shown.value,
        "shown_at": kept.shown_at,
    }


def _kept(row: Row[tuple[object, ...]]) -> StoredWatch:
    watch = Watch(row.at, row.asked, row.promised, row.snoozed_by)
    return StoredWatch(watch, row.turn, Freshness(row.shown), row.shown_at)
