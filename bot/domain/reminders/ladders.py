"""Ladders: what the team is asked, who is asked first and who later, and what is set about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.reminders.cadence import DEFAULT, Cadence
from bot.domain.reminders.digests import DigestTime


class ReminderKind(StrEnum):
    """What a reminder asks for; stored, so these words never change."""

    UPDATE = "update"
    """Customers should hear something about an incident."""
    BEFORE = "before"
    """A maintenance is coming."""
    START = "start"
    """A maintenance should have started: Start now?"""
    ENDING = "ending"
    """A maintenance should end soon: on time?"""
    OVERRUN = "overrun"
    """A maintenance runs past its planned end."""


class Rung(StrEnum):
    """Who is asked; stored, so these words never change."""

    OWNER = "owner"
    CHANNEL = "channel"
    """The owner again, for the whole channel to see."""
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Ask in the subject's thread, in plain words, with the buttons that answer.

    `people` are the Slack ids of the people and groups asked. `turn` is the round of asking: a new
    one begins with every public update. `number` says which question of it this is, from 0.
    `holding` is what *No change* publishes if it is tapped at once.
    """

    kind: ReminderKind
    rung: Rung
    people: tuple[str, ...]
    text: str
    turn: int
    number: int
    holding: str = ""


@dataclass(frozen=True, slots=True)
class ReminderOutcome:
    """Say below a question what came of it; its buttons go, unless it is `is_open` still.

    `question` is our id of the delivery that asked; `at` is when it was answered.
    """

    question: int
    text: str
    at: datetime
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """When the questions after the first one come: counted from the first, the last for ever."""

    again: timedelta = timedelta(minutes=10)
    escalate: timedelta = timedelta(minutes=20)
    every: timedelta = timedelta(minutes=30)

    def step(self, asked: int) -> timedelta:
        """Return how long after the question number `asked`, from 0, the next one comes."""
        return {0: self.again, 1: self.escalate - self.again}.get(asked, self.every)


@dataclass(frozen=True, slots=True)
class MaintenanceLadder:
    """When somebody is asked about a maintenance.

    `before` its start, `ending` before its planned end; then, and when it does not start, every
    `overrun`.
    """

    before: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    ending: timedelta = timedelta(minutes=15)
    overrun: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """Everything that is set about reminders; `escalation` are ids of people and user groups."""

    cadence: Cadence = DEFAULT
    ladder: Ladder = Ladder()
    maintenance: MaintenanceLadder = MaintenanceLadder()
    snooze: tuple[timedelta, ...] = (
        timedelta(minutes=15),
        timedelta(minutes=30),
        timedelta(minutes=60),
        timedelta(hours=4),
    )
    escalation: tuple[str, ...] = ()
    digest: DigestTime | None = None
