"""Tidying up: of what ended long ago only the record stays, not the way it went out."""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select

from bot.database import Tx
from bot.domain.deliveries import SETTLED
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.store.tables import deliveries, drafts, subjects, submissions, timers, watches

_SETTLED = [state.value for state in SETTLED]
_OVER = [
    status.value
    for status in (
        IncidentStatus.RESOLVED,
        MaintenanceStatus.COMPLETED,
        MaintenanceStatus.CANCELLED,
    )
]
_ENDED = (
    select(subjects.c.id)
    .where(
        subjects.c.status.in_(_OVER),
        subjects.c.updated_at < bindparam("before"),
        exists().where(deliveries.c.subject_id == subjects.c.id),
        ~exists().where(
            deliveries.c.subject_id == subjects.c.id, deliveries.c.state.not_in(_SETTLED)
        ),
    )
    .limit(bindparam("most"))
)


def tidy(tx: Tx, before: datetime, most: int) -> int:
    """Forget how up to `most` subjects went out that ended before `before`; return how many.

    What they were, on which pages, and the audit log stay.
    """
    ended = tx.scalars(_ENDED, {"before": before, "most": most}).all()
    for table in (deliveries, submissions, timers, watches):
        tx.execute(delete(table).where(table.c.subject_id.in_(ended)))
    if not ended:
        _forget_what_belongs_to_nothing(tx, before)
    return len(ended)


def _forget_what_belongs_to_nothing(tx: Tx, before: datetime) -> None:
    """Forget old direct messages, forms that nobody finished, and timers that have fired."""
    direct = deliveries.c.subject_id.is_(None) & deliveries.c.state.in_(_SETTLED)
    tx.execute(delete(deliveries).where(direct, deliveries.c.created_at < before))
    tx.execute(delete(drafts).where(drafts.c.created_at < before))
    tx.execute(delete(timers).where(timers.c.fired_at < before))
