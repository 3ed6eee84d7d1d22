"""Reminders and digests brought to the team, and to somebody else when they cannot be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.deliveries import Delivery, DigestPost, DirectMessage
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.digests import Digest, DigestTime, digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, Rung
from bot.domain.reminders.watches import is_answered
from bot.domain.subjects import in_short
from bot.errors import Closed, FoghornError, Rejected
from bot.ports import Announcer, Clock
from bot.services.delivery.announcements import in_its_thread, move_to_owner
from bot.services.delivery.outcomes import DeliveryHandler, LookResult, NotFound, Success
from bot.services.ledger import notices
from bot.store import Database, Tx, deliveries, incidents, maintenances, watches

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReminderDelivery(DeliveryHandler):
    """Asks in the thread; where that is closed, the owner; and whoever comes after the owner.

    `fallbacks` are asked when an owner cannot be, the nearest first; `digest_time` is when the
    digest is posted.
    """

    store: Database
    announcer: Announcer
    clock: Clock
    fallbacks: Sequence[str]
    digest_time: DigestTime | None

    async def send(self, delivery: Delivery) -> Success:
        """Ask, unless it has been answered meanwhile."""
        if isinstance(delivery.payload, DigestPost):
            return await self._digest(delivery, delivery.payload)
        subject = await self.store.read(in_its_thread, delivery)
        reminder = delivery.payload_as(Reminder)
        watch = await self.store.read(watches.get, subject.id)
        passed_on = reminder.rung is Rung.OWNER and subject.owner_id not in reminder.people
        if not subject.is_open or is_answered(watch, reminder) or passed_on:
            return Success()
        try:
            return Success(await self.announcer.remind(subject, reminder, delivery.key))
        except Closed as error:
            if subject.channel != subject.owner_id:
                await self.store.write(move_to_owner, subject, str(error), self.clock.now())
                return await self.send(delivery)
            return await self._ask_others(subject, reminder, str(error))
        except Rejected as error:
            if subject.channel != subject.owner_id:
                raise
            return await self._ask_others(subject, reminder, str(error))

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

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Ask the owner privately what the thread could not be asked."""
        if isinstance(delivery.payload, Reminder):
            subject = in_its_thread(tx, delivery)
            message = _question(subject, delivery.payload, str(error))
            people = (subject.owner_id, *self.fallbacks)
            notices.tell_first(tx, now, people, message, subject_id=subject.id)

    async def _digest(self, delivery: Delivery, post: DigestPost) -> Success:
        if not self.digest_time:
            return Success()
        found = await self.store.read(_read_digest, self.digest_time, self.clock.now())
        if not found:
            return Success()
        return Success(await self.announcer.digest(post.channel, found, delivery.key))

    async def _ask_others(
        self, subject: Incident | Maintenance, reminder: Reminder, reason: str
    ) -> Success:
        """Ask whoever comes after an owner who cannot be reached any more."""
        people = [
            person for each in self.fallbacks for person in await self.announcer.members(each)
        ]
        others = tuple(dict.fromkeys(each for each in people if each != subject.owner_id))
        if not others:
            _log.error("Nobody can be asked about a subject.", subject=subject.id)
        message = _question(subject, reminder, reason)
        return Success(
            record=lambda tx, now: notices.tell_first(
                tx, now, others, message, subject_id=subject.id
            )
        )


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
            question = asked.payload_as(Reminder)
            await self.announcer.show_outcome(subject, question, posted, outcome)
        return Success()


def _asked(tx: Tx, question: int) -> tuple[Delivery | None, str | None]:
    return deliveries.get(tx, question), deliveries.remote_id(tx, question)


def _read_digest(tx: Tx, when: DigestTime, now: datetime) -> Digest:
    everything: list[Incident | Maintenance] = [
        *incidents.open_incidents(tx),
        *maintenances.open_maintenances(tx),
    ]
    return digest(everything, when, now)


def _question(subject: Incident | Maintenance, reminder: Reminder, reason: str) -> DirectMessage:
    """Return the question as a message to somebody other than the owner."""
    return DirectMessage(
        user_id="",
        title=f"Somebody has to look after “{in_short(subject.name)}”",
        text=f"{reminder.text} You are asked because {subject.owner_name} could not be: {reason}",
    )
