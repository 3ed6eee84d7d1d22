"""Incidents and their updates on their way to a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus, component_statuses, worst
from bot.domain.receipts import Expectation
from bot.domain.subjects import PublicationState, PublishResult
from bot.domain.submissions import ReportForm, UpdateForm
from bot.errors import Rejected
from bot.ports import StatusPage
from bot.services.delivery import page_command
from bot.services.delivery.page_command import PageCommand, PageMatch, PageRequest
from bot.services.ledger import audit, enqueue, maintenance_to_incident
from bot.store import Tx, deliveries, incidents, subjects, submissions


class CreateIncident(PageCommand[IncidentDraft]):
    """A new incident."""

    opens = True

    def touches(self, draft: IncidentDraft) -> Sequence[str]:
        return tuple(draft.impacts)

    async def put(self, page: StatusPage, errand: PageRequest[IncidentDraft]) -> PublishResult:
        return await page.create_incident(errand.draft, errand.key, errand.held)

    async def seen(
        self, page: StatusPage, errand: PageRequest[IncidentDraft]
    ) -> Sequence[PageMatch]:
        found = await page.find_incidents(errand.draft, errand.since)
        return [
            PageMatch(
                PublishResult(
                    each.id,
                    each.updates[0].id if each.updates else None,
                    notified=page_command.told(page, asked=errand.draft.notify),
                ),
                each.url or each.id,
            )
            for each in found
        ]

    def keep(
        self, tx: Tx, delivery: Delivery, draft: IncidentDraft, posted: PublishResult, now: datetime
    ) -> None:
        _keep(tx, delivery, draft, posted, now)
        maintenance_to_incident.complete(tx, delivery.subject_id or "", delivery.target, now)

    def lost(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        maintenance_to_incident.complete(tx, delivery.subject_id or "", delivery.target, now)


class PostUpdate(PageCommand[UpdateDraft]):
    """An update of an incident, which may resolve it."""

    def touches(self, draft: UpdateDraft) -> Sequence[str]:
        return tuple(draft.impacts)

    async def put(self, page: StatusPage, errand: PageRequest[UpdateDraft]) -> PublishResult:
        return await page.post_update(errand.there, errand.draft, errand.held)

    async def seen(self, page: StatusPage, errand: PageRequest[UpdateDraft]) -> Sequence[PageMatch]:
        notified = page_command.told(page, asked=errand.draft.notify)
        return [
            PageMatch(PublishResult(errand.there, each.id, notified=notified), each.id)
            for each in await page.find_updates(errand.there, errand.draft, errand.since)
        ]

    async def is_deleted(self, page: StatusPage, there: str) -> bool:
        # An address or key that is another's says of everything that it is not there.
        try:
            return there not in {each.id for each in await page.open_incidents()}
        except Rejected:
            return False

    def keep(
        self, tx: Tx, delivery: Delivery, draft: UpdateDraft, posted: PublishResult, now: datetime
    ) -> None:
        _keep(tx, delivery, draft, posted, now)


def _keep(
    tx: Tx,
    delivery: Delivery,
    draft: IncidentDraft | UpdateDraft,
    posted: PublishResult,
    now: datetime,
) -> None:
    """Store what the page has now, and owe the receipt."""
    incident = incidents.get(tx, delivery.subject_id or "")
    kept = submissions.of_delivery(tx, delivery)
    if not incident or not kept or not isinstance(kept.form, ReportForm | UpdateForm):
        raise LookupError(delivery.key)
    impacts = {id_: each for id_, each in draft.impacts.items() if id_ not in posted.left_out}
    before = subjects.publication_of(tx, delivery)
    there = replace(before, state=PublicationState.LIVE, remote_id=posted.remote_id)
    subjects.save_publication(tx, replace(there, impacts=impacts))
    subjects.change(
        tx,
        incident.id,
        status=draft.status.value,
        message=draft.message,
        notify=draft.notify,
        updated_at=now,
    )
    audit.settled(tx, delivery, "published", now)
    wanted = Expectation(
        name=incident.name,
        status=draft.status,
        message=draft.message,
        impacts=impacts,
        notified=posted.notified,
        author=kept.author.name,
        published_at=now,
        note=posted.note,
        first=isinstance(draft, IncidentDraft),
        before=component_statuses(_before(draft), posted.held),
    )
    deliveries.add(tx, [page_command.receipt(delivery, wanted)], now)
    if draft.status is IncidentStatus.RESOLVED:
        deliveries.add(tx, [enqueue.parent_message(incident.id)], now)


def _before(draft: IncidentDraft | UpdateDraft) -> Mapping[str, ComponentStatus]:
    """Return what may already have been done to components in this incident's name.

    Until it is known to be ours, a page may only tell the worst it does, as if it did so to all.
    """
    if isinstance(draft, UpdateDraft):
        return dict.fromkeys(draft.impacts, ComponentStatus.OPERATIONAL) | dict(draft.before)
    return dict.fromkeys(draft.impacts, worst(draft.impacts.values()))
