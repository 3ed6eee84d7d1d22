"""Writing maintenances of the embedded page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.database import Tx
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.subjects import PublishResult
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
from bot.statuspage.records.tables import maintenance_updates, maintenances

SCHEDULED, IN_PROGRESS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED = MaintenanceStatus.COMPLETED
OVER = (COMPLETED, MaintenanceStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class MaintenancePlan:
    """Work that somebody plans; `message` is Markdown.

    With `auto_start` (`auto_end`) it starts (ends) by itself when its time comes.
    """

    name: str
    message: str
    starts: datetime
    ends: datetime
    component_ids: tuple[str, ...]
    notify: bool
    auto_start: bool = True
    auto_end: bool = True


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """When planned work is to start and end, and which of the two happens by itself."""

    starts: datetime
    ends: datetime
    auto_start: bool = True
    auto_end: bool = True


@dataclass(frozen=True, slots=True)
class MaintenancePost:
    """A public post on a maintenance, which may start, complete or cancel it."""

    status: MaintenanceStatus
    message: str
    notify: bool
    at: datetime


def find(tx: Tx, maintenance_id: str) -> MaintenanceRecord:
    """Return a maintenance; raise `Gone` when the page has none with this id."""
    for maintenance in queries.maintenances(tx, maintenances.c.id == maintenance_id):
        return maintenance
    raise Gone("The status page has no such maintenance any more.")


def schedule_maintenance(
    tx: Tx, plan: MaintenancePlan, key: str | None, now: datetime
) -> PublishResult:
    """Announce planned work; a `key` that was used before gives the first answer again."""
    lock(tx)
    if key and (first := _first_with_key(tx, key)):
        return first
    _refuse_backwards(plan.starts, plan.ends)
    refuse_unknown_components(tx, plan.component_ids)
    revision = increment_revision(tx)
    maintenance_id = new_id("m", revision, plan.name, str(plan.starts))
    tx.execute(
        insert(maintenances).values(
            id=maintenance_id,
            key=key,
            name=plan.name,
            status=SCHEDULED.value,
            starts_at=plan.starts,
            ends_at=plan.ends,
            component_ids=list(dict.fromkeys(plan.component_ids)),
            auto_start=plan.auto_start,
            auto_end=plan.auto_end,
            revision=0,
            created_at=now,
        )
    )
    update_id = _insert(
        tx, maintenance_id, revision, MaintenancePost(SCHEDULED, plan.message, plan.notify, now)
    )
    return PublishResult(maintenance_id, update_id, plan.notify)


def post_maintenance_update(tx: Tx, maintenance_id: str, post: MaintenancePost) -> PublishResult:
    """Post on a maintenance; the same post again is the first one.

    Raises `Rejected` when the work cannot go back to that status.
    """
    lock(tx)
    work = find(tx, maintenance_id)
    for known in work.updates:
        if (known.at, known.status, known.message) == (post.at, post.status, post.message):
            return PublishResult(maintenance_id, known.id, known.notified)
    now = phase(work, post.at)
    _refuse_return(now, post.status)
    began = _start_instant(work, post.at) or (post.at if post.status is IN_PROGRESS else None)
    ended = work.ends if now is COMPLETED else post.at
    revision = increment_revision(tx)
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(
            status=post.status.value,
            started_at=began,
            finished_at=work.finished or (ended if post.status in OVER else None),
        )
    )
    update_id = _insert(tx, maintenance_id, revision, post)
    _recompute(tx, maintenance_id)
    return PublishResult(maintenance_id, update_id, post.notify)


def change_window(tx: Tx, maintenance_id: str, window: MaintenanceWindow, now: datetime) -> None:
    """Move a maintenance; raise `Rejected` when it is over, or has begun and would not have."""
    lock(tx)
    work = find(tx, maintenance_id)
    if MaintenanceWindow(work.starts, work.ends, work.auto_start, work.auto_end) == window:
        return
    _refuse_backwards(window.starts, window.ends)
    status = phase(work, now)
    if status in OVER:
        raise Rejected("This maintenance is over; schedule another.")
    if status is IN_PROGRESS and window.starts != work.starts:
        raise Rejected("This maintenance has begun; only its end can still be moved.")
    moved = (work.starts, work.ends) != (window.starts, window.ends)
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(
            starts_at=window.starts,
            ends_at=window.ends,
            auto_start=window.auto_start,
            auto_end=window.auto_end,
            # What has begun by itself stays begun when it would not begin by itself any more.
            status=status.value,
            started_at=_start_instant(work, now),
            revision=work.revision + moved,
        )
    )
    increment_revision(tx)
    _recompute(tx, maintenance_id)


def cancel(
    tx: Tx, maintenance_id: str, message: str, now: datetime, *, notify: bool
) -> PublishResult:
    """Call planned or running work off, in public."""
    post = MaintenancePost(MaintenanceStatus.CANCELLED, message, notify, now)
    return post_maintenance_update(tx, maintenance_id, post)


def delete_maintenance(tx: Tx, maintenance_id: str, now: datetime) -> None:
    """Take a maintenance off the page, and what it did; nothing when it is gone already."""
    lock(tx)
    mark_deleted(tx, maintenances, maintenance_id, now)


def _first_with_key(tx: Tx, key: str) -> PublishResult | None:
    table = maintenance_updates.c
    query = (
        select(table.maintenance_id, table.id, table.notified)
        .join(maintenances)
        .where(maintenances.c.key == key, table.number == 1)
    )
    row = tx.execute(query).first()
    return PublishResult(row.maintenance_id, row.id, row.notified) if row else None


def _start_instant(work: MaintenanceRecord, now: datetime) -> datetime | None:
    """Return when the work began, by a word or by itself; None when it has not by `now`."""
    by_itself = work.starts if work.auto_start and work.starts <= now else None
    return work.started or by_itself


def _recompute(tx: Tx, maintenance_id: str) -> None:
    write_intervals(tx, maintenance_id, maintenance_intervals(find(tx, maintenance_id)))


def _insert(tx: Tx, maintenance_id: str, revision: int, post: MaintenancePost) -> str:
    update_id = new_id("n", revision, maintenance_id, str(post.at))
    table = maintenance_updates
    counted = select(func.count()).where(table.c.maintenance_id == maintenance_id)
    tx.execute(
        insert(table).values(
            id=update_id,
            maintenance_id=maintenance_id,
            number=(tx.scalar(counted) or 0) + 1,
            status=post.status.value,
            message=post.message,
            at=post.at,
            notified=post.notify,
        )
    )
    return update_id


def _refuse_backwards(starts: datetime, ends: datetime) -> None:
    if starts >= ends:
        raise Rejected("A maintenance must end after it starts; choose a later end.")


def _refuse_return(now: MaintenanceStatus, wanted: MaintenanceStatus) -> None:
    ranks = {SCHEDULED: 0, IN_PROGRESS: 1, **dict.fromkeys(OVER, 2)}
    if wanted not in ranks:
        raise Rejected("The status page does not know the maintenance's status; choose another.")
    if ranks[wanted] < ranks[now] or (now in OVER and wanted is not now):
        raise Rejected(f"This maintenance is {now.label.lower()} and cannot go back.")
