"""Reminders and digests brought to the team."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.deliveries import Delivery, DigestPost, DirectMessage
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.digests import Digest, DigestTime, digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, Rung
from bot.domain.subjects import Subject
from bot.errors import FoghornError, Gone, ProviderError, Rejected
from bot.ports import Announcer, Clock
from bot.services.access import AskAbout
from bot.services.delivery.announcements import in_its_thread
from bot.services.delivery.outcomes import DeliveryHandler, LookResult, NotFound, Success
from bot.services.ledger import enqueue, notices
from bot.services.ledger.audit import ACTOR
from bot.services.ledger.watches import is_unanswered
from bot.store import Database, Tx, audit, deliveries, incidents, maintenances

_FRESH = timedelta(minutes=1)
"""For how long it holds what Slack said of an owner."""
_LATEST = 10
"""Among how many of a subject's questions and direct messages a later question is looked for."""


@dataclass(frozen=True, slots=True)
class ReminderDelivery(DeliveryHandler):
    """Asks in the thread; where that cannot be, each who is asked privately.

    `ask` says who somebody is. The first of the `fallbacks` with anybody in it is asked instead of
    an owner who cannot act any more. `digest_time` is when the digest is posted.
    """

    store: Database
    announcer: Announcer
    clock: Clock
    ask: AskAbout
    fallbacks: Sequence[Sequence[str]]
    digest_time: DigestTime | None
    _known: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    """When it was asked about an owner, and why they cannot act."""

    async def send(self, delivery: Delivery) -> Success:
        """Ask, unless it has been answered meanwhile."""
        if isinstance(delivery.payload, DigestPost):
            return await self._digest(delivery, delivery.payload)
        reminder = delivery.payload_as(Reminder)
        if not await self.store.read(_is_to_be_asked, delivery, reminder):
            return Success()
        subject = await self.store.read(in_its_thread, delivery)
        if why := await self._hindrance(subject, reminder):
            higher = self._higher(subject, reminder, why)
            return Success(record=partial(_ask_higher, delivery, higher, why))
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

    async def _hindrance(self, subject: Subject, reminder: Reminder) -> str:
        """Say why the owner, who is to be asked, cannot act; nothing while Slack does not say."""
        owner, now = subject.owner_id, self.clock.now()
        if not owner or owner not in reminder.people:
            return ""
        # Hundreds of questions may go to one owner at once.
        known = self._known.get(owner)
        if not known or now - known[0] > _FRESH:
            known = self._known[owner] = (now, await self._ask(owner))
        return f"{subject.owner_name} {known[1]}" if known[1] else ""

    async def _ask(self, owner: str) -> str:
        try:
            hindrance = (await self.ask(owner)).hindrance
        except Gone as error:
            return f"cannot be asked any more. {error}"
        except ProviderError:
            return ""
        return f"{hindrance}." if hindrance else ""

    def _higher(self, subject: Subject, reminder: Reminder, why: str) -> Reminder:
        """Return the question for those who are asked instead of the owner."""
        rungs = [[each for each in rung if each != subject.owner_id] for rung in self.fallbacks]
        people = tuple(next(filter(None, rungs), ()))
        rung = Rung.ESCALATION if people else Rung.CHANNEL
        call = "You are asked instead." if people else "Somebody has to take over."
        return replace(reminder, rung=rung, people=people, text=f"{reminder.text} {why} {call}")

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell those who come after an owner, since a digest has none."""
        people = next(filter(None, self.fallbacks), ())
        if isinstance(delivery.payload, DigestPost) and people:
            text = (
                f"{error} The daily list could not be posted in its channel. `/incident list` and "
                "`/maintenance list` show what is open and planned; FOGHORN_CHANNEL names another "
                "channel."
            )
            message = DirectMessage("", "No daily list in the channel", text)
            notices.tell(tx, now, message.to(people))

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


def _is_to_be_asked(tx: Tx, delivery: Delivery, reminder: Reminder) -> bool:
    """Say whether nobody has answered, and no later question about the subject waits behind it."""
    latest = deliveries.questions(tx, delivery.subject_id, _LATEST)
    later = (each for each in latest if each.id > delivery.id)
    if any(isinstance(each.payload, Reminder) for each in later):
        return False
    return is_unanswered(tx, delivery.subject_id, reminder)


def _read_digest(tx: Tx, when: DigestTime, now: datetime) -> Digest:
    everything: list[Incident | Maintenance] = [
        *incidents.open_incidents(tx),
        *maintenances.open_maintenances(tx),
    ]
    return digest(everything, when, now)


def _ask_higher(delivery: Delivery, higher: Reminder, why: str, tx: Tx, now: datetime) -> None:
    """Ask others than the owner."""
    subject_id = delivery.subject_id
    owed = enqueue.to_thread(subject_id, higher, f"{delivery.key}:higher")
    deliveries.add(tx, [owed], now)
    action, outcome = f"remind {higher.kind.value}", f"asked {higher.rung.value}: {why}"
    audit.record(tx, audit.Entry(now, ACTOR, action, outcome, subject_id))


def _ask_privately(
    subject: Incident | Maintenance, reminder: Reminder, reason: str, tx: Tx, now: datetime
) -> None:
    """Ask privately, and have the thread go on where it can."""
    deliveries.add(tx, [enqueue.parent_message(subject.id)], now)
    notices.ask(tx, subject, reminder, reason, now)
