"""Writing maintenances of the embedded page."""

from datetime import datetime

from sqlalchemy import insert, update

from bot.database import Tx
from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.subjects import PublishResult, Step
from bot.errors import Gone, Rejected
from bot.statuspage.model.effects import maintenance_intervals
from bot.statuspage.model.site import MaintenanceRecord
from bot.statuspage.model.site_state import phase
from bot.statuspage.records import queries
from bot.statuspage.records.changes import increment_revision, lock, new_id
from bot.statuspage.records.incidents import (
    mark_deleted,
    refuse_unknown_components,
    write_intervals,
)
from bot.statuspage.records.posts import first_with_key, insert_post, posted_before
from bot.statuspage.records.tables import maintenance_updates, maintenances

SCHEDULED, IN_PROGRESS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED = MaintenanceStatus.COMPLETED
PARENT = maintenance_updates.c.maintenance_id
OVER = (COMPLETED, MaintenanceStatus.CANCELLED)


def find(tx: Tx, maintenance_id: str) -> MaintenanceRecord:
    """Return a maintenance; raise `Gone` when the page has none with this id."""
    for maintenance in queries.maintenances(tx, maintenances.c.id == maintenance_id):
        return maintenance
    raise Gone("The status page has no such maintenance any more.")


def schedule_maintenance(
    tx: Tx, draft: MaintenanceDraft, key: str | None, now: datetime
) -> PublishResult:
    """Announce planned work; a `key` that was used before gives the first answer again."""
    lock(tx)
    if first := first_with_key(tx, PARENT, maintenances, key):
        return first
    _refuse_backwards(draft.starts, draft.ends)
    refuse_unknown_components(tx, draft.component_ids)
    revision = increment_revision(tx)
    maintenance_id = new_id("m", revision, draft.name, str(draft.starts))
    tx.execute(
        insert(maintenances).values(
            id=maintenance_id,
            key=key,
            name=draft.name,
            status=SCHEDULED.value,
            starts_at=draft.starts,
            ends_at=draft.ends,
            component_ids=list(dict.fromkeys(draft.component_ids)),
            auto_start=Step.START in draft.driven,
            auto_end=Step.FINISH in draft.driven,
            revision=0,
            created_at=now,
        )
    )
    notify = Notice.NOW in draft.notices
    post = MaintenanceUpdateDraft(
        SCHEDULED, draft.message, draft.component_ids, notify, now, draft.ends
    )
    return insert_post(tx, PARENT, maintenance_id, ("n", revision), post)


def post_maintenance_update(
    tx: Tx, maintenance_id: str, draft: MaintenanceUpdateDraft
) -> PublishResult:
    """Post on a maintenance; the same post again is the first one.

    Raises `Rejected` when the work cannot go back to that status.
    """
    lock(tx)
    work = find(tx, maintenance_id)
    if first := posted_before(work, draft):
        return first
    now = phase(work, draft.at)
    _refuse_return(now, draft.status)
    began = _start_instant(work, draft.at) or (draft.at if draft.status is IN_PROGRESS else None)
    ended = work.ends if now is COMPLETED else draft.at
    revision = increment_revision(tx)
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(
            status=draft.status.value,
            started_at=began,
            finished_at=work.finished or (ended if draft.status in OVER else None),
        )
    )
    posted = insert_post(tx, PARENT, maintenance_id, ("n", revision), draft)
    _recompute(tx, maintenance_id)
    return posted


def change_window(tx: Tx, maintenance_id: str, window: WindowDraft, now: datetime) -> None:
    """Move a maintenance; raise `Rejected` when it is over, or has begun and would not have."""
    lock(tx)
    work = find(tx, maintenance_id)
    auto_start, auto_end = Step.START in window.driven, Step.FINISH in window.driven
    moved = (work.starts, work.ends) != (window.starts, window.ends)
    if not moved and (work.auto_start, work.auto_end) == (auto_start, auto_end):
        return
    _refuse_backwards(window.starts, window.ends)
    status = phase(work, now)
    if status in OVER:
        raise Rejected("This maintenance is over; schedule another.")
    if status is IN_PROGRESS and window.starts != work.starts:
        raise Rejected("This maintenance has begun; only its end can still be moved.")
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(
            starts_at=window.starts,
            ends_at=window.ends,
            auto_start=auto_start,
            auto_end=auto_end,
            # What has begun by itself stays begun when it would not begin by itself any more.
            status=status.value,
            started_at=_start_instant(work, now),
            revision=work.revision + moved,
        )
    )
    increment_revision(tx)
    _recompute(tx, maintenance_id)


def delete_maintenance(tx: Tx, maintenance_id: str, now: datetime) -> None:
    """Take a maintenance off the page, and what it did; nothing when it is gone already."""
    lock(tx)
    mark_deleted(tx, maintenances, maintenance_id, now)


def _start_instant(work: MaintenanceRecord, now: datetime) -> datetime | None:
    """Return when the work began, by a word or by itself; None when it has not by `now`."""
    by_itself = work.starts if work.auto_start and work.starts <= now else None
    return work.started or by_itself


def _recompute(tx: Tx, maintenance_id: str) -> None:
    write_intervals(tx, maintenance_id, maintenance_intervals(find(tx, maintenance_id)))


def _refuse_backwards(starts: datetime, ends: datetime) -> None:
    if starts >= ends:
        raise Rejected("A maintenance must end after it starts; choose a later end.")


def _refuse_return(now: MaintenanceStatus, wanted: MaintenanceStatus) -> None:
    ranks = {SCHEDULED: 0, IN_PROGRESS: 1, **dict.fromkeys(OVER, 2)}
    if wanted not in ranks:
        raise Rejected("The status page does not know the maintenance's status; choose another.")
    if ranks[wanted] < ranks[now] or (now in OVER and wanted is not now):
        raise Rejected(f"This maintenance is {now.label.lower()} and cannot go back.")
