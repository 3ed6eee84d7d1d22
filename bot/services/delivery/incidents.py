"""Incidents and their updates on their way to a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus, component_statuses, worst
from bot.domain.receipts import ReadBack
from bot.domain.subjects import PublicationState, PublishResult
from bot.errors import Rejected
from bot.ports import StatusPage
from bot.services.delivery.page_command import Held, PageCommand, PageMatch, created, posted, told
from bot.services.ledger import audit, enqueue, maintenance_to_incident
from bot.store import Tx, deliveries, incidents, subjects, submissions


class CreateIncident(PageCommand):
    """A new incident."""

    opens = True

    def touches(self, delivery: Delivery) -> Iterable[str]:
        return delivery.payload_as(IncidentDraft).impacts

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        draft = delivery.payload_as(IncidentDraft)
        return await page.create_incident(draft, delivery.key, held)

    async def find(self, page: StatusPage, delivery: Delivery, there: str) -> Sequence[PageMatch]:
        draft = delivery.payload_as(IncidentDraft)
        notified, keeps = told(page, asked=draft.notify), page.capabilities.backdates
        return [
            created(each, notified, exact=keeps and each.started == draft.started)
            for each in await page.find_incidents(draft, delivery.since)
        ]

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        draft = delivery.payload_as(IncidentDraft)
        # Until it is known to be ours, a page may only tell the worst it does, as if to all.
        before = dict.fromkeys(draft.impacts, worst(draft.impacts.values()))
        _record(tx, delivery, draft, result, before, now)
        maintenance_to_incident.complete(tx, delivery.subject_id, delivery.target, now)


class PostUpdate(PageCommand):
    """An update of an incident, which may resolve it."""

    def touches(self, delivery: Delivery) -> Iterable[str]:
        return delivery.payload_as(UpdateDraft).impacts

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        draft = delivery.payload_as(UpdateDraft)
        return await page.post_update(there, draft, held)

    async def find(self, page: StatusPage, delivery: Delivery, there: str) -> Sequence[PageMatch]:
        draft = delivery.payload_as(UpdateDraft)
        found = await page.find_updates(there, draft, delivery.since)
        return [posted(each, there, draft, page) for each in found]

    async def is_deleted(self, page: StatusPage, there: str) -> bool:
        # An address or key that is another's says of everything that it is not there.
        try:
            return there not in {each.id for each in await page.open_incidents()}
        except Rejected:
            return False

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        draft = delivery.payload_as(UpdateDraft)
        before = dict.fromkeys(draft.impacts, ComponentStatus.OPERATIONAL) | dict(draft.before)
        _record(tx, delivery, draft, result, before, now)


def _record(  # noqa: PLR0913, PLR0917 -- `before` is what may already have been done in its name
    tx: Tx,
    delivery: Delivery,
    draft: IncidentDraft | UpdateDraft,
    result: PublishResult,
    before: Mapping[str, ComponentStatus],
    now: datetime,
) -> None:
    """Store what the page has now, and owe the receipt."""
    incident = incidents.get(tx, delivery.subject_id)
    submission = submissions.of_delivery(tx, delivery)
    if not incident or not submission:
        raise LookupError(delivery.key)
    impacts = {id_: each for id_, each in draft.impacts.items() if id_ not in result.left_out}
    there = replace(subjects.publication_of(tx, delivery), state=PublicationState.LIVE)
    subjects.save_publication(tx, replace(there, remote_id=result.remote_id, impacts=impacts))
    subjects.change(
        tx,
        incident.id,
        status=draft.status.value,
        message=draft.message,
        notify=draft.notify,
        updated_at=now,
    )
    audit.settled(tx, delivery, "published", now)
    read_back = ReadBack(
        name=incident.name,
        status=draft.status,
        message=draft.message,
        impacts=impacts,
        notified=result.notified,
        author=submission.author.name,
        published_at=now,
        note=result.note,
        first=isinstance(draft, IncidentDraft),
        before=component_statuses(before, result.held),
    )
    deliveries.add(tx, [enqueue.receipt(delivery, read_back)], now)
    if draft.status is IncidentStatus.RESOLVED:
        deliveries.add(tx, [enqueue.parent_message(incident.id)], now)
