"""Questions: the words in which somebody is asked about an open subject, without any mark-up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.ladders import ReminderKind
from bot.domain.subjects import Step
from bot.domain.times import in_utc, in_words

_HALF_A_MINUTE = timedelta(seconds=30)


def question(
    subject: Incident | Maintenance, kind: ReminderKind, promised: datetime | None, now: datetime
) -> str:
    """Return what somebody is asked at `now`, and since when customers have heard nothing."""
    if isinstance(subject, Maintenance):
        words = [*_maintenance(subject, kind, now)]
        return " ".join(words if kind is ReminderKind.BEFORE else [*words, _heard(subject, now)])
    if promised:
        return f"{_heard(subject, now)} They were promised more by {_when(promised, now)}."
    if subject.due_at:
        return f"{_heard(subject, now)} The next update was due at {_when(subject.due_at, now)}."
    return _heard(subject, now)


def _heard(subject: Incident | Maintenance, now: datetime) -> str:
    if not subject.updated_at:
        return "It is not confirmed yet that customers have heard from us."
    return f"Customers last heard from us {in_words(now - subject.updated_at)} ago."


def _maintenance(subject: Maintenance, kind: ReminderKind, now: datetime) -> Iterator[str]:
    steps = subject.automation.steps
    starts, ends = _when(subject.starts_at, now), _when(subject.ends_at, now)
    match kind:
        case ReminderKind.BEFORE:
            by_itself = "by itself" if Step.START in steps else "by hand"
            yield f"The maintenance starts {by_itself} at {starts}."
        case ReminderKind.START if Step.START in steps:
            yield f"The maintenance was to start by itself at {starts}, and has not."
        case ReminderKind.START:
            yield f"The maintenance was to start at {starts}. Start it now?"
        case ReminderKind.ENDING if Step.FINISH in steps:
            yield f"The maintenance completes by itself at {ends}. On time?"
        case ReminderKind.ENDING:
            yield f"The maintenance is planned to end at {ends}. On time?"
        case _ if Step.FINISH in steps:
            yield f"The maintenance was to complete by itself at {ends}, and is still running."
        case _:
            yield f"The maintenance was planned to end at {ends}, and is still running."
    if kind is ReminderKind.START and now >= subject.ends_at:
        yield f"Its window ended at {ends}."


def _when(at: datetime, now: datetime) -> str:
    """Return an instant with how far away it is: "14:30 UTC, 12 min ago"."""
    ahead = at - now
    if abs(ahead) < _HALF_A_MINUTE:
        return f"{in_utc(at, now)}, which is now"
    away = f"in {in_words(ahead + _HALF_A_MINUTE)}" if at > now else f"{in_words(-ahead)} ago"
    return f"{in_utc(at, now)}, {away}"
