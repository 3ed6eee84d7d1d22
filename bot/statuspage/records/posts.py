"""Public posts on incidents and maintenances, which are written alike; none is made twice."""

from sqlalchemy import Column, Table, func, insert, select

from bot.database import Tx
from bot.domain.incidents import UpdateDraft
from bot.domain.maintenances import MaintenanceUpdateDraft
from bot.domain.subjects import PublishResult
from bot.statuspage.model.site import IncidentRecord, MaintenanceRecord
from bot.statuspage.records.changes import new_id


def first_with_key(
    tx: Tx, parent: Column[str], parents: Table, key: str | None
) -> PublishResult | None:
    """Return the answer to the first creation with this key; `parent` is the posts' column."""
    if key is None:
        return None
    table = parent.table.c
    query = select(parent, table.id, table.notified).join(parents)
    row = tx.execute(query.where(parents.c.key == key, table.number == 1)).first()
    return PublishResult(*row) if row else None


def posted_before(
    on: IncidentRecord | MaintenanceRecord, draft: UpdateDraft | MaintenanceUpdateDraft
) -> PublishResult | None:
    """Return the answer to the first posting of this draft, if it was posted already."""
    for known in on.updates:
        if (known.at, known.status, known.message) == (draft.at, draft.status, draft.message):
            return PublishResult(on.id, known.id, known.notified)
    return None


def insert_post(
    tx: Tx,
    parent: Column[str],
    parent_id: str,
    new: tuple[str, int],
    draft: UpdateDraft | MaintenanceUpdateDraft,
    **more: object,
) -> PublishResult:
    """Insert a post after the others of its parent; `new` is its kind of id and the revision."""
    update_id = new_id(*new, parent_id, str(draft.at))
    counted = select(func.count()).where(parent == parent_id)
    tx.execute(
        insert(parent.table).values(
            id=update_id,
            number=(tx.scalar(counted) or 0) + 1,
            status=draft.status.value,
            message=draft.message,
            at=draft.at,
            notified=draft.notify,
            **{parent.name: parent_id},
            **more,
        )
    )
    return PublishResult(parent_id, update_id, draft.notify)
