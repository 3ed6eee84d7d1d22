"""What the team is told: the parent message, its thread, and open forms."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog

from bot.domain.deliveries import (
    Announcement,
    Delivery,
    DirectMessage,
    FormProgress,
    ThreadNote,
    ThreadPointer,
)
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.maintenances.series import SeriesStanding, standing
from bot.domain.pages import ComponentStatus
from bot.domain.parent_messages import DeliveryStatus, ParentMessage, delivery_status, in_the_way
from bot.domain.receipts import Receipt, ShownComponent
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import in_short
from bot.errors import Closed, FoghornError, ProviderError, Rejected
from bot.ports import Announcer
from bot.services.delivery.outcomes import DeliveryHandler, LookResult, NotFound, Success
from bot.services.ledger import notices
from bot.store import (
    Database,
    Tx,
    deliveries,
    maintenances,
    pages,
    series,
    submissions,
    threads,
    watches,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AnnouncementDelivery(DeliveryHandler):
    """Tells the team what the outbox and the pages did.

    Where the channel is closed, the thread goes on with the owner, else with one of `fallbacks`.
    """

    store: Database
    announcer: Announcer
    fallbacks: Sequence[str]

    async def send(self, delivery: Delivery) -> Success:
        """Post, edit or show what is owed."""
        match delivery.payload:
            case Announcement():
                return await self._announce(delivery)
            case Receipt() as receipt:
                reply = partial(self.announcer.reply, receipt=receipt, mark=delivery.key)
                return await self._say(delivery, reply)
            case ThreadNote() as note:
                reply = partial(self.announcer.note, note=note, mark=delivery.key)
                return await self._say(delivery, reply)
            case ThreadPointer(channel=channel):
                return await self._point(delivery, channel)
            case FormProgress(view_id=view_id, submission_id=submission_id):
                subject, statuses = await self.store.read(_progress, submission_id)
                await self.announcer.show(view_id, statuses, subject)
                return Success()
            case _:
                raise TypeError(delivery.payload)

    async def _point(self, delivery: Delivery, channel: str) -> Success:
        subject = await self.store.read(in_its_thread, delivery)
        if subject.channel == channel or not subject.thread_ts:
            return Success()
        try:
            return Success(await self.announcer.point(channel, subject, delivery.key))
        except Closed:
            return Success()  # who began it sees in the window where the thread is

    async def look(self, delivery: Delivery) -> LookResult:
        """Look for the message that an earlier attempt may have left."""
        if self.repeatable(delivery):
            return NotFound()
        try:
            return await self._find(delivery)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotFound()

    async def _find(self, delivery: Delivery) -> Success | NotFound:
        if isinstance(delivery.payload, ThreadPointer):
            found = await self.announcer.find(delivery.payload.channel, None, delivery.key)
            return Success(found) if found else NotFound()
        parent = isinstance(delivery.payload, Announcement)  # in no thread, but begins one
        where = threads.subject_of if parent else in_its_thread
        subject = await self.store.read(where, delivery)
        thread = None if parent else subject.thread_ts
        found = await self.announcer.find(subject.channel, thread, delivery.key)
        if not found:
            return NotFound()
        return _announced(subject, subject.channel, found) if parent else Success(found)

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether it only changes what is there already."""
        return isinstance(delivery.payload, FormProgress)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the owner privately what the thread could not be told."""
        if isinstance(delivery.payload, Receipt):
            subject = threads.subject_of(tx, delivery)
            text = (
                f"{error} The receipt could not be posted there. What is on "
                f"{delivery.payload.page_name} is not touched by this: look at the page."
            )
            title = f"“{in_short(subject.name)}”: no reply in its thread"
            notices.tell_owner(tx, subject, title, text, now)

    async def _say(
        self, delivery: Delivery, reply: Callable[[Incident | Maintenance], Awaitable[str]]
    ) -> Success:
        """Say something in a thread; where that is closed, go on elsewhere first."""
        try:
            return Success(await reply(await self.store.read(in_its_thread, delivery)))
        except Closed as error:
            left = await self.store.read(_whose_thread, delivery)
            if left.in_direct_messages:
                raise
            parent = replace(delivery, key=f"{delivery.key}:parent", subject_id=left.id)
            moved = await self._go_on(parent, left, error)
            await self.store.write(moved.record, delivery.due_at)
            with suppress(ProviderError):  # it stays as it is where that is forbidden too
                await self.announcer.leave(left, str(error))
        return Success(await reply(await self.store.read(in_its_thread, delivery)))

    async def _announce(self, delivery: Delivery) -> Success:
        message = await self.store.read(_parent_message, delivery)
        subject = message.subject
        if isinstance(subject, Maintenance) and subject.turned_into and not subject.series_id:
            return Success()  # its parent message is the incident's now
        try:
            return _announced(subject, *await self.announcer.announce(message, delivery.key))
        except Rejected as error:
            if not (isinstance(error, Closed) or subject.in_direct_messages):
                raise
            return await self._go_on(delivery, subject, error)

    async def _go_on(
        self, delivery: Delivery, subject: Incident | Maintenance, closed: Rejected
    ) -> Success:
        """Go on in the direct messages of the first who can be reached, since this is closed."""
        async for person in self._people(subject):
            # Written down first, so that a look knows where the message may be.
            await self.store.write(_move, subject, person, str(closed), delivery.due_at)
            message = await self.store.read(_parent_message, delivery)
            with suppress(Rejected):
                return _announced(subject, *await self.announcer.announce(message, delivery.key))
        _log.error("The thread has no place that can be reached.", subject=subject.id)
        await self.store.write(_move_back, subject)
        raise closed

    async def _people(self, subject: Incident | Maintenance) -> AsyncIterator[str]:
        if subject.owner_id:
            yield subject.owner_id
        for each in self.fallbacks:
            with suppress(Rejected):
                for person in await self.announcer.members(each):
                    yield person


def _announced(subject: Incident | Maintenance, channel: str, posted: str) -> Success:
    def record(tx: Tx, now: datetime) -> None:
        threads.move(tx, subject, channel, posted)
        # The page may have been quicker, so that the form does not lead to the thread yet.
        if not subject.thread_ts and (opened := submissions.latest(tx, subject.id)):
            notices.show_in_form(tx, opened, now)

    return Success(record=record)


def in_its_thread(tx: Tx, delivery: Delivery) -> Incident | Maintenance:
    """Return a subject where its thread is, which may be that of the incident it turned into."""
    subject, home = threads.subject_of(tx, delivery), _whose_thread(tx, delivery)
    return replace(subject, channel=home.channel, thread_ts=home.thread_ts)


def _whose_thread(tx: Tx, delivery: Delivery) -> Incident | Maintenance:
    subject = threads.subject_of(tx, delivery)
    turned = subject.turned_into if isinstance(subject, Maintenance) else None
    return (threads.get(tx, turned) if turned else None) or subject


def _parent_message(tx: Tx, delivery: Delivery) -> ParentMessage:
    subject = threads.subject_of(tx, delivery)
    found = _series(tx, subject) if isinstance(subject, Maintenance) else None
    if found:
        subject = found.current
    shown = []
    for publication in subject.publications:
        names = pages.names(tx, publication.page_id, publication.impacts)
        shown += [
            ShownComponent(names.get(component_id, component_id), status)
            for component_id, status in publication.impacts.items()
            if status is not ComponentStatus.OPERATIONAL
        ]
    watch = watches.get(tx, subject.id)
    return ParentMessage(
        subject,
        tuple(shown),
        in_the_way(subject.publications, deliveries.of_subject(tx, subject.id)),
        watch.shown if watch else Freshness.FRESH,
        found.series if found else None,
    )


def _series(tx: Tx, maintenance: Maintenance) -> SeriesStanding | None:
    recurrence = series.get(tx, maintenance.series_id or "")
    if not recurrence:
        return None
    ids = [each.subject_id for each in recurrence.windows if each.subject_id]
    return standing(recurrence, maintenances.get_many(tx, ids))


def _progress(
    tx: Tx, submission_id: str
) -> tuple[Incident | Maintenance | None, tuple[DeliveryStatus, ...]]:
    submission = submissions.get(tx, submission_id)
    subject = threads.get(tx, submission.subject_id) if submission else None
    there = {each.id: each for each in subject.publications} if subject else {}
    return subject, tuple(
        delivery_status(there[delivery.publication_id], delivery)
        for delivery in deliveries.of_submission(tx, submission_id)
    )


def _move(tx: Tx, subject: Incident | Maintenance, person: str, reason: str, now: datetime) -> None:
    """Keep the subject's thread in this person's direct messages, since it is closed to us."""
    threads.move(tx, subject, person, None)
    owner = subject.owner_name
    gone = "" if person == subject.owner_id else f"{owner}, who owns it, cannot be reached. "
    text = (
        f"{reason} {gone}The thread of “{in_short(subject.name)}” goes on here, in our direct "
        "messages. What is on the page is not touched by this."
    )
    title = "Foghorn cannot post in the channel"
    if subject.in_direct_messages:
        title = f"Somebody has to look after “{in_short(subject.name)}”"
    message = DirectMessage(person, title, text, subject_id=subject.id, passes_on=False)
    notices.tell(tx, now, message)


def _move_back(tx: Tx, subject: Incident | Maintenance) -> None:
    """Leave the subject's thread where it was."""
    threads.move(tx, subject, subject.channel, subject.thread_ts)
