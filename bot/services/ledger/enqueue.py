"""What is owed: each kind of delivery is made here, and a submission is kept with all it owes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deliveries import (
    Announcement,
    Delivery,
    DirectMessage,
    Draft,
    PageDraft,
    Payload,
    StepCheck,
    ThreadNote,
    ThreadPointer,
)
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.receipts import ReadBack
from bot.domain.subjects import Publication, Subject, thread_key
from bot.domain.submissions import AnySubmission, ReportForm, ScheduleForm, Submission
from bot.services.ledger import audit
from bot.store import Tx, deliveries, submissions

_SLACK = "slack"
_MOMENT = timedelta(milliseconds=1)
_SUFFIXES: dict[type, str] = {WindowDraft: ":move", Removal: ":remove"}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A submission that is on disk; `repeated` says that it had arrived before."""

    submission_id: str
    subject_id: str
    repeated: bool = False


def earlier(tx: Tx, submission: AnySubmission) -> Acceptance | None:
    """Return what the same act led to when it arrived before."""
    stored = submissions.by_key(tx, submission.key)
    return Acceptance(stored.id, stored.subject_id, repeated=True) if stored else None


def enqueue(
    tx: Tx,
    submission: AnySubmission,
    subject_id: str,
    drafts: Sequence[tuple[Publication, PageDraft]],
    now: datetime,
) -> Acceptance:
    """Keep the submission, owe its drafts to the pages and the news to Slack, and record it."""
    submissions.add(tx, submission, subject_id, now)
    opens = any(isinstance(draft, IncidentDraft | MaintenanceDraft) for _, draft in drafts)
    owed = [to_page(there, draft, submission.id, submission.id) for there, draft in drafts]
    # What is new cannot have an edit of its parent message waiting, if that is its own.
    first = opens and not submission.replaces and thread_key(subject_id) == subject_id
    deliveries.add(tx, [*owed, parent_message(subject_id)], now, first=first)
    for publication, draft in drafts:
        if isinstance(draft, Draft):
            audit.accepted(tx, publication, draft, submission.author, now)
    return Acceptance(submission.id, subject_id)


def point(
    tx: Tx, submission: Submission[ReportForm | ScheduleForm], opened: Subject, now: datetime
) -> None:
    """Owe a word to the channel where a form was opened, if it is announced in another."""
    used = submission.form.channel
    if submission.replaces or used == opened.channel or not used.startswith(("C", "G")):
        return  # in direct messages the window says where the thread is
    pointer = to_thread(opened.id, ThreadPointer(used), f"point:{opened.id}")
    deliveries.add(tx, [pointer], now)


def to_page(
    publication: Publication, draft: PageDraft | StepCheck, cause: str, submission_id: str = ""
) -> Delivery:
    """Return the delivery of one thing to a publication's page; `cause` never comes again."""
    return Delivery(
        key=f"{cause}:{publication.id}{_SUFFIXES.get(type(draft), '')}",
        lane=f"page:{publication.id}",
        target=publication.page_id,
        payload=draft,
        subject_id=publication.subject_id,
        publication_id=publication.id,
        submission_id=submission_id,
    )


def receipt(published: Delivery, read_back: ReadBack) -> Delivery:
    """Return the delivery that reads the page back after another one."""
    return Delivery(
        key=f"{published.key}:receipt",
        lane=f"receipt:{published.publication_id}",
        target=published.target,
        payload=read_back,
        subject_id=published.subject_id,
        publication_id=published.publication_id,
        submission_id=published.submission_id,
    )


def to_thread(subject_id: str, payload: Payload, key: str) -> Delivery:
    """Return the delivery of one thing to a subject's thread; `key` never comes again."""
    return Delivery(key, f"slack:{thread_key(subject_id)}", _SLACK, payload, subject_id)


def parent_message(subject_id: str) -> Delivery:
    """Return the delivery that brings a subject's parent message up to date."""
    return to_thread(subject_id, Announcement(), f"announce:{uuid.uuid4().hex}")


def thread_note(subject_id: str, text: str, cause: str) -> Delivery:
    """Return the delivery of what customers do not see; `cause` never comes again."""
    return to_thread(subject_id, ThreadNote(text), f"{cause}:note")


def direct_message(message: DirectMessage) -> Delivery:
    """Return the delivery of a message to one person; no other waits for it."""
    key = f"tell:{uuid.uuid4().hex}"
    return Delivery(key, key, _SLACK, message, message.subject_id)


def update_instant(tx: Tx, publication: Publication, now: datetime) -> datetime:
    """Return when an update to one page counts as posted: now, but later than all before it.

    Pages that have no key of ours repeat it, so it tells our update from any other.
    """
    owed = [each.payload for each in deliveries.of_publication(tx, publication)]
    before = [draft.at for draft in owed if isinstance(draft, UpdateDraft | MaintenanceUpdateDraft)]
    return max([to_the_millisecond(now), *(at + _MOMENT for at in before)])


def to_the_millisecond(instant: datetime) -> datetime:
    """Return `instant` as exactly as vendors keep it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
