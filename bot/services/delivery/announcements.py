"""Carrying news to the team: the parent message, its thread, private letters and open forms."""

import uuid
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.deliveries import (
    Announcement,
    Delivery,
    DirectMessage,
    FormProgress,
    NewDelivery,
    ReceiptReply,
    ThreadNote,
)
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.maintenances.series import WindowState
from bot.domain.pages import ComponentStatus
from bot.domain.parent_messages import DeliveryStatus, ParentMessage, delivery_status, in_the_way
from bot.domain.receipts import ShownComponent
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import Subject, in_short
from bot.errors import Closed, FoghornError, Rejected
from bot.ports import Announcer
from bot.services.delivery.outcomes import Ambiguity, NotFound, Success
from bot.store import (
    Database,
    Tx,
    deliveries,
    pages,
    series,
    subjects,
    submissions,
    threads,
    watches,
)

_log = structlog.get_logger(__name__)


class AnnouncementDelivery:
    """Tells the team what the outbox and the pages did."""

    most_doubts = None

    def __init__(self, store: Database, announcer: Announcer) -> None:
        """Take the door to the team."""
        self._store = store
        self._announcer = announcer

    async def send(self, delivery: Delivery) -> Success:
        """Post, edit or show what is owed."""
        match delivery.payload:
            case Announcement():
                return await self._announce(delivery)
            case ReceiptReply():
                return await self._reply(delivery, delivery.payload)
            case ThreadNote():
                subject = await self._store.read(place, delivery)
                return Success(await self._announcer.note(subject, delivery.payload, delivery.key))
            case DirectMessage():
                return Success(await self._announcer.tell(delivery.payload, delivery.key))
            case FormProgress():
                standings = await self._store.read(_standings, delivery.payload.submission_id)
                await self._announcer.show(delivery.payload.view_id, standings)
                return Success()
            case _:
                raise TypeError(delivery.payload)

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
        """Look for the message that an earlier attempt may have left."""
        if self.repeatable(delivery):
            return NotFound()
        try:
            return await self._find(delivery)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotFound()

    async def _find(self, delivery: Delivery) -> Success | NotFound:
        if isinstance(delivery.payload, DirectMessage):
            found = await self._announcer.find(delivery.payload.user_id, None, delivery.key)
            return Success(found) if found else NotFound()
        subject = await self._store.read(place, delivery)
        found = await self._announcer.find(subject.channel, subject.thread_ts, delivery.key)
        if not found:
            return NotFound()
        if isinstance(delivery.payload, Announcement) and not subject.thread_ts:
            return self._announced(subject, subject.channel, found)
        return Success(found)

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether it only changes what is there already."""
        return isinstance(delivery.payload, FormProgress)

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Leave it at the log: the team sees the news when Slack takes them."""

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the owner privately what the thread could not be told."""
        if isinstance(delivery.payload, ReceiptReply):
            subject = _subject(tx, delivery)
            text = (
                f"{error} The receipt could not be posted there. What is on "
                f"{delivery.payload.receipt.page_name} is not touched by this: look at the page."
            )
            title = f"“{in_short(subject.name)}”: no reply in its thread"
            _write_to(tx, subject, title, text, now)
        elif isinstance(delivery.payload, DirectMessage) and delivery.payload.heirs:
            first, *rest = delivery.payload.heirs
            _write(tx, replace(delivery.payload, user_id=first, heirs=tuple(rest)), now)

    async def _announce(self, delivery: Delivery) -> Success:
        bulletin = await self._store.read(_bulletin, delivery)
        subject = bulletin.subject
        if isinstance(subject, Maintenance) and subject.turned_into:
            return Success()  # its parent message is the incident's now
        try:
            channel, posted = await self._announcer.announce(bulletin, delivery.key)
        except Closed as error:
            if subject.channel == subject.owner_id:
                raise
            await self._store.write(move_to_owner, subject, str(error), delivery.due_at)
            bulletin = await self._store.read(_bulletin, delivery)
            channel, posted = await self._announcer.announce(bulletin, delivery.key)
        return self._announced(subject, channel, posted)

    def _announced(self, subject: Subject, channel: str, posted: str) -> Success:
        return Success(
            record=lambda tx, _now: subjects.change(
                tx, subject.id, channel=channel, thread_ts=posted
            )
        )

    async def _reply(self, delivery: Delivery, reply: ReceiptReply) -> Success:
        subject = await self._store.read(place, delivery)
        posted = await self._announcer.reply(
            subject, reply.receipt, delivery.key, broadcast=reply.broadcast
        )
        return Success(posted)


def _subject(tx: Tx, delivery: Delivery) -> Incident | Maintenance:
    subject = threads.get(tx, delivery.subject_id or "")
    if not subject:
        raise LookupError(delivery.subject_id)
    return subject


def place(tx: Tx, delivery: Delivery) -> Incident | Maintenance:
    """Return the subject in the place of its thread, which may be the incident's it turned into."""
    subject = _subject(tx, delivery)
    if isinstance(subject, Maintenance) and subject.turned_into:
        heir = threads.get(tx, subject.turned_into)
        if heir:
            return replace(subject, channel=heir.channel, thread_ts=heir.thread_ts)
    return subject


def _bulletin(tx: Tx, delivery: Delivery) -> ParentMessage:
    subject = _subject(tx, delivery)
    shown = []
    for publication in subject.publications:
        names = pages.names(tx, publication.page_id, publication.impacts)
        shown += [
            ShownComponent(names.get(component_id, component_id), status)
            for component_id, status in publication.impacts.items()
            if status is not ComponentStatus.OPERATIONAL
        ]
    owed = deliveries.of_subject(tx, subject.id)
    kept = watches.get(tx, subject.id)
    return ParentMessage(
        subject,
        tuple(shown),
        in_the_way(subject.publications, owed),
        kept.shown if kept else Freshness.FRESH,
        _windows(tx, subject),
    )


def _windows(tx: Tx, subject: Incident | Maintenance) -> int | None:
    """Return the number of the last window in a maintenance's series, those dropped left out."""
    if not isinstance(subject, Maintenance) or not subject.series_id:
        return None
    recurrence = series.get(tx, subject.series_id)
    if not recurrence:
        return None
    kept = [each.number for each in recurrence.windows if each.state is not WindowState.DROPPED]
    return max(kept, default=None)


def _standings(tx: Tx, submission_id: str) -> tuple[DeliveryStatus, ...]:
    kept = submissions.get(tx, submission_id)
    subject = threads.get(tx, kept.subject_id or "") if kept else None
    there = {each.id: each for each in subject.publications} if subject else {}
    return tuple(
        delivery_status(there[delivery.publication_id or ""], delivery)
        for delivery in deliveries.of_submission(tx, submission_id)
    )


def move_to_owner(tx: Tx, subject: Subject, reason: str, now: datetime) -> None:
    """Keep the subject's thread in a direct message, since its channel is closed to us."""
    subjects.change(tx, subject.id, channel=subject.owner_id, thread_ts=None)
    text = (
        f"{reason} The thread of “{in_short(subject.name)}” goes on here, in our direct messages. "
        "What is on the page is not touched by this."
    )
    _write_to(tx, subject, "Foghorn cannot post in the channel", text, now)


def _write_to(tx: Tx, subject: Subject, title: str, text: str, now: datetime) -> None:
    _write(tx, DirectMessage(subject.owner_id, title, text), now)


def _write(tx: Tx, letter: DirectMessage, now: datetime) -> None:
    key = f"tell:{uuid.uuid4().hex}"
    deliveries.add(tx, [NewDelivery(key=key, lane=key, target="slack", payload=letter)], now)
