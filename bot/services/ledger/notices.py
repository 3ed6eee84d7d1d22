"""What people are told: how a submission goes, what waits, what was refused, what nobody knows."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import Delivery, DirectMessage, Draft, FormProgress
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.reminders.ladders import Reminder
from bot.domain.subjects import Subject, in_short
from bot.domain.submissions import AnySubmission
from bot.domain.times import utc
from bot.services.ledger import enqueue
from bot.store import Tx, deliveries, subjects, submissions, threads


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell one person; `reopens` offers the form filled in, `asks` the decision."""

    title: str
    text: str
    reopens: bool = False
    asks: bool = False


def show_progress(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Owe an up-to-date parent message, and the same in the form that was submitted."""
    deliveries.add(tx, [enqueue.parent_message(delivery.subject_id)], now)
    if submission := submissions.of_delivery(tx, delivery):
        show_in_form(tx, submission, now)


def show_in_form(tx: Tx, submission: AnySubmission, now: datetime) -> None:
    """Owe what stands in a form that was submitted, where it was one in Slack."""
    if view_id := submission.view_id:
        shown = FormProgress(view_id, submission.id)
        owed = Delivery(f"show:{uuid.uuid4().hex}", f"show:{view_id}", "slack", shown)
        deliveries.add(tx, [owed], now)


def tell(tx: Tx, now: datetime, *messages: DirectMessage) -> None:
    """Owe messages to people, each to one, in their direct messages with the bot."""
    deliveries.add(tx, [enqueue.direct_message(each) for each in messages], now)


def tell_owner(tx: Tx, subject: Subject, title: str, text: str, now: datetime) -> None:
    """Tell the subject's owner."""
    tell(tx, now, DirectMessage(subject.owner_id, title, text, subject_id=subject.id))


def ask(tx: Tx, subject: Subject, reminder: Reminder, reason: str, now: datetime) -> None:
    """Ask each one privately whom the thread cannot ask; `reason` says why it cannot."""
    text = f"{reminder.text} {reason} So you are asked here." if reason else reminder.text
    title = in_short(subject.name)
    message = DirectMessage("", title, text, subject_id=subject.id, question=reminder)
    tell(tx, now, message.to(reminder.people or ("",)))


def tell_author(tx: Tx, delivery: Delivery, notice: Notice, now: datetime) -> None:
    """Tell whoever submitted what `delivery` carries, else the subject's owner; with the text."""
    submission = submissions.of_delivery(tx, delivery)
    subject = None if submission else threads.get(tx, delivery.subject_id)
    message = DirectMessage(
        user_id=submission.author.id if submission else subject.owner_id if subject else "",
        title=notice.title,
        text=notice.text,
        submission_id=submission.id if submission and notice.reopens else None,
        stuck=str(delivery.id) if notice.asks else None,
        quoted=delivery.payload.message if isinstance(delivery.payload, Draft) else "",
        subject_id=delivery.subject_id,
    )
    tell(tx, now, message)


def tell_admins(
    tx: Tx, delivery: Delivery, page_name: str, admins: Sequence[str], now: datetime
) -> None:
    """Tell everyone who can mend a refused key."""
    text = (
        f"{delivery.error} Nothing can be published to {page_name} until its key works: put a new "
        "one into Foghorn's settings and start it again. What was refused is kept."
    )
    title = f"{page_name} refuses Foghorn's key"
    if admins:
        message = DirectMessage("", title, text, subject_id=delivery.subject_id)
        tell(tx, now, message.to(admins))


def note(tx: Tx, subject_id: str, text: str, cause: str, now: datetime) -> None:
    """Owe the thread something that customers do not see; `cause` never comes again."""
    deliveries.add(tx, [enqueue.thread_note(subject_id, text, cause)], now)


def not_yet(tx: Tx, delivery: Delivery) -> Notice:
    """Return the notice about something that waits for the page."""
    what, page = _what(tx, delivery), _page_name(tx, delivery)
    text = (
        f"{delivery.error} Your text is kept and goes out by itself as soon as the page takes it, "
        f"next at {delivery.due_at:%H:%M:%S} UTC. You need not do anything."
    )
    return Notice(f"{what} is not on {page} yet", text)


def refused(tx: Tx, delivery: Delivery) -> Notice:
    """Return the notice about something that will not be published as it is."""
    what, page = _what(tx, delivery), _page_name(tx, delivery)
    rest = (
        "Your text is kept: open the form, correct it and publish, or publish it as it is once the "
        "cause is gone."
        if delivery.submission_id
        else "Look at the page, and do it by hand from the thread."
    )
    text = f"{delivery.error} Foghorn will not try again by itself. {rest}"
    return Notice(f"{what} is not on {page}", text, reopens=True)


def deleted(tx: Tx, delivery: Delivery, *, elsewhere: bool) -> Notice:
    """Return the notice about something whose incident is no longer on the page.

    `elsewhere` says that another page has it, or may still take it.
    """
    what, page = _what(tx, delivery), _page_name(tx, delivery)
    subject = threads.get(tx, delivery.subject_id)
    title = f"“{in_short(subject.name) if subject else 'The incident'}” is no longer on {page}"
    cause = f"{delivery.error} {what} cannot be posted there."
    if elsewhere:
        rest = f"On its other pages it goes on as usual. {page} gets nothing more about it."
        return Notice(title, f"{cause} {rest}")
    rest = (
        "It is on no page any more, so it is over for Foghorn: nobody is reminded of it. Your text "
        "is kept: if customers should read it all the same, open the form to report it anew."
    )
    return Notice(title, f"{cause} {rest}", reopens=True)


def stuck(tx: Tx, delivery: Delivery) -> Notice:
    """Return the notice that asks a person to decide."""
    what, page = _what(tx, delivery), _page_name(tx, delivery)
    instead = " Or open the form: what you send takes its place." if delivery.submission_id else ""
    text = (
        f"{delivery.error} Foghorn does not publish twice on a guess, so it waits for you. "
        f"Look at the page, then choose.{instead}"
    )
    title = f"Is {what[0].lower()}{what[1:]} on {page}?"
    return Notice(title, text, reopens=True, asks=True)


def left(tx: Tx, delivery: Delivery, decided_by: str) -> Notice:
    """Return the notice about something that somebody decided to leave as it is."""
    what, page = _what(tx, delivery), _page_name(tx, delivery)
    text = (
        f"{decided_by} decided to leave it as it is on the page, and Foghorn sends nothing more of "
        "it. Your text is kept: open the form to publish it after all."
    )
    return Notice(f"{what} is left as it is on {page}", text, reopens=True)


def _what(tx: Tx, delivery: Delivery) -> str:
    """Name a delivery to a person: whose it is, and what it is about."""
    whose = "Your" if delivery.submission_id else "Foghorn’s"
    match delivery.payload:
        case IncidentDraft(name=name) | MaintenanceDraft(name=name):
            return f"“{in_short(name)}”"
        case UpdateDraft(status=status) | MaintenanceUpdateDraft(status=status):
            return f"{whose} update ({status.label})"
        case WindowDraft(name=name, ends=ends):
            return f"The window of “{in_short(name)}” until {utc(ends)}"
        case Removal():
            subject = threads.get(tx, delivery.subject_id)
            return f"The removal of “{in_short(subject.name) if subject else 'a maintenance'}”"
        case _:
            raise TypeError(delivery.payload)


def _page_name(tx: Tx, delivery: Delivery) -> str:
    publication = subjects.publication(tx, delivery.publication_id)
    return publication.page_name if publication else "the page"
