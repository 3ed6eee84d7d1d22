"""Reminders and digests brought to the team."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.deliveries import Delivery, DigestPost, DirectMessage
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.digests import Digest, DigestTime, digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome
from bot.errors import Rejected
from bot.ports import Announcer, Clock
from bot.services.delivery.announcements import in_its_thread
from bot.services.delivery.outcomes import DeliveryHandler, LookResult, NotFound, Success
from bot.services.ledger import enqueue, notices
from bot.services.ledger.watches import is_unanswered
from bot.store import Database, Tx, deliveries, incidents, maintenances


@dataclass(frozen=True, slots=True)
class ReminderDelivery(DeliveryHandler):
    """Asks in the thread; where that cannot be, each who is asked privately.

    `digest_time` is when the digest is posted.
    """

    store: Database
    announcer: Announcer
    clock: Clock
    digest_time: DigestTime | None

    async def send(self, delivery: Delivery) -> Success:
        """Ask, unless it has been answered meanwhile."""
        if isinstance(delivery.payload, DigestPost):
            return await self._digest(delivery, delivery.payload)
        reminder = delivery.payload_as(Reminder)
        if not await self.store.read(is_unanswered, delivery.subject_id, reminder):
            return Success()
        subject = await self.store.read(in_its_thread, delivery)
        if subject.in_direct_messages:
            return Success(record=lambda tx, now: notices.ask(tx, subject, reminder, "", now))
        try:
            return Success(await self.announcer.remind(subject, reminder, delivery.key))
        except Rejected as error:
            return Success(record=partial(_ask_privately, subject, reminder, str(error)))

    async def look(self, delivery: Delivery) -> LookResult:
        """Look for the message that an earlier attempt may have left."""
        try:
            if isinstance(delivery.payload, DigestPost):
                found = await self.announcer.find(delivery.payload.channel, None, delivery.key)
            else:
                subject = await self.store.read(in_its_thread, delivery)
                found = await self.announcer.find(subject.channel, subject.thread_ts, delivery.key)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotFound()
        return Success(found) if found else NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        """Each question is asked once."""
        return False

    async def _digest(self, delivery: Delivery, post: DigestPost) -> Success:
        if not self.digest_time:
            return Success()
        found = await self.store.read(_read_digest, self.digest_time, self.clock.now())
        if not found:
            return Success()
        return Success(await self.announcer.digest(post.channel, found, delivery.key))


@dataclass(frozen=True, slots=True)
class ReminderOutcomeDelivery(DeliveryHandler):
    """Says below a question what came of it."""

    store: Database
    announcer: Announcer

    async def send(self, delivery: Delivery) -> Success:
        """Edit the question, if it was asked at all."""
        outcome = delivery.payload_as(ReminderOutcome)
        asked, posted = await self.store.read(_asked, outcome.question)
        if asked and posted:
            subject = await self.store.read(in_its_thread, delivery)
            await self.announcer.show_outcome(subject, asked, posted, outcome)
        return Success()


def _asked(tx: Tx, question: int) -> tuple[Reminder | DirectMessage | None, str | None]:
    delivery = deliveries.get(tx, question)
    asked = delivery.payload if delivery else None
    known = asked if isinstance(asked, Reminder | DirectMessage) else None
    return known, deliveries.remote_id(tx, question)


def _read_digest(tx: Tx, when: DigestTime, now: datetime) -> Digest:
    everything: list[Incident | Maintenance] = [
        *incidents.open_incidents(tx),
        *maintenances.open_maintenances(tx),
    ]
    return digest(everything, when, now)


def _ask_privately(
    subject: Incident | Maintenance, reminder: Reminder, reason: str, tx: Tx, now: datetime
) -> None:
    """Ask privately, and have the thread go on where it can."""
    deliveries.add(tx, [enqueue.parent_message(subject.id)], now)
    notices.ask(tx, subject, reminder, reason, now)
