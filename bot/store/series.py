"""Series of maintenances and their windows."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from bot.database import Tx
from bot.domain.maintenances.series import Recurrence, SeriesWindow, WindowState
from bot.domain.submissions import Person, ScheduleForm
from bot.store import codec
from bot.store.tables import series as table
from bot.store.tables import windows

_ONE = select(table).where(table.c.id == bindparam("id"))
_LOCK = select(table.c.id).where(table.c.id == bindparam("id")).with_for_update()
_RUNNING = (
    select(table.c.id)
    .where(
        table.c.ended_at.is_(None),
        table.c.id.in_(
            select(windows.c.series_id).where(
                windows.c.state.in_([WindowState.PLANNED.value, WindowState.SCHEDULED.value]),
                windows.c.ends_at > bindparam("now"),
            )
        ),
    )
    .order_by(table.c.created_at, table.c.id)
)
_WINDOWS = select(windows).where(windows.c.series_id == bindparam("id")).order_by(windows.c.number)


def add(tx: Tx, recurrence: Recurrence, now: datetime) -> None:
    """Store a new series with its windows."""
    row = {
        "id": recurrence.id,
        "form": codec.to_json(recurrence.form),
        "author_id": recurrence.author.id,
        "author_name": recurrence.author.name,
        "created_at": now,
    }
    tx.execute(insert(table), row)
    add_windows(tx, recurrence.id, recurrence.windows)


def add_windows(tx: Tx, series_id: str, planned: Iterable[SeriesWindow]) -> None:
    """Store more windows of a series."""
    rows = [
        {
            "series_id": series_id,
            "number": window.number,
            "starts_at": window.starts_at,
            "ends_at": window.ends_at,
            "state": window.state.value,
            "subject_id": window.subject_id,
        }
        for window in planned
    ]
    if rows:
        tx.execute(insert(windows), rows)


def get(tx: Tx, series_id: str) -> Recurrence | None:
    """Return a series with all its windows, if there is one."""
    row = tx.execute(_ONE, {"id": series_id}).first()
    if not row:
        return None
    form = codec.schedule(row.form)
    found = tuple(
        SeriesWindow(
            each.number, each.starts_at, each.ends_at, WindowState(each.state), each.subject_id
        )
        for each in tx.execute(_WINDOWS, {"id": series_id})
    )
    author = Person(row.author_id, row.author_name)
    return Recurrence(row.id, form, author, found, ended=row.ended_at is not None)


def running(tx: Tx, now: datetime) -> tuple[Recurrence, ...]:
    """Return every series of which a window is not over yet, the oldest first."""
    found = [get(tx, series_id) for series_id in tx.scalars(_RUNNING, {"now": now}).all()]
    return tuple(recurrence for recurrence in found if recurrence)


def lock(tx: Tx, series_id: str) -> Recurrence | None:
    """Return a series and keep it from every other transaction until this one ends."""
    tx.execute(_LOCK, {"id": series_id})
    return get(tx, series_id)


def mark(
    tx: Tx, series_id: str, number: int, state: WindowState, subject_id: str | None = None
) -> None:
    """Say what became of a window, and which maintenance it is if it is one."""
    values = {"state": state.value} | ({"subject_id": subject_id} if subject_id else {})
    tx.execute(
        update(windows)
        .where(windows.c.series_id == series_id, windows.c.number == number)
        .values(**values)
    )


def change_form(tx: Tx, series_id: str, form: ScheduleForm) -> None:
    """Store another way in which the series comes back."""
    tx.execute(update(table).where(table.c.id == series_id).values(form=codec.to_json(form)))


def end(tx: Tx, series_id: str, now: datetime) -> None:
    """Say that nothing more of the series follows."""
    tx.execute(update(table).where(table.c.id == series_id).values(ended_at=now))


def move_thread(tx: Tx, series_id: str, channel: str, thread_ts: str | None) -> None:
    """Say where the one thread of a series is."""
    values = {"channel": channel, "thread_ts": thread_ts}
    tx.execute(update(table).where(table.c.id == series_id).values(values))
