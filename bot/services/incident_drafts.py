"""Incidents and their updates on their way to a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus, component_statuses, worst
from bot.domain.receipts import Wanted
from bot.domain.subjects import Posted, PublicationState
from bot.domain.submissions import Progress, Report
from bot.errors import Rejected
from bot.ports import StatusPage
from bot.services import crafts, handovers, owing
from bot.services.crafts import Craft, Errand, Seen
from bot.store import Tx, deliveries, incidents, subjects


class Incidents(Craft[IncidentDraft]):
    """A new incident."""

    opens = True

    def touches(self, draft: IncidentDraft) -> Sequence[str]:
        return tuple(draft.impacts)

    async def put(self, page: StatusPage, errand: Errand[IncidentDraft]) -> Posted:
        return await page.create_incident(errand.draft, errand.key, errand.held)

    async def seen(self, page: StatusPage, errand: Errand[IncidentDraft]) -> Sequence[Seen]:
        found = await page.find_incidents(errand.draft, errand.since)
        return [
            Seen(
                Posted(
                    each.id,
                    each.updates[0].id if each.updates else None,
                    notified=crafts.told(page, asked=errand.draft.notify),
                ),
                each.url or each.id,
            )
            for each in found
        ]

    def keep(
        self, tx: Tx, delivery: Delivery, draft: IncidentDraft, posted: Posted, now: datetime
    ) -> None:
        _keep(tx, delivery, draft, posted, now)
        handovers.complete(tx, delivery.subject_id or "", delivery.target, now)

    def lost(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        handovers.complete(tx, delivery.subject_id or "", delivery.target, now)


class Updates(Craft[UpdateDraft]):
    """An update of an incident, which may resolve it."""

    def touches(self, draft: UpdateDraft) -> Sequence[str]:
        return tuple(draft.impacts)

    async def put(self, page: StatusPage, errand: Errand[UpdateDraft]) -> Posted:
        return await page.post_update(errand.there, errand.draft, errand.held)

    async def seen(self, page: StatusPage, errand: Errand[UpdateDraft]) -> Sequence[Seen]:
        notified = crafts.told(page, asked=errand.draft.notify)
        return [
            Seen(Posted(errand.there, each.id, notified=notified), each.id)
            for each in await page.find_updates(errand.there, errand.draft, errand.since)
        ]

    async def is_deleted(self, page: StatusPage, there: str) -> bool:
        # An address or key that is another's says of everything that it is not there.
        try:
            return there not in {each.id for each in await page.open_incidents()}
        except Rejected:
            return False

    def keep(
        self, tx: Tx, delivery: Delivery, draft: UpdateDraft, posted: Posted, now: datetime
    ) -> None:
        _keep(tx, delivery, draft, posted, now)


def _keep(
    tx: Tx,
    delivery: Delivery,
    draft: IncidentDraft | UpdateDraft,
    posted: Posted,
    now: datetime,
) -> None:
    """Store what the page has now, and owe the receipt."""
    incident = incidents.get(tx, delivery.subject_id or "")
    kept = crafts.submitted(tx, delivery)
    if not incident or not kept or not isinstance(kept.form, Report | Progress):
        raise LookupError(delivery.key)
    impacts = {id_: each for id_, each in draft.impacts.items() if id_ not in posted.left_out}
    before = crafts.publication_of(tx, delivery)
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
    crafts.record(tx, delivery, "published", now)
    wanted = Wanted(
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
    deliveries.add(tx, [crafts.receipt(delivery, wanted)], now)
    if draft.status is IncidentStatus.RESOLVED:
        deliveries.add(tx, [owing.announcement(incident.id)], now)


def _before(draft: IncidentDraft | UpdateDraft) -> Mapping[str, ComponentStatus]:
    """Return what may already have been done to components in this incident's name.

    Until it is known to be ours, a page may only tell the worst it does, as if it did so to all.
    """
    if isinstance(draft, UpdateDraft):
        return dict.fromkeys(draft.impacts, ComponentStatus.OPERATIONAL) | dict(draft.before)
    return dict.fromkeys(draft.impacts, worst(draft.impacts.values()))
