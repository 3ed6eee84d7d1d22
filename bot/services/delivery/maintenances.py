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
from bot.domain.maintenances.planning import furthest
from bot.domain.pages import ComponentStatus, component_statuses
from bot.domain.receipts import Expectation
from bot.domain.subjects import Publication, PublicationState, PublishResult
from bot.domain.submissions import MaintenanceUpdateForm
from bot.ports import StatusPage
from bot.services.delivery import page_command
from bot.services.delivery.page_command import PageCommand, PageMatch, PageRequest
from bot.services.ledger import audit, enqueue, maintenance_drivers
from bot.services.ledger.audit import FOGHORN
from bot.store import Tx, deliveries, maintenances, subjects, submissions

UNDER = ComponentStatus.UNDER_MAINTENANCE
SCHEDULED, CANCELLED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELLED


class ScheduleMaintenance(PageCommand[MaintenanceDraft]):
    """A new maintenance."""

    opens = True

    def touches(self, draft: MaintenanceDraft) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: PageRequest[MaintenanceDraft]) -> PublishResult:
        return await page.schedule_maintenance(errand.draft, errand.key)

    async def seen(
        self, page: StatusPage, errand: PageRequest[MaintenanceDraft]
    ) -> Sequence[PageMatch]:
        notified = page_command.told(page, asked=Notice.NOW in errand.draft.notices)
        return [
            PageMatch(
                PublishResult(
                    each.id, each.updates[0].id if each.updates else None, notified=notified
                ),
                each.url or each.id,
            )
            for each in await page.find_maintenances(errand.draft, errand.since)
        ]

    def keep(
        self,
        tx: Tx,
        delivery: Delivery,
        draft: MaintenanceDraft,
        posted: PublishResult,
        now: datetime,
    ) -> None:
        maintenance = _maintenance(tx, delivery)
        before = subjects.publication_of(tx, delivery)
        there = replace(before, state=PublicationState.LIVE, remote_id=posted.remote_id)
        subjects.save_publication(tx, there)
        subjects.change(tx, maintenance.id, updated_at=now)
        audit.settled(tx, delivery, "published", now)
        wanted = replace(
            expectation(maintenance, SCHEDULED, draft.message, draft.component_ids),
            first=True,
            starts=draft.starts,
            ends=draft.ends,
        )
        owe_receipt(tx, delivery, wanted, posted, now)


class PostMaintenanceUpdate(PageCommand[MaintenanceUpdateDraft]):
    """An update of a maintenance, which may start or end it."""

    def touches(self, draft: MaintenanceUpdateDraft) -> Sequence[str]:
        return draft.component_ids

    async def put(
        self, page: StatusPage, errand: PageRequest[MaintenanceUpdateDraft]
    ) -> PublishResult:
        return await page.post_maintenance_update(errand.there, errand.draft, errand.held)

    async def seen(
        self, page: StatusPage, errand: PageRequest[MaintenanceUpdateDraft]
    ) -> Sequence[PageMatch]:
        draft = errand.draft
        notified = page_command.told(page, asked=draft.notify)
        found = await page.find_maintenance_updates(errand.there, draft, errand.since)
        return [
            PageMatch(PublishResult(errand.there, each.id, notified=notified), each.id)
            for each in found
        ]

    def keep(
        self,
        tx: Tx,
        delivery: Delivery,
        draft: MaintenanceUpdateDraft,
        posted: PublishResult,
        now: datetime,
    ) -> None:
        maintenance = _maintenance(tx, delivery)
        cancels = _cancels(tx, delivery)
        reached = CANCELLED if cancels and draft.status.is_over else draft.status
        where = maintenance, subjects.publication_of(tx, delivery)
        # The next form proposes what a person chose last, not what Foghorn did by itself.
        chosen = {"notify": draft.notify} if delivery.submission_id else {}
        record_status(tx, where, reached, now, message=draft.message, **chosen)
        audit.settled(tx, delivery, "published", now)
        if cancels and draft.status is SCHEDULED:
            return  # its removal follows at once, and is what there is to prove
        wanted = expectation(maintenance, draft.status, draft.message, draft.component_ids)
        own = UNDER if draft.begun else ComponentStatus.OPERATIONAL
        before = component_statuses(dict.fromkeys(draft.component_ids, own), posted.held)
        wanted = replace(wanted, before=before)
        owe_receipt(tx, delivery, replace(wanted, ends=draft.ends), posted, now)


