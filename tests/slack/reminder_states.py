"""What reminders, the digest and the form that hands over show, usually and at the longest."""

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.deliveries import DirectMessage
from bot.domain.parent_messages import ParentMessage
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import (
    Reminder,
    ReminderKind,
    ReminderOutcome,
    ReminderSettings,
    Rung,
)
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import Subject
from bot.slack.views import maintenance_messages, messages, reminders, results
from bot.slack.views.lines import Message
from bot.slack.views.results import Preview
from tests.slack.longest import FAR, LONG, MESSAGE, NAME, SENTENCE
from tests.slack.maintenance_longest import LONG_RUNNING
from tests.slack.maintenance_states import RUNNING, maintenance
from tests.slack.states import HERE, LATER, NOW, Case, incident, receipt

SNOOZE = ReminderSettings().snooze
TEN = tuple(timedelta(days=30 * n) for n in range(1, 11))
ASKED = ("U0ANN", "S0OPS")
"""Who may be pinged by a reminder, and by nothing else."""
HEARD = "Customers last heard from us 15 min ago. They were promised more by 14:30 UTC, 2 min ago."
HOLDING = "We are still investigating this issue. Next update by 15:00 UTC."
OVERRUNNING = maintenance(status=RUNNING)


def remind(kind: ReminderKind, rung: Rung = Rung.OWNER, **more: object) -> Reminder:
    values: dict[str, object] = {
        "kind": kind,
        "rung": rung,
        "people": ("S0OPS",) if rung is Rung.ESCALATION else ("U0ANN",),
        "text": HEARD,
        "turn": 3,
        "number": list(Rung).index(rung),
        "holding": HOLDING if kind is ReminderKind.UPDATE else "",
    }
    return Reminder(**(values | more))  # type: ignore[arg-type]


def outcome(text: str, *, is_open: bool = False) -> ReminderOutcome:
    return ReminderOutcome(7, text, NOW, is_open)


def cases_of(subject: Subject, kind: ReminderKind, *rungs: Rung) -> dict[str, Case]:
    return {
        f"{kind.value}, {rung.value}": lambda rung=rung: reminders.reminder(  # type: ignore[misc]
            subject, remind(kind, rung), SNOOZE
        )
        for rung in rungs
    }


def question(asked: Reminder, title: str = "API is down", text: str = HEARD) -> Message:
    message = DirectMessage("U0ANN", title, text, subject_id="i1", question=asked)
    return reminders.question(message, asked, SNOOZE)


def late(freshness: Freshness) -> dict[str, Case]:
    def said(subject: object) -> ParentMessage:
        return ParentMessage(subject, (), (), freshness)  # type: ignore[arg-type]

    return {
        f"an incident, {freshness}": lambda: messages.parent(said(incident())),
        f"a planned maintenance, {freshness}": lambda: messages.parent(said(maintenance())),
        f"a running maintenance, {freshness}": lambda: messages.parent(said(OVERRUNNING)),
    }


TYPICAL: Mapping[str, Mapping[str, Case]] = {
    "reminders.reminder": {
        **cases_of(incident(), ReminderKind.UPDATE, *Rung),
        **cases_of(maintenance(), ReminderKind.BEFORE, Rung.OWNER, Rung.CHANNEL),
        **cases_of(maintenance(), ReminderKind.START, *Rung),
        **cases_of(OVERRUNNING, ReminderKind.ENDING, Rung.OWNER, Rung.CHANNEL),
        **cases_of(OVERRUNNING, ReminderKind.OVERRUN, *Rung),
        "answered": lambda: reminders.reminder(
            incident(), remind(ReminderKind.UPDATE), SNOOZE, outcome("Answered by Ann Ahrens")
        ),
        "taken over": lambda: reminders.reminder(
            incident(),
            remind(ReminderKind.UPDATE, Rung.CHANNEL),
            SNOOZE,
            outcome("Taken over by Ben Brook", is_open=True),
        ),
        "nobody owns it": lambda: reminders.reminder(
            incident(owner_id=""),
            remind(ReminderKind.UPDATE, Rung.CHANNEL, people=(), number=0),
            SNOOZE,
        ),
    },
    "reminders.question": {
        f"{kind.value}, {rung.value}": lambda kind=kind, rung=rung: question(  # type: ignore[misc]
            remind(kind, rung)
        )
        for kind, rung in zip(ReminderKind, [*Rung, *Rung], strict=False)
    },
    "reminders.digest": {
        "both": lambda: reminders.digest(Digest((incident(), OVERRUNNING), (maintenance(),))),
        "long only": lambda: reminders.digest(Digest((incident(),), ())),
        "tomorrow only": lambda: reminders.digest(Digest((), (maintenance(),))),
    },
    "reminders.hand_over": {"an incident": lambda: reminders.hand_over(incident(), HERE)},
    "reminders.snooze": {"an incident": lambda: reminders.snooze(incident(), SNOOZE, HERE)},
    "messages.parent": {
        **late(Freshness.FRESH),
        **late(Freshness.DUE),
        **late(Freshness.OVERDUE),
    },
    "messages.listed": {
        "due": lambda: messages.listed([incident()], {"i1": Freshness.DUE}),
    },
    "messages.published": {
        "with a promise": lambda: messages.published(receipt(promised=LATER)),
    },
    "results.preview": {
        "with a promise": lambda: results.preview(
            Preview(None, "Identified", "Soon.", promised=LATER)
        ),
    },
    "maintenance_messages.listed": {
        "overdue": lambda: maintenance_messages.listed(
            [OVERRUNNING], [], NOW, {"m1": Freshness.OVERDUE}
        ),
    },
}

FULL = remind(ReminderKind.OVERRUN, Rung.ESCALATION, people=ASKED * 20, text=SENTENCE * 2)

LONGEST: Mapping[str, Mapping[str, Case]] = {
    "reminders.reminder": {
        "an incident": lambda: reminders.reminder(
            LONG, remind(ReminderKind.UPDATE, people=ASKED * 20, text=MESSAGE), TEN
        ),
        "a maintenance": lambda: reminders.reminder(LONG_RUNNING, FULL, TEN),
        "taken over": lambda: reminders.reminder(
            LONG_RUNNING, FULL, TEN, outcome(f"Handed over by {NAME}", is_open=True)
        ),
    },
    "reminders.question": {
        "everything": lambda: question(remind(ReminderKind.UPDATE), SENTENCE, MESSAGE),
    },
    "reminders.digest": {
        "many": lambda: reminders.digest(Digest((LONG,) * 120, (LONG_RUNNING,) * 120)),
    },
    "reminders.hand_over": {"long": lambda: reminders.hand_over(LONG, FAR)},
    "reminders.snooze": {"long": lambda: reminders.snooze(LONG, TEN, FAR)},
    "messages.parent": {
        "overdue": lambda: messages.parent(ParentMessage(LONG_RUNNING, (), (), Freshness.OVERDUE)),
        "owned": lambda: messages.parent(
            ParentMessage(incident(owner_name=NAME * 9), (), (), Freshness.OVERDUE)
        ),
    },
    "messages.listed": {
        "overdue": lambda: messages.listed([LONG] * 120, {LONG.id: Freshness.OVERDUE}),
    },
    "maintenance_messages.listed": {
        "overdue": lambda: maintenance_messages.listed(
            [LONG_RUNNING] * 120, [], NOW, {LONG_RUNNING.id: Freshness.OVERDUE}
        ),
    },
}
