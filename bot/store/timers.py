"""Timers: set, dropped, and claimed once by whoever sweeps first."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, exc, insert, select, update

from bot.database import Tx
from bot.domain.timers import Timer, TimerKind
from bot.store.tables import timers

_DUE = (
    select(timers.c.id)
    .where(timers.c.fired_at.is_(None), timers.c.due_at <= bindparam("now"))
    .order_by(timers.c.rank, timers.c.due_at, timers.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(timers)
    .where(timers.c.id.in_(_DUE.scalar_subquery()), timers.c.fired_at.is_(None))
    .values(fired_at=bindparam("now"))
    .returning(timers)
)
_ADD = insert(timers)
_DROP = delete(timers).where(
    timers.c.fired_at.is_(None),
    timers.c.kind.in_(bindparam("kinds", expanding=True)),
    timers.c.about.in_(bindparam("those", expanding=True)),
)
_PUT_BACK = (
    update(timers)
    .where(timers.c.id == bindparam("of"))
    .values(fired_at=None, due_at=bindparam("later"))
)


def set_timers(tx: Tx, wanted: Iterable[Timer]) -> None:
    """Set timers, each in place of the one of its kind that still waits for the same thing."""
    last = {(timer.kind, timer.about): timer for timer in wanted}
    for kind in {kind for kind, _about in last}:
        those = [about for each, about in last if each is kind]
        tx.execute(_DROP, {"kinds": [kind.value], "those": those})
    rows = [
        {
            "kind": timer.kind.value,
            "about": timer.about,
            "subject_id": timer.subject_id or None,
            "rank": timer.rank,
            "due_at": timer.due_at,
        }
        for timer in last.values()
    ]
    if rows:
        tx.execute(_ADD, rows)


def drop(tx: Tx, about: str, kinds: Iterable[TimerKind]) -> None:
    """Forget what still waits, since it is no longer to happen."""
    tx.execute(_DROP, {"kinds": [kind.value for kind in kinds], "those": [about]})


def claim(tx: Tx, now: datetime, limit: int) -> tuple[Timer, ...]:
    """Take up to `limit` timers that are due, in one statement: each fires for one caller only.

    Whatever a timer is for belongs into the same transaction, or a crash in between loses it.
    """
    fired = tx.execute(_CLAIM, {"now": now, "limit": limit})
    return tuple(sorted((_timer(row) for row in fired), key=_order))


def attempt(tx: Tx, work: Callable[[], None]) -> Exception | None:
    """Run a part of a transaction of which nothing stays when it breaks; return why it did.

    Troubles of the database itself are raised, since they are the whole transaction's.
    """
    try:
        with tx.begin_nested():
            work()
    except exc.DBAPIError:
        raise
    except Exception as fault:  # noqa: BLE001 -- whoever asked says what becomes of it
        return fault
    return None


def put_back(tx: Tx, timer: Timer, due_at: datetime) -> None:
    """Let a timer wait again until `due_at`, since what it is for could not be done."""
    tx.execute(_PUT_BACK, {"of": timer.id, "later": due_at})


def waiting(tx: Tx, subject_id: str) -> tuple[Timer, ...]:
    """Return what still waits for a subject, the next first."""
    mine = timers.c.subject_id == subject_id
    rows = tx.execute(select(timers).where(mine, timers.c.fired_at.is_(None)))
    return tuple(sorted((_timer(row) for row in rows), key=lambda timer: timer.due_at))


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    kind, subject_id = TimerKind(row.kind), row.subject_id or ""
    return Timer(kind, row.about, row.due_at, subject_id, row.rank, row.id)


def _order(timer: Timer) -> tuple[int, datetime, int]:
    return timer.rank, timer.due_at, timer.id
