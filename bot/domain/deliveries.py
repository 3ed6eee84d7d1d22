"""Deliveries: what we owe to the outside, and the rules by which each is sent once and only once.

pending --claim--> sending --done--> done
sending --certainly not done--> pending (later) or refused (for good)
sending --it may be done, or the sender died--> unsure (after a quiet time)
unsure --claim--> looking --found--> done;  --not there--> pending;  --cannot tell--> stuck
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.receipts import Expectation, Receipt
from bot.domain.reminders.ladders import ReminderKind, Rung
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
class ReadBack:
    """Read the page and show what it says now, beside what was wanted."""

    wanted: Expectation


@dataclass(frozen=True, slots=True)
class StepCheck:
    """Look whether the page has taken a step of a maintenance that it drives itself."""

    step: Step


@dataclass(frozen=True, slots=True)
class ThreadNote:
    """Say something in the subject's thread that customers do not see."""

    text: str
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Remind:
    """Ask in the subject's thread, with the buttons that answer.

    `turn` is the round of asking: a new one begins with every public update. `number` says which
    question of it this is, from 0.
    """

    kind: ReminderKind
    rung: Rung
    people: tuple[str, ...]
    text: str
    turn: int
    number: int


@dataclass(frozen=True, slots=True)
class DigestPost:
    """Tell a channel what has been open for long and what starts tomorrow."""

    channel: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """Bring the subject's parent message in Slack up to date, or post it."""


@dataclass(frozen=True, slots=True)
class ReceiptReply:
    """Answer in the subject's thread with the proof of what was published."""

    receipt: Receipt
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """Tell one person privately; `submission_id` names the form they can open again filled in.

    `stuck` is the delivery that waits for this person's decision. `heirs` are told when this
    person cannot be.
    """

    user_id: str
    title: str
    text: str
    submission_id: str | None = None
    stuck: str | None = None
    heirs: tuple[str, ...] = ()


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
    | ReceiptReply
    | ThreadNote
    | Remind
    | DigestPost
    | DirectMessage
    | FormProgress
)


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to store.

    `key` is unique for ever. Deliveries of one `lane` go out one after the other, in the order of
    storing. `target` is our page id, or `slack`.
    """

    key: str
    lane: str
    target: str
    payload: Payload
    subject_id: str | None = None
    publication_id: str | None = None
    submission_id: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A stored delivery as somebody holds it under a lease.

    `attempts` counts sends, `doubts` those whose end nobody knows. `first_sent_at` is the earliest
    instant at which the outside may have taken it.
    """

    id: int
    key: str
    lane: str
    target: str
    payload: Payload
    state: State
    attempts: int
    doubts: int
    due_at: datetime
    lease: str | None
    lease_until: datetime | None
    first_sent_at: datetime | None
    subject_id: str | None
    publication_id: str | None
    submission_id: str | None
    error: str | None = None


def pause_after(attempts: int, asked: float | None, jitter: float) -> timedelta:
    """Return how long to wait after `attempts` sends: doubling, never shorter than was `asked`.

    `asked` is in seconds; `jitter` between 0 and 1 spreads the tries of many by up to a quarter.
    """
    doubled = _FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 12))
    own = min(doubled, _LONGEST_PAUSE) * (1 + jitter / 4)
    return max(own, timedelta(seconds=asked or 0))
