"""Maintenances that come back: each window becomes a maintenance some time ahead of its start."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from bot.domain import foreseen, times
from bot.domain.deliveries import DirectMessage
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.maintenances.planning import SKIPPED
from bot.domain.maintenances.recurrence import Window, repeat_problems, windows
from bot.domain.maintenances.series import Recurrence, SeriesWindow, WindowState
from bot.domain.subjects import in_short
from bot.domain.submissions import MaintenanceUpdateForm, Person, Repeat, ScheduleForm, Submission
from bot.domain.timers import Timer, TimerKind
from bot.domain.times import wall_time
from bot.errors import FormError
from bot.ports import Clock
from bot.services.intake import maintenance_updates
from bot.services.intake import maintenances as schedules
from bot.services.intake.maintenances import SeriesPlace
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue, notices
from bot.services.ledger.enqueue import Acceptance
from bot.store import Database, Tx, audit, deliveries, maintenances, series, timers

PLANNED, SCHEDULED = WindowState.PLANNED, WindowState.SCHEDULED
_RANK = 3
"""Whatever is due about a maintenance that there is comes first."""


@dataclass(frozen=True, slots=True)
class Series:
    """What people can do to a series; each answers False when there is nothing to do.

    `wake` is called when something is owed.
    """

    store: Database
    clock: Clock
    rules: Rules
    wake: Callable[[], None]

    async def skip(self, series_id: str, number: int, person: Person) -> bool:
        """Leave one window out; a maintenance that has not begun is cancelled for it."""
        return await self._do(f"skip window {number}", partial(_skip, number), series_id, person)

    async def end(self, series_id: str, person: Person) -> bool:
        """Let nothing more follow; what is on its pages and has not begun is cancelled."""
        return await self._do("end series", _end, series_id, person)

    async def until(self, series_id: str, last_day: date, person: Person) -> bool:
        """Let the series end with the last window that starts by `last_day`, in its own zone.

        Raises `FormError` when a further window has no such time of day.
        """
        word = f"end series on {last_day}"
        return await self._do(word, partial(_until, last_day), series_id, person)

    async def _do(self, word: str, act: "_Act", series_id: str, person: Person) -> bool:
        who = _Who(person, self.rules, self.clock.now())

        def work(tx: Tx) -> bool:
            recurrence = series.lock(tx, series_id)
            if not recurrence or not act(tx, recurrence, who):
                return False
            outcome = f"accepted{person.caveat}"
            entry = audit.Entry(who.now, person.id, word, outcome, text=recurrence.name)
            audit.record(tx, entry)
            _show(tx, recurrence, who.now)
            return True

        done = await self.store.write(work)
        self.wake()
        return done


@dataclass(frozen=True, slots=True)
class _Who:
    """Who does something to a series, when, and by which rules."""

    person: Person
    rules: Rules
    now: datetime


_Act = Callable[[Tx, Recurrence, _Who], bool]


def accept(tx: Tx, submission: Submission[ScheduleForm], rules: Rules, now: datetime) -> Acceptance:
    """Keep a schedule; of a series, put the first window on its pages and plan all others.

    Raises `FormError` with every bad field.
    """
    form = submission.form
    if not form.repeat:
        return schedules.accept(tx, submission, rules, now)
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    try:
        first = schedules.planned(tx, submission, rules, now)
    except FormError as error:
        raise FormError(_repeat_problems(form, form.repeat) | error.fields) from error
    planned = windows(first.starts_at, first.ends_at, form.repeat, form.zone)
    recurrence = Recurrence(
        id=uuid.uuid4().hex,
        form=replace(form, starts=first.starts_at, ends=first.ends_at),
        author=submission.author,
        windows=tuple(SeriesWindow(each.number, each.starts, each.ends) for each in planned),
    )
    series.add(tx, recurrence, now)
    accepted = schedules.accept(tx, submission, rules, now, _place(recurrence, 1))
    series.mark(tx, recurrence.id, 1, SCHEDULED, accepted.subject_id)
    put_up(tx, recurrence.id, rules, now)
    return accepted


def _repeat_problems(form: ScheduleForm, repeat: Repeat) -> dict[str, str]:
    """Say what is wrong with how a schedule repeats, whatever else is wrong with it."""
    first = wall_time(form.starts, form.zone).date() if form.starts else None
    return repeat_problems(repeat, first)


def _place(recurrence: Recurrence, number: int) -> SeriesPlace:
    return SeriesPlace(recurrence.id, number, recurrence.maintenance_id(number))


def put_up(tx: Tx, series_id: str, rules: Rules, now: datetime) -> None:
    """Make maintenances of the windows that are near, and set the timer of the next one."""
    recurrence = series.lock(tx, series_id)
    if not recurrence:
        return
    for window in recurrence.planned:
        if window.starts_at - rules.planning.ahead > now:
            due = window.starts_at - rules.planning.ahead
            timers.set_timers(tx, [Timer(TimerKind.WINDOW, series_id, due, rank=_RANK)])
            return
        _put_up(tx, recurrence, window, rules, now)
    timers.drop(tx, series_id, [TimerKind.WINDOW])


def _put_up(
    tx: Tx, recurrence: Recurrence, window: SeriesWindow, rules: Rules, now: datetime
) -> None:
    if window.starts_at <= now:
        reason = "Foghorn was not running while it could have been scheduled."
        _miss(tx, recurrence, window, reason, now)
        return
    form = schedules.in_window(recurrence.form, window.starts_at, window.ends_at)
    key = f"series:{recurrence.id}:{window.number}"
    submission = Submission(key, recurrence.author, form)
    try:
        accepted = schedules.accept(tx, submission, rules, now, _place(recurrence, window.number))
    except FormError as error:
        _miss(tx, recurrence, window, str(error), now)
    else:
        series.mark(tx, recurrence.id, window.number, SCHEDULED, accepted.subject_id)


def _miss(tx: Tx, recurrence: Recurrence, window: SeriesWindow, reason: str, now: datetime) -> None:
    series.mark(tx, recurrence.id, window.number, WindowState.MISSED)
    title = f"“{in_short(recurrence.name)}”: window {window.number} is not on its page"
    planned = times.window(window.starts_at, window.ends_at)
    text = (
        f"It was planned for {planned}. {reason} The windows after it are not touched by this. "
        "If it is to take place, schedule it with /maintenance."
    )
    quoted, author, subject_id = recurrence.form.message, recurrence.author, _shown(recurrence)
    message = DirectMessage(author.id, title, text, quoted=quoted, subject_id=subject_id)
    notices.tell(tx, now, message)
    _show(tx, recurrence, now)


def _show(tx: Tx, recurrence: Recurrence, now: datetime) -> None:
    """Owe the one message of a series as it stands from now on."""
    if shown := _shown(recurrence):
        deliveries.add(tx, [enqueue.parent_message(shown)], now)


def _shown(recurrence: Recurrence) -> str:
    """Return our id of the latest maintenance of a series, "" when there is none."""
    return next((each.subject_id for each in recurrence.windows[::-1] if each.subject_id), "")


def _skip(number: int, tx: Tx, recurrence: Recurrence, who: _Who) -> bool:
    window = next((each for each in recurrence.windows if each.number == number), None)
    if not window or window.state not in (PLANNED, SCHEDULED):
        return False
    if window.subject_id and not _called_off(tx, window.subject_id, who):
        return False
    series.mark(tx, recurrence.id, window.number, WindowState.SKIPPED)
    put_up(tx, recurrence.id, who.rules, who.now)
    return True


def _called_off(tx: Tx, maintenance_id: str, who: _Who) -> bool:
    """Cancel a maintenance that has not begun; False when it has, or is no longer there."""
    maintenance = maintenances.get(tx, maintenance_id)
    owed = deliveries.of_subject(tx, maintenance_id)
    if not maintenance:
        return False
    maintenance = foreseen.maintenance(maintenance, owed)
    if maintenance.status.rank != 0:
        return False
    cancelled = MaintenanceUpdateForm(
        maintenance_id=maintenance.id,
        status=MaintenanceStatus.CANCELLED,
        message=SKIPPED,
        ends=maintenance.ends_at,
        notify=maintenance.notify,
    )
    submission = Submission(f"skip:{maintenance.id}", who.person, cancelled)
    try:
        maintenance_updates.accept(tx, submission, who.rules, who.now)
    except FormError:
        return False
    return True


def _end(tx: Tx, recurrence: Recurrence, who: _Who) -> bool:
    if recurrence.ended:
        return False
    _call_off(tx, recurrence, recurrence.windows, who)
    series.end(tx, recurrence.id, who.now)
    timers.drop(tx, recurrence.id, [TimerKind.WINDOW])
    return True


def _until(last_day: date, tx: Tx, recurrence: Recurrence, who: _Who) -> bool:
    form = recurrence.form
    if recurrence.ended or not form.starts or not form.ends:
        return False
    after = [
        each
        for each in recurrence.windows
        if wall_time(each.starts_at, form.zone).date() > last_day
    ]
    late = _call_off(tx, recurrence, after, who)
    repeat = Repeat(recurrence.rhythm, count=None, until=last_day)
    wanted = windows(form.starts, form.ends, repeat, form.zone)
    if not _further(tx, recurrence, wanted, who.now) and not late:
        return False
    series.change_form(tx, recurrence.id, replace(form, repeat=repeat))
    put_up(tx, recurrence.id, who.rules, who.now)
    return True


def _call_off(tx: Tx, recurrence: Recurrence, windows: Iterable[SeriesWindow], who: _Who) -> int:
    """Drop those of these windows that have not begun, from their pages too; return how many."""
    done = 0
    for window in windows:
        if window.state is PLANNED:
            series.mark(tx, recurrence.id, window.number, WindowState.DROPPED)
        elif window.state is SCHEDULED and _called_off(tx, window.subject_id or "", who):
            series.mark(tx, recurrence.id, window.number, WindowState.SKIPPED)
        else:
            continue
        done += 1
    return done


def _further(tx: Tx, recurrence: Recurrence, wanted: tuple[Window, ...], now: datetime) -> int:
    """Plan the windows that the series does not have yet, or had until it was cut short."""
    known = {each.number: each.state for each in recurrence.windows}
    new = [each for each in wanted if each.number not in known and each.starts > now]
    series.add_windows(
        tx, recurrence.id, [SeriesWindow(each.number, each.starts, each.ends) for each in new]
    )
    again = [
        each
        for each in wanted
        if known.get(each.number) is WindowState.DROPPED and each.starts > now
    ]
    for window in again:
        series.mark(tx, recurrence.id, window.number, PLANNED)
    return len(new) + len(again)
