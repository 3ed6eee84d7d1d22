"""Deliveries: what we owe to the outside, and the rules by which each is sent once and only once.

pending --claim--> sending --done--> done
sending --certainly not done--> pending (later) or refused (for good)
sending --it may be done, or the sender died--> unsure (after a quiet time)
unsure --claim--> looking --found--> done;  --not there--> pending;  --cannot tell--> stuck
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.receipts import ReadBack, Receipt
from bot.domain.reminders.ladders import Reminder, ReminderOutcome
from bot.domain.subjects import Step


class State(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    UNSURE = "unsure"
    LOOKING = "looking"
    DONE = "done"
    REFUSED = "refused"
    STUCK = "stuck"


SETTLED = (State.DONE, State.REFUSED)
"""The states in which a delivery no longer holds up the next of its lane."""

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StepCheck:
    """Look whether the page has taken a step of a maintenance that it drives itself."""

    step: Step


@dataclass(frozen=True, slots=True)
class DigestPost:
    """Tell a channel what has been open for long and what starts tomorrow."""

    channel: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """Bring the subject's parent message in Slack up to date, or post it."""


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """Tell one person privately; `submission_id` names the form they can open again filled in.

    `quoted` is the public text that it is about, whole and as it was written.
    `user_id` may be a group's, which is told member by member. `stuck` is the delivery that waits
    for this person's decision, `question` what they are asked about the subject. `others` are told
    too, as soon as one of them all was. `missed` are those who could not be, the first of them
    because of `reason`; somebody else is told instead if it `passes_on`.
    """

    user_id: str
    title: str
    text: str
    submission_id: str | None = None
    stuck: str | None = None
    quoted: str = ""
    subject_id: str = ""
    question: Reminder | None = None
    others: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    reason: str = ""
    passes_on: bool = True

    def to(self, people: Sequence[str]) -> "DirectMessage":
        """Return the same for the first of these people, and the others after that."""
        return replace(self, user_id=people[0], others=tuple(people[1:]))


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """Say something in the subject's thread that customers do not see.

    `undelivered` is the message that stands there since nobody could be told it privately.
    """

    text: str
    broadcast: bool = False
    undelivered: DirectMessage | None = None


@dataclass(frozen=True, slots=True)
class ThreadPointer:
    """Say in the channel where somebody began a subject that its thread is in another."""

    channel: str


@dataclass(frozen=True, slots=True)
class FormProgress:
    """Show in the modal that was submitted how it went; nothing is lost if it is closed."""

    view_id: str
    submission_id: str


Draft = IncidentDraft | UpdateDraft | MaintenanceDraft | MaintenanceUpdateDraft
"""What a page publishes."""

PageDraft = Draft | WindowDraft | Removal
"""All that is owed to pages."""

Payload = (
    PageDraft
    | StepCheck
    | ReadBack
    | Announcement
    | Receipt
    | ThreadNote
    | Reminder
    | ReminderOutcome
    | DigestPost
    | DirectMessage
    | FormProgress
    | ThreadPointer
)


P = TypeVar("P", bound=Payload)
_AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something owed to the outside; what comes from `id` on is set once it is stored.

    `key` is unique for ever. Deliveries of one `lane` go out one after the other, in the order of
    storing. `target` is our page id, or `slack`. Our ids of what it is about and where it comes
    from are empty where there is none. `attempts` counts sends, `doubts` those whose end nobody
    knows. `first_sent_at` is the earliest instant at which the outside may have taken it.
    """

    key: str
    lane: str
    target: str
    payload: Payload
    subject_id: str = ""
    publication_id: str = ""
    submission_id: str = ""
    id: int = 0
    state: State = State.PENDING
    attempts: int = 0
    doubts: int = 0
    due_at: datetime = _AT_ONCE
    lease: str | None = None
    lease_until: datetime | None = None
    first_sent_at: datetime | None = None
    error: str | None = None

    @property
    def since(self) -> datetime:
        """The earliest instant at which the outside may have it."""
        return self.first_sent_at or self.due_at

    def payload_as(self, kind: type[P]) -> P:
        """Return the payload, which is known to be of this kind; else raise `TypeError`."""
        if not isinstance(self.payload, kind):
            raise TypeError(self.payload)
        return self.payload


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to a delivery, from `since` to `until`; `token` is nobody else's."""

    token: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """How it went: the new state, and when the next attempt is due if there is one.

    `doubt` counts one more attempt of which nobody knows the end; `never_sent` forgets that the
    outside may have it, since it certainly has not.
    """

    state: State
    due_at: datetime | None = None
    error: str | None = None
    remote_id: str | None = None
    doubt: bool = False
    never_sent: bool = False

    def applied_to(self, delivery: Delivery) -> Delivery:
        """Return the delivery as it is stored from now on."""
        return replace(
            delivery,
            state=self.state,
            due_at=self.due_at or delivery.due_at,
            error=self.error,
            lease=None,
            doubts=delivery.doubts + self.doubt,
            first_sent_at=None if self.never_sent else delivery.first_sent_at,
        )


def pause_after(attempts: int, asked: float | None, jitter: float) -> timedelta:
    """Return how long to wait after `attempts` sends: doubling, never shorter than was `asked`.

    `asked` is in seconds; `jitter` between 0 and 1 spreads the tries of many by up to a quarter.
    """
    doubled = _FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 12))
    own = min(doubled, _LONGEST_PAUSE) * (1 + jitter / 4)
    return max(own, timedelta(seconds=asked or 0))