class MoveMaintenance(PageCommand[WindowDraft]):
    """Another window, or other drivers: can be repeated, but only when nothing is on its way.

    A late first try would otherwise take back what came after it.
    """

    def touches(self, draft: WindowDraft) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: PageRequest[WindowDraft]) -> PublishResult:
        await page.move_maintenance(errand.there, errand.draft)
        return PublishResult(errand.there, None, notified=False)

    async def seen(self, page: StatusPage, errand: PageRequest[WindowDraft]) -> Sequence[PageMatch]:
        del page, errand
        return ()

    def keep(
        self, tx: Tx, delivery: Delivery, draft: WindowDraft, posted: PublishResult, now: datetime
    ) -> None:
        del draft, posted
        audit.settled(tx, delivery, "moved", now)
        deliveries.add(tx, [enqueue.parent_message(delivery.subject_id or "")], now)


class RemoveMaintenance(PageCommand[Removal]):
    """Taking a cancelled maintenance off a page that knows no such status."""

    repeatable = True

    def touches(self, draft: Removal) -> Sequence[str]:
        del draft
        return ()

    async def put(self, page: StatusPage, errand: PageRequest[Removal]) -> PublishResult:
        await page.delete_maintenance(errand.there)
        return PublishResult(errand.there, None, notified=False)

    async def seen(self, page: StatusPage, errand: PageRequest[Removal]) -> Sequence[PageMatch]:
        del page, errand
        return ()

    def keep(
        self, tx: Tx, delivery: Delivery, draft: Removal, posted: PublishResult, now: datetime
    ) -> None:
        del draft
        maintenance = _maintenance(tx, delivery)
        publication = subjects.publication_of(tx, delivery)
        record_status(tx, (maintenance, publication), CANCELLED, now)
        audit.settled(tx, delivery, "removed", now)
        kept = submissions.of_delivery(tx, delivery)
        told = (
            kept is not None and isinstance(kept.form, MaintenanceUpdateForm) and kept.form.notify
        )
        components = tuple(publication.impacts)
        wanted = expectation(maintenance, CANCELLED, maintenance.message, components)
        owe_receipt(tx, delivery, wanted, replace(posted, notified=told), now)


def record_status(
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
        deliveries.add(tx, [enqueue.parent_message(maintenance.id)], now)


def _goes_on(tx: Tx, maintenance: Maintenance, besides: Publication) -> bool:
    others = [each for each in maintenance_drivers.on_pages(maintenance) if each.id != besides.id]
    return any(
        not maintenance_drivers.on_page(tx, maintenance, each).status.is_over for each in others
    )


def expectation(
    maintenance: Maintenance,
    status: MaintenanceStatus,
    message: str,
    component_ids: Sequence[str],
) -> Expectation:
    """Return what the page should say: components under maintenance exactly while it runs."""
    running = status is MaintenanceStatus.IN_PROGRESS
    impact = UNDER if running else ComponentStatus.OPERATIONAL
    return Expectation(
        name=maintenance.name,
        status=status,
        message=message,
        impacts=dict.fromkeys(component_ids, impact),
        notified=False,
        author=FOGHORN,
        published_at=maintenance.starts_at,
        starts=maintenance.starts_at,
        ends=maintenance.ends_at,
    )


def owe_receipt(
    tx: Tx, delivery: Delivery, wanted: Expectation, posted: PublishResult, now: datetime
) -> None:
    """Owe the proof of what was published just now, with who published it."""
    kept = submissions.of_delivery(tx, delivery)
    wanted = replace(
        wanted,
        notified=posted.notified,
        note=posted.note,
        author=kept.author.name if kept else wanted.author,
        published_at=now,
    )
    deliveries.add(tx, [page_command.receipt(delivery, wanted)], now)


def _maintenance(tx: Tx, delivery: Delivery) -> Maintenance:
    """Return the maintenance, kept from others, since its status is read and then written."""
    maintenance = maintenances.lock(tx, delivery.subject_id or "")
    if not maintenance:
        raise LookupError(delivery.key)
    return maintenance


def _cancels(tx: Tx, delivery: Delivery) -> bool:
    kept = submissions.of_delivery(tx, delivery)
    form = kept.form if kept else None
    return isinstance(form, MaintenanceUpdateForm) and form.status is CANCELLED
