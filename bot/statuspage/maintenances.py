"""Writing maintenances of the embedded page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.database import Tx
from bot.domain.maintenances import MaintenanceStatus
from bot.errors import Gone, Rejected
from bot.statuspage import records
from bot.statuspage.changes import bump, lock, new_id
from bot.statuspage.effects import maintenance_intervals
from bot.statuspage.incidents import refuse_unknown_components, write_intervals
from bot.statuspage.model import MaintenanceRecord
from bot.statuspage.standing import phase
from bot.statuspage.tables import maintenance_updates, maintenances

SCHEDULED, IN_PROGRESS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED = MaintenanceStatus.COMPLETED
OVER = (COMPLETED, MaintenanceStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Plan:
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
class Post:
    """A public post on a maintenance, which may start, complete or cancel it."""

    status: MaintenanceStatus
    message: str
    notify: bool
    at: datetime


def find(tx: Tx, maintenance_id: str) -> MaintenanceRecord:
    """Return a maintenance; raise `Gone` when the page has none with this id."""
    for maintenance in records.maintenances(tx, maintenances.c.id == maintenance_id):
        return maintenance
    raise Gone("The status page has no such maintenance any more.")


def schedule_maintenance(tx: Tx, plan: Plan, key: str | None, now: datetime) -> str:
    """Announce planned work and return its id; a `key` that was used before gives the first one."""
    lock(tx)
    made = select(maintenances.c.id).where(maintenances.c.key == key)
    known: str | None = tx.scalar(made) if key else None
    if known:
        return known
    _refuse_backwards(plan.starts, plan.ends)
    refuse_unknown_components(tx, plan.component_ids)
    revision = bump(tx)
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
    _insert(tx, maintenance_id, revision, Post(SCHEDULED, plan.message, plan.notify, now))
    return maintenance_id


def post_maintenance_update(tx: Tx, maintenance_id: str, post: Post) -> str:
    """Post on a maintenance and return the update's id; the same post again is the first one.

    Raises `Rejected` when the work cannot go back to that status.
    """
    lock(tx)
    work = find(tx, maintenance_id)
    for known in work.updates:
        if (known.at, known.status, known.message) == (post.at, post.status, post.message):
            return known.id
    now = phase(work, post.at)
    _refuse_return(now, post.status)
    began = work.starts if work.auto_start and work.starts <= post.at else None
    if post.status is IN_PROGRESS:
        began = began or post.at
    ended = work.ends if now is COMPLETED else post.at
    revision = bump(tx)
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(
            status=post.status.value,
            started_at=work.started or began,
            finished_at=work.finished or (ended if post.status in OVER else None),
        )
    )
    update_id = _insert(tx, maintenance_id, revision, post)
    write_intervals(tx, maintenance_id, maintenance_intervals(find(tx, maintenance_id)))
    return update_id


def change_window(
    tx: Tx, maintenance_id: str, starts: datetime, ends: datetime, now: datetime
) -> None:
    """Move a maintenance; raise `Rejected` when it is over, or has begun and would not have."""
    lock(tx)
    work = find(tx, maintenance_id)
    if (work.starts, work.ends) == (starts, ends):
        return
    _refuse_backwards(starts, ends)
    status = phase(work, now)
    if status in OVER:
        raise Rejected("This maintenance is over; schedule another.")
    if status is IN_PROGRESS and starts != work.starts:
        raise Rejected("This maintenance has begun; only its end can still be moved.")
    tx.execute(
        update(maintenances)
        .where(maintenances.c.id == maintenance_id)
        .values(starts_at=starts, ends_at=ends, revision=work.revision + 1)
    )
    bump(tx)


def cancel(tx: Tx, maintenance_id: str, message: str, now: datetime, *, notify: bool) -> str:
    """Call planned or running work off, in public; return the update's id."""
    post = Post(MaintenanceStatus.CANCELLED, message, notify, now)
    return post_maintenance_update(tx, maintenance_id, post)


def _insert(tx: Tx, maintenance_id: str, revision: int, post: Post) -> str:
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
