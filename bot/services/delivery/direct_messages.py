"""Messages to one person, brought to them or to whoever comes after them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.deliveries import Delivery, DirectMessage, ThreadNote
from bot.domain.subjects import is_group
from bot.errors import FoghornError, Rejected
from bot.ports import Announcer
from bot.services.delivery.outcomes import DeliveryHandler, LookResult, NotFound, Success
from bot.services.ledger import enqueue, notices
from bot.services.ledger.watches import is_unanswered
from bot.store import Database, Tx, deliveries, threads

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DirectMessageDelivery(DeliveryHandler):
    """Tells people; who cannot be told is followed by the owner, then by `fallbacks`, in order.

    Each of the `fallbacks` is people and groups who are told together. What nobody could be told
    stands in the subject's thread.
    """

    store: Database
    announcer: Announcer
    fallbacks: Sequence[Sequence[str]]

    async def send(self, delivery: Delivery) -> Success:
        """Tell one person, and owe the same to the others; a group is told member by member."""
        message = delivery.payload_as(DirectMessage)
        question = message.question
        if question and not await self.store.read(is_unanswered, delivery.subject_id, question):
            return Success()
        if not message.user_id:
            raise Rejected("Nobody owns it.")
        if is_group(message.user_id):
            members = await self._to_members(message)
            return Success(record=lambda tx, now: notices.tell(tx, now, members))
        sent = await self.announcer.tell(message, delivery.key)
        copy = replace(message, others=(), passes_on=False)
        others = [replace(copy, user_id=other) for other in message.others]
        return Success(sent, lambda tx, now: notices.tell(tx, now, *others))

    async def look(self, delivery: Delivery) -> LookResult:
        """Look for the message that an earlier attempt may have left."""
        message = delivery.payload_as(DirectMessage)
        if is_group(message.user_id):
            return NotFound()
        try:
            found = await self.announcer.find(message.user_id, None, delivery.key)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotFound()
        return Success(found) if found else NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        """Each message is sent once."""
        return False

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Owe it to whoever comes next, and in the end to the thread."""
        message = delivery.payload_as(DirectMessage)
        missed = (*message.missed, message.user_id)
        message = replace(message, missed=missed, reason=message.reason or str(error))
        if message.others:
            notices.tell(tx, now, message.to(message.others))
        elif message.passes_on:
            self._pass_on(tx, delivery, message, now)

    async def _to_members(self, message: DirectMessage) -> DirectMessage:
        group = message.user_id
        missed = (*message.missed, group)
        members = (*await self.announcer.members(group), *message.others)
        people = tuple(each for each in dict.fromkeys(members) if each not in missed)
        if not people:
            raise Rejected("Nobody is in the group.")
        return replace(message, missed=missed).to(people)

    def _pass_on(self, tx: Tx, delivery: Delivery, message: DirectMessage, now: datetime) -> None:
        subject = threads.get(tx, delivery.subject_id)
        owner = (subject.owner_id,) if subject and subject.owner_id else ()
        for rung in (owner, *self.fallbacks):
            if people := tuple(each for each in rung if each not in message.missed):
                notices.tell(tx, now, message.to(people))
                return
        _log.error("Nobody can be told in direct messages.", subject=delivery.subject_id)
        # Questions come privately only where the thread cannot be asked.
        if subject and not message.question:
            note = ThreadNote(message.title, undelivered=message)
            deliveries.add(tx, [enqueue.to_thread(subject.id, note, delivery.key + ":thread")], now)
