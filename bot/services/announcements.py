"""Carrying news to the team: the parent message, its thread, private letters and open forms."""

import uuid
from datetime import datetime

import structlog

from bot.domain.bulletins import Bulletin, Standing, in_the_way, standing
from bot.domain.deliveries import Announce, Delivery, NewDelivery, Reply, Show, Tell
from bot.domain.incidents import Incident, in_short
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import ShownComponent
from bot.errors import Closed, FoghornError, Rejected
from bot.ports import Announcer
from bot.services.verdicts import CannotTell, NotThere, Sent
from bot.store import Store, Tx, deliveries, incidents, pages, submissions

_log = structlog.get_logger(__name__)


class Announcements:
    """Tells the team what the outbox and the pages did."""

    most_doubts = None

    def __init__(self, store: Store, announcer: Announcer) -> None:
        """Take the door to the team."""
        self._store = store
        self._announcer = announcer

    async def send(self, delivery: Delivery) -> Sent:
        """Post, edit or show what is owed."""
        match delivery.payload:
            case Announce():
                return await self._announce(delivery)
            case Reply():
                return await self._reply(delivery, delivery.payload)
            case Tell():
                return Sent(await self._announcer.tell(delivery.payload, delivery.key))
            case Show():
                standings = await self._store.read(_standings, delivery.payload.submission_id)
                await self._announcer.show(delivery.payload.view_id, standings)
                return Sent()
            case _:
                raise TypeError(delivery.payload)

    async def look(self, delivery: Delivery) -> Sent | NotThere | CannotTell:
        """Look for the message that an earlier attempt may have left."""
        if self.repeatable(delivery):
            return NotThere()
        try:
            return await self._find(delivery)
        except Rejected:
            # Where Slack lets us read nothing, a message twice is better than none.
            return NotThere()

    async def _find(self, delivery: Delivery) -> Sent | NotThere:
        if isinstance(delivery.payload, Tell):
            found = await self._announcer.find(delivery.payload.user_id, None, delivery.key)
            return Sent(found) if found else NotThere()
        incident = await self._store.read(_incident, delivery)
        found = await self._announcer.find(incident.channel, incident.thread_ts, delivery.key)
        if not found:
            return NotThere()
        if isinstance(delivery.payload, Announce) and not incident.thread_ts:
            return self._announced(incident, incident.channel, found)
        return Sent(found)

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether it only changes what is there already."""
        return isinstance(delivery.payload, Show)

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Leave it at the log: the team sees the news when Slack takes them."""

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the owner privately what the thread could not be told."""
        if isinstance(delivery.payload, Reply):
            incident = _incident(tx, delivery)
            text = (
                f"{error} The receipt could not be posted there. What is on "
                f"{delivery.payload.receipt.page_name} is not touched by this: look at the page."
            )
            title = f"“{in_short(incident.name)}”: no reply in its thread"
            _write_to(tx, incident, title, text, now)

    async def _announce(self, delivery: Delivery) -> Sent:
        bulletin = await self._store.read(_bulletin, delivery)
        incident = bulletin.incident
        try:
            channel, posted = await self._announcer.announce(bulletin, delivery.key)
        except Closed as error:
            if incident.channel == incident.owner_id:
                raise
            await self._store.write(_move_to_owner, incident, str(error), delivery.due_at)
            bulletin = await self._store.read(_bulletin, delivery)
            channel, posted = await self._announcer.announce(bulletin, delivery.key)
        return self._announced(incident, channel, posted)

    def _announced(self, incident: Incident, channel: str, posted: str) -> Sent:
        return Sent(
            record=lambda tx, _now: incidents.change(
                tx, incident.id, channel=channel, thread_ts=posted
            )
        )

    async def _reply(self, delivery: Delivery, reply: Reply) -> Sent:
        incident = await self._store.read(_incident, delivery)
        posted = await self._announcer.reply(
            incident, reply.receipt, delivery.key, broadcast=reply.broadcast
        )
        return Sent(posted)


def _incident(tx: Tx, delivery: Delivery) -> Incident:
    incident = incidents.get(tx, delivery.incident_id or "")
    if not incident:
        raise LookupError(delivery.incident_id)
    return incident


def _bulletin(tx: Tx, delivery: Delivery) -> Bulletin:
    incident = _incident(tx, delivery)
    shown = []
    for publication in incident.publications:
        names = pages.names(tx, publication.page_id, publication.impacts)
        shown += [
            ShownComponent(names.get(component_id, component_id), status)
            for component_id, status in publication.impacts.items()
            if status is not ComponentStatus.OPERATIONAL
        ]
    owed = deliveries.of_incident(tx, incident.id)
    return Bulletin(incident, tuple(shown), in_the_way(incident.publications, owed))


def _standings(tx: Tx, submission_id: str) -> tuple[Standing, ...]:
    kept = submissions.get(tx, submission_id)
    incident = incidents.get(tx, kept.incident_id or "") if kept else None
    there = {each.id: each for each in incident.publications} if incident else {}
    return tuple(
        standing(there[delivery.publication_id or ""], delivery)
        for delivery in deliveries.of_submission(tx, submission_id)
    )


def _move_to_owner(tx: Tx, incident: Incident, reason: str, now: datetime) -> None:
    """Keep the incident's thread in a direct message, since its channel is closed to us."""
    incidents.change(tx, incident.id, channel=incident.owner_id, thread_ts=None)
    text = (
        f"{reason} The thread of “{in_short(incident.name)}” goes on here, in our direct messages. "
        "What is on the page is not touched by this."
    )
    _write_to(tx, incident, "Foghorn cannot post in the channel", text, now)


def _write_to(tx: Tx, incident: Incident, title: str, text: str, now: datetime) -> None:
    key = f"tell:{uuid.uuid4().hex}"
    letter = Tell(incident.owner_id, title, text)
    deliveries.add(tx, [NewDelivery(key=key, lane=key, target="slack", payload=letter)], now)
