"""Reminders: when somebody is asked about an open subject, and who.

A watch says when the next question is due and how far up the ladder it stands. A reminder is the
question, and leaves the next watch behind. After a pause there is one question with its true age,
on the rung that its age has reached, and the ladder goes on from there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.pages import ComponentStatus, worst
from bot.domain.reminders.cadence import cadence
from bot.domain.reminders.ladders import (
    Ladder,
    MaintenanceLadder,
    Reminder,
    ReminderKind,
    ReminderSettings,
    Rung,
)
from bot.domain.reminders.promises import holding
from bot.domain.reminders.questions import question
from bot.domain.subjects import PublicationState, Step
from bot.domain.times import in_words

_NEXT_WINDOW = timedelta(minutes=30)
_PUNCTUAL = timedelta(minutes=1)
"""Who is this late is on time."""
_TOP = 2
"""From this question on it is always the same people, at the same pace."""
_URGENCY = (ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE)


class Freshness(StrEnum):
    """What a parent message says of the next update, in words too."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Watch:
    """When somebody is next asked about a subject; `at` is None when nobody is.

    `asked` is how many rungs of the ladder are behind: 0 until the first question of a round, and
    missed ones count. `promised` is when customers were told that they would hear more, None when
    they were told no time. `snoozed_by` is the name of who put the next question off. `turn` counts
    the rounds of asking. `shown` is what the parent message says of the next update, since
    `shown_at`.
    """

    at: datetime | None
    asked: int = 0
    promised: datetime | None = None
    snoozed_by: str | None = None
    turn: int = 0
    shown: Freshness = Freshness.FRESH
    shown_at: datetime | None = None


def watch(
    subject: Incident | Maintenance,
    now: datetime,
    settings: ReminderSettings,
    promised: datetime | None = None,
) -> Watch:
    """Return the watch over a subject after it was opened, updated, moved, resolved or reopened."""
    if not subject.is_open:
        return Watch(None)
    if isinstance(subject, Maintenance):
        is_taken_over = subject.turned_into is not None
        return Watch(None if is_taken_over else _next_moment(subject, now, settings.maintenance))
    silence = cadence(subject.status, _impacts(subject), settings.cadence) or timedelta()
    return Watch(promised or subject.due_at or now + silence, promised=promised)


def snoozed(watch: Watch, now: datetime, span: timedelta, by: str) -> Watch:
    """Return the watch with only its next question put off to `span` from now."""
    return replace(watch, at=now + span, snoozed_by=by) if watch.at else watch


def handed_over(watch: Watch, now: datetime, settings: ReminderSettings) -> Watch:
    """Return the watch once somebody else owns the subject: a question that was open is theirs.

    They have a rung's time to answer, or what is left of a snooze, before they are asked first.
    """
    if watch.at is None or (watch.at > now and not watch.asked):
        return watch
    at = now + settings.ladder.again
    return replace(watch, at=max(watch.at, at) if watch.snoozed_by else at, asked=0)


def remind(
    subject: Incident | Maintenance, watch: Watch, now: datetime, settings: ReminderSettings
) -> tuple[Reminder, Watch] | None:
    """Return the question that is due at `now` and the watch after it; None when none is due."""
    if not subject.is_open or watch.at is None or watch.at > now:
        return None
    kind = _kind(subject, now, settings.maintenance)
    asked, slot = _reached(subject, kind, watch, now, settings)
    rung, people = _whom(subject, asked, settings)
    waited = now - watch.at
    text = " ".join((question(subject, kind, watch.promised, now), *_asides(watch, waited, rung)))
    following = replace(watch, snoozed_by=None)
    if isinstance(subject, Maintenance) and kind in (ReminderKind.BEFORE, ReminderKind.ENDING):
        following = replace(following, at=_next_moment(subject, now, settings.maintenance))
    else:
        step = _step(kind, asked, settings)
        # A pace of seconds, or the end of a minute, must not bring the next question at once.
        base = slot if now - slot <= min(_PUNCTUAL, step / 2) else now
        following = replace(following, at=base + step, asked=asked + 1)
    updates = kind is ReminderKind.UPDATE
    unchanged = holding(subject, usual_silence(subject, settings), now)[0] if updates else ""
    asking = Reminder(kind, rung, people, text, watch.turn, watch.asked, unchanged)
    return asking, following


def usual_silence(subject: Incident | Maintenance, settings: ReminderSettings) -> timedelta:
    """Return how long customers wait for the next update of something open, unless told."""
    if isinstance(subject, Maintenance):
        return _NEXT_WINDOW
    return cadence(subject.status, _impacts(subject), settings.cadence) or _NEXT_WINDOW


