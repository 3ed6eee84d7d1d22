"""Maintenances, their updates, windows and removals on their way to a page."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.maintenances import (
    Maintenance,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    Removal,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus, component_statuses
from bot.domain.planning import furthest
from bot.domain.receipts import Wanted
from bot.domain.subjects import Posted, Publication, PublicationState
from bot.domain.submissions import MaintenanceProgress
from bot.ports import StatusPage
from bot.services import crafts, driving, owing
from bot.services.crafts import Craft, Errand, Seen
from bot.store import Tx, deliveries, maintenances, subjects

UNDER = ComponentStatus.UNDER_MAINTENANCE
SCHEDULED, CANCELLED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELLED


class Schedules(Craft[MaintenanceDraft]):
    """A new maintenance."""

    opens = True

    def touches(self, draft: MaintenanceDraft) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: Errand[MaintenanceDraft]) -> Posted:
        return await page.schedule_maintenance(errand.draft, errand.key)

    async def seen(self, page: StatusPage, errand: Errand[MaintenanceDraft]) -> Sequence[Seen]:
        notified = crafts.told(page, asked=Notice.NOW in errand.draft.notices)
        return [
            Seen(
                Posted(each.id, each.updates[0].id if each.updates else None, notified=notified),
                each.url or each.id,
            )
            for each in await page.find_maintenances(errand.draft, errand.since)
        ]

    def keep(
        self, tx: Tx, delivery: Delivery, draft: MaintenanceDraft, posted: Posted, now: datetime
    ) -> None:
        maintenance = _maintenance(tx, delivery)
        before = crafts.publication_of(tx, delivery)
        there = replace(before, state=PublicationState.LIVE, remote_id=posted.remote_id)
        subjects.save_publication(tx, there)
        subjects.change(tx, maintenance.id, updated_at=now)
        crafts.record(tx, delivery, "published", now)
        wanted = replace(
            wanted_of(maintenance, SCHEDULED, draft.message, draft.component_ids),
            first=True,
            starts=draft.starts,
            ends=draft.ends,
        )
        owe_receipt(tx, delivery, wanted, posted, now)


class Updates(Craft[MaintenanceUpdateDraft]):
    """An update of a maintenance, which may start or end it."""

    def touches(self, draft: MaintenanceUpdateDraft) -> Sequence[str]:
        return draft.component_ids

    async def put(self, page: StatusPage, errand: Errand[MaintenanceUpdateDraft]) -> Posted:
        return await page.post_maintenance_update(errand.there, errand.draft, errand.held)

    async def seen(
        self, page: StatusPage, errand: Errand[MaintenanceUpdateDraft]
    ) -> Sequence[Seen]:
        draft = errand.draft
        notified = crafts.told(page, asked=draft.notify)
        found = await page.find_maintenance_updates(errand.there, draft, errand.since)
        return [Seen(Posted(errand.there, each.id, notified=notified), each.id) for each in found]

    def keep(
        self,
        tx: Tx,
        delivery: Delivery,
        draft: MaintenanceUpdateDraft,
        posted: Posted,
        now: datetime,
    ) -> None:
        maintenance = _maintenance(tx, delivery)
        cancels = _cancels(tx, delivery)
        reached = CANCELLED if cancels and draft.status.is_over else draft.status
        where = maintenance, crafts.publication_of(tx, delivery)
        # The next form proposes what a person chose last, not what Foghorn did by itself.
        chosen = {"notify": draft.notify} if delivery.submission_id else {}
        came(tx, where, reached, now, message=draft.message, **chosen)
        crafts.record(tx, delivery, "published", now)
        if cancels and draft.status is SCHEDULED:
            return  # its removal follows at once, and is what there is to prove
        wanted = wanted_of(maintenance, draft.status, draft.message, draft.component_ids)
        own = UNDER if draft.begun else ComponentStatus.OPERATIONAL
        before = component_statuses(dict.fromkeys(draft.component_ids, own), posted.held)
        wanted = replace(wanted, before=before)
        owe_receipt(tx, delivery, replace(wanted, ends=draft.ends), posted, now)


class Windows(Craft[WindowDraft]):
    """Another window, or other drivers: can be repeated, but only when nothing is on its way.

    A late first try would otherwise take back what came after it.
    """

    def touches(self, draft: WindowDraft) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: Errand[WindowDraft]) -> Posted:
        await page.move_maintenance(errand.there, errand.draft)
        return Posted(errand.there, None, notified=False)

    async def seen(self, page: StatusPage, errand: Errand[WindowDraft]) -> Sequence[Seen]:
        del page, errand
        return ()

    def keep(
        self, tx: Tx, delivery: Delivery, draft: WindowDraft, posted: Posted, now: datetime
    ) -> None:
        del draft, posted
        crafts.record(tx, delivery, "moved", now)
        deliveries.add(tx, [owing.announcement(delivery.subject_id or "")], now)


class Removals(Craft[Removal]):
    """Taking a cancelled maintenance off a page that knows no such status."""

    repeatable = True

    def touches(self, draft: Removal) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: Errand[Removal]) -> Posted:
        await page.delete_maintenance(errand.there)
        return Posted(errand.there, None, notified=False)

    async def seen(self, page: StatusPage, errand: Errand[Removal]) -> Sequence[Seen]:
        del page, errand
        return ()

    def keep(
        self, tx: Tx, delivery: Delivery, draft: Removal, posted: Posted, now: datetime
    ) -> None:
        del draft
        maintenance = _maintenance(tx, delivery)
        publication = crafts.publication_of(tx, delivery)
        came(tx, (maintenance, publication), CANCELLED, now)
        crafts.record(tx, delivery, "removed", now)
        kept = crafts.submitted(tx, delivery)
        told = kept is not None and isinstance(kept.form, MaintenanceProgress) and kept.form.notify
        components = tuple(publication.impacts)
        wanted = wanted_of(maintenance, CANCELLED, maintenance.message, components)
        owe_receipt(tx, delivery, wanted, replace(posted, notified=told), now)


def came(
    tx: Tx,
    where: tuple[Maintenance, Publication],
    status: MaintenanceStatus,
    now: datetime,
    **more: object,
) -> None:
    """Write down how far a maintenance is, which is never back, and what was said last.

    It is over once it is over, or will be, on every page.
    """
    maintenance, publication = where
    reached = furthest(maintenance.status, status)
    if reached.is_over and _goes_on(tx, maintenance, publication):
        reached = furthest(maintenance.status, MaintenanceStatus.IN_PROGRESS)
    due = {"due_at": None} if reached.is_over else {}
    subjects.change(tx, maintenance.id, status=reached.value, updated_at=now, **due, **more)
    if reached is not maintenance.status:
        deliveries.add(tx, [owing.announcement(maintenance.id)], now)


def _goes_on(tx: Tx, maintenance: Maintenance, besides: Publication) -> bool:
    others = [each for each in driving.on_pages(maintenance) if each.id != besides.id]
    return any(not driving.on_page(tx, maintenance, each).status.is_over for each in others)


def wanted_of(
    maintenance: Maintenance,
    status: MaintenanceStatus,
    message: str,
    component_ids: Sequence[str],
) -> Wanted:
    """Return what the page should say: components under maintenance exactly while it runs."""
    running = status is MaintenanceStatus.IN_PROGRESS
    impact = UNDER if running else ComponentStatus.OPERATIONAL
    return Wanted(
        name=maintenance.name,
        status=status,
        message=message,
        impacts=dict.fromkeys(component_ids, impact),
        notified=False,
        author=owing.FOGHORN,
        published_at=maintenance.starts_at,
        starts=maintenance.starts_at,
        ends=maintenance.ends_at,
    )


def owe_receipt(tx: Tx, delivery: Delivery, wanted: Wanted, posted: Posted, now: datetime) -> None:
    """Owe the proof of what was published just now, with who published it."""
    kept = crafts.submitted(tx, delivery)
    wanted = replace(
        wanted,
        notified=posted.notified,
        note=posted.note,
        author=kept.author.name if kept else wanted.author,
        published_at=now,
    )
    deliveries.add(tx, [crafts.receipt(delivery, wanted)], now)


def _maintenance(tx: Tx, delivery: Delivery) -> Maintenance:
    """Return the maintenance, kept from others, since its status is read and then written."""
    maintenance = maintenances.lock(tx, delivery.subject_id or "")
    if not maintenance:
        raise LookupError(delivery.key)
    return maintenance


def _cancels(tx: Tx, delivery: Delivery) -> bool:
    kept = crafts.submitted(tx, delivery)
    form = kept.form if kept else None
    return isinstance(form, MaintenanceProgress) and form.status is CANCELLED
