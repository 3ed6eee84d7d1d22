"""Carrying reminders and digests to the team, and to somebody else when they cannot be reached."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.domain.deliveries import Delivery, DigestPost, DirectMessage, NewDelivery, Remind
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.digests import Digest, DigestTime, digest
from bot.domain.reminders.ladders import Rung
from bot.domain.subjects import in_short
from bot.errors import Closed, FoghornError, Rejected
from bot.ports import Announcer, Clock
from bot.services.delivery import announcements
from bot.services.delivery.outcomes import Ambiguity, NotFound, Success
from bot.services.ledger.watches import is_answered
from bot.store import Database, Tx, deliveries, incidents, maintenances, watches

_log = structlog.get_logger(__name__)


class ReminderDelivery:
    """Asks in the thread; where that is closed, the owner; and whoever comes after the owner."""

    most_doubts = None

    def __init__(
        self,
        store: Database,
        announcer: Announcer,
        clock: Clock,
        heirs: Sequence[str],
        when: DigestTime | None,
    ) -> None:
        """Take the door to the team, and who is asked when an owner cannot be, the nearest first.

        `when` is the time of the digest.
        """
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._heirs = heirs
        self._when = when

    async def send(self, delivery: Delivery) -> Success:
        """Ask, unless it has been answered meanwhile."""
        if isinstance(delivery.payload, DigestPost):
            return await self._digest(delivery, delivery.payload)
        subject = await self._store.read(announcements.place, delivery)
        remind = _remind(delivery)
        kept = await self._store.read(watches.get, subject.id)
        passed_on = remind.rung is Rung.OWNER and subject.owner_id not in remind.people
        if not subject.is_open or is_answered(kept, remind) or passed_on:
            return Success()
        try:
            return Success(await self._announcer.remind(subject, remind, delivery.key))
        except Closed as error:
            if subject.channel != subject.owner_id:
                await self._store.write(
                    announcements.move_to_owner, subject, str(error), self._clock.now()
                )
                return await self.send(delivery)
            return await self._ask_heirs(subject, remind, str(error))
        except Rejected as error:
            if subject.channel != subject.owner_id:
                raise
            return await self._ask_heirs(subject, remind, str(error))

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
        """Look for the message that an earlier attempt may have left."""
        try:
            if isinstance(delivery.payload, DigestPost):
                found = await self._announcer.find(delivery.payload.channel, None, delivery.key)
            else:
                subject = await self._store.read(announcements.place, delivery)
                found = await self._announcer.find(subject.channel, subject.thread_ts, delivery.key)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotFound()
        return Success(found) if found else NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        """Each question is asked once."""
        del delivery
        return False

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Leave it at the log: it is asked when Slack takes it."""

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Ask the owner privately what the thread could not be asked."""
        if isinstance(delivery.payload, Remind):
            subject = announcements.place(tx, delivery)
            _owe(tx, subject, _remind(delivery), (subject.owner_id, *self._heirs), str(error), now)

    async def _digest(self, delivery: Delivery, payload: DigestPost) -> Success:
        if not self._when:
            return Success()
        told = await self._store.read(_told, self._when, self._clock.now())
        if not told:
            return Success()
        return Success(await self._announcer.digest(payload.channel, told, delivery.key))

    async def _ask_heirs(
        self, subject: Incident | Maintenance, remind: Remind, reason: str
    ) -> Success:
        """Ask whoever comes after an owner who cannot be reached any more."""
        people = [person for heir in self._heirs for person in await self._announcer.members(heir)]
        heirs = tuple(dict.fromkeys(each for each in people if each != subject.owner_id))
        if not heirs:
            _log.error("Nobody can be asked about a subject.", subject=subject.id)
        return Success(record=lambda tx, now: _owe(tx, subject, remind, heirs, reason, now))


def _remind(delivery: Delivery) -> Remind:
    if not isinstance(delivery.payload, Remind):
        raise TypeError(delivery.payload)
    return delivery.payload


def _told(tx: Tx, when: DigestTime, now: datetime) -> Digest:
    everything: list[Incident | Maintenance] = [
        *incidents.open_incidents(tx),
        *maintenances.open_maintenances(tx),
    ]
    return digest(everything, when, now)


def _owe(  # noqa: PLR0913, PLR0917 -- what, to whom, why, when
    tx: Tx,
    subject: Incident | Maintenance,
    remind: Remind,
    people: Sequence[str],
    reason: str,
    now: datetime,
) -> None:
    """Owe the question to the first of these people; each of the others is the next one's heir."""
    if not people:
        return
    first, *rest = people
    letter = DirectMessage(
        user_id=first,
        title=f"Somebody has to look after “{in_short(subject.name)}”",
        text=f"{remind.text} You are asked because {subject.owner_name} could not be: {reason}",
        heirs=tuple(rest),
    )
    key = f"tell:{uuid.uuid4().hex}"
    owed = NewDelivery(key=key, lane=key, target="slack", payload=letter, subject_id=subject.id)
    deliveries.add(tx, [owed], now)
