"""Watches: when somebody is next asked about a subject, and how far up the ladder that stands."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from bot.database import Tx
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.reminders import Freshness, Watch
from bot.store.tables import subjects, watches

_ONE = select(watches).where(watches.c.subject_id == bindparam("id"))
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
class Kept:
    """A watch as it is kept; `turn` counts the rounds of asking.

    `shown` is what the parent message says of the next update.
    """

    watch: Watch
    turn: int = 0
    shown: Freshness = Freshness.FRESH


def get(tx: Tx, subject_id: str) -> Kept | None:
    """Return the watch over a subject, if there is one."""
    row = tx.execute(_ONE, {"id": subject_id}).first()
    if not row:
        return None
    watch = Watch(row.at, row.asked, row.promised, row.snoozed_by)
    return Kept(watch, row.turn, Freshness(row.shown))


def save(tx: Tx, subject_id: str, kept: Kept) -> None:
    """Store the watch over a subject."""
    values = {
        "at": kept.watch.at,
        "asked": kept.watch.asked,
        "promised": kept.watch.promised,
        "snoozed_by": kept.watch.snoozed_by,
        "turn": kept.turn,
        "shown": kept.shown.value,
    }
    if not tx.execute(_CHANGE.values(**values), {"of": subject_id}).rowcount:
        tx.execute(_ADD, {"subject_id": subject_id, **values})


def unwatched(tx: Tx) -> tuple[str, ...]:
    """Return our ids of what is open and public, and that nobody watches over."""
    return tuple(tx.scalars(_UNWATCHED).all())