def is_answered(watch: Watch | None, reminder: Reminder) -> bool:
    """Say whether a question need not be asked any more: it was answered, put off or passed on."""
    if not watch or watch.at is None or watch.turn != reminder.turn:
        return True
    return watch.snoozed_by is not None or watch.asked < reminder.number


def freshness(due: datetime | None, now: datetime, ladder: Ladder) -> Freshness:
    """Return what to say of an update that is due at `due`: overdue once the channel is asked."""
    if due is None or now < due:
        return Freshness.FRESH
    return Freshness.DUE if now < due + ladder.again else Freshness.OVERDUE


def rank(subject: Incident | Maintenance) -> int:
    """Return how urgent a question about a subject is: the smallest first."""
    if isinstance(subject, Maintenance):
        return 3 if subject.status is MaintenanceStatus.IN_PROGRESS else 4
    status = worst(_impacts(subject))
    return _URGENCY.index(status) if status in _URGENCY else len(_URGENCY)


def _asides(watch: Watch, waited: timedelta, rung: Rung) -> Iterator[str]:
    if watch.asked and rung is not Rung.OWNER:
        yield "Nobody has answered yet."
    if waited > _PUNCTUAL:
        yield f"This comes {in_words(waited)} late: Foghorn could not ask at its time."
    if watch.snoozed_by:
        yield f"{watch.snoozed_by} had put it off until now."


def _whom(
    subject: Incident | Maintenance, asked: int, settings: ReminderSettings
) -> tuple[Rung, tuple[str, ...]]:
    """Return who is asked; where there is nobody to ask on a rung, it is the channel."""
    owner = (subject.owner_id,) if subject.owner_id else ()
    if asked > 1 and settings.escalation:
        return Rung.ESCALATION, settings.escalation
    return (Rung.OWNER if owner and not asked else Rung.CHANNEL), owner


def _impacts(subject: Incident | Maintenance) -> Iterator[ComponentStatus]:
    for each in subject.publications:
        if each.state is not PublicationState.REFUSED:
            yield from each.impacts.values()


def _expected(
    maintenance: Maintenance, ladder: MaintenanceLadder
) -> tuple[datetime, tuple[timedelta, ...]]:
    """Return when it is asked about first that a step has not been taken, and how long before too.

    A step that is taken by itself is asked about only when it has not been taken a while later.
    """
    at, before, step = maintenance.starts_at, ladder.before, Step.START
    if maintenance.status is MaintenanceStatus.IN_PROGRESS:
        at, before, step = maintenance.ends_at, (ladder.ending,), Step.FINISH
    wait = ladder.overrun if step in maintenance.automation.steps else timedelta()
    return at + wait, tuple(wait + each for each in before)


def _next_moment(maintenance: Maintenance, now: datetime, ladder: MaintenanceLadder) -> datetime:
    at, before = _expected(maintenance, ladder)
    ahead = [each for each in (*(at - span for span in before), at) if each > now]
    return min(ahead, default=now + ladder.overrun)


def _kind(
    subject: Incident | Maintenance, now: datetime, ladder: MaintenanceLadder
) -> ReminderKind:
    if isinstance(subject, Incident):
        return ReminderKind.UPDATE
    is_ahead = now < _expected(subject, ladder)[0]
    if subject.status is MaintenanceStatus.IN_PROGRESS:
        return ReminderKind.ENDING if is_ahead else ReminderKind.OVERRUN
    return ReminderKind.BEFORE if is_ahead else ReminderKind.START


def _step(kind: ReminderKind, asked: int, settings: ReminderSettings) -> timedelta:
    return (
        settings.ladder.step(asked) if kind is ReminderKind.UPDATE else settings.maintenance.overrun
    )


def _reached(
    subject: Incident | Maintenance,
    kind: ReminderKind,
    watch: Watch,
    now: datetime,
    settings: ReminderSettings,
) -> tuple[int, datetime]:
    """Return the highest rung whose time has come, and that time; the ones missed count."""
    asked, slot = watch.asked, watch.at or now
    if kind in (ReminderKind.BEFORE, ReminderKind.ENDING):
        return 0, slot
    if isinstance(subject, Maintenance):
        slot = max(slot, _expected(subject, settings.maintenance)[0])
    while asked <= _TOP and slot + _step(kind, asked, settings) <= now:
        slot, asked = slot + _step(kind, asked, settings), asked + 1
    return asked, slot
