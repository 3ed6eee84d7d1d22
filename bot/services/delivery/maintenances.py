"""Maintenances, their updates, windows and removals on their way to a page."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.maintenances import (
    Maintenance,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus, component_statuses
from bot.domain.receipts import ReadBack
from bot.domain.subjects import Publication, PublicationState, PublishResult
from bot.domain.submissions import MaintenanceUpdateForm
from bot.ports import StatusPage
from bot.services.delivery.page_command import Held, PageCommand, PageMatch, created, posted, told
from bot.services.ledger import audit, enqueue
from bot.services.ledger.maintenance_drivers import MaintenanceOnPage
from bot.store import Tx, deliveries, maintenances, subjects, submissions

UNDER = ComponentStatus.UNDER_MAINTENANCE
SCHEDULED, CANCELLED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELLED


class ScheduleMaintenance(PageCommand):
    """A new maintenance."""

    opens = True

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        draft = delivery.payload_as(MaintenanceDraft)
        return await page.schedule_maintenance(draft, delivery.key)

    async def find(self, page: StatusPage, delivery: Delivery, there: str) -> Sequence[PageMatch]:
        draft = delivery.payload_as(MaintenanceDraft)
        notified = told(page, asked=Notice.NOW in draft.notices)
        return [
            created(each, notified) for each in await page.find_maintenances(draft, delivery.since)
        ]

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        draft = delivery.payload_as(MaintenanceDraft)
        maintenance = _locked(tx, delivery)
        there = replace(subjects.publication_of(tx, delivery), state=PublicationState.LIVE)
        subjects.save_publication(tx, replace(there, remote_id=result.remote_id))
        subjects.change(tx, maintenance.id, updated_at=now)
        audit.settled(tx, delivery, "published", now)
        wanted = read_back(maintenance, SCHEDULED, draft.message, draft.component_ids)
        wanted = replace(wanted, first=True, starts=draft.starts, ends=draft.ends)
        owe_receipt(tx, delivery, wanted, result, now)


class PostMaintenanceUpdate(PageCommand):
    """An update of a maintenance, which may start or end it."""

    def touches(self, delivery: Delivery) -> Iterable[str]:
        return delivery.payload_as(MaintenanceUpdateDraft).component_ids

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        draft = delivery.payload_as(MaintenanceUpdateDraft)
        return await page.post_maintenance_update(there, draft, held)

    async def find(self, page: StatusPage, delivery: Delivery, there: str) -> Sequence[PageMatch]:
        draft = delivery.payload_as(MaintenanceUpdateDraft)
        found = await page.find_maintenance_updates(there, draft, delivery.since)
        return [posted(each, there, draft, page) for each in found]

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        draft = delivery.payload_as(MaintenanceUpdateDraft)
        maintenance = _locked(tx, delivery)
        cancels = _cancels(tx, delivery)
        reached = CANCELLED if cancels and draft.status.is_over else draft.status
        there = subjects.publication_of(tx, delivery)
        maintenance = record_status(tx, maintenance, there, reached, now, at=draft.at)
        # The next form proposes what a person chose last, not what Foghorn did by itself.
        chosen = {"notify": draft.notify} if delivery.submission_id else {}
        subjects.change(tx, maintenance.id, message=draft.message, **chosen)
        audit.settled(tx, delivery, "published", now)
        if cancels and draft.status is SCHEDULED:
            return  # its removal follows at once, and is what there is to prove
        wanted = read_back(maintenance, draft.status, draft.message, draft.component_ids)
        own = UNDER if draft.begun else ComponentStatus.OPERATIONAL
        before = component_statuses(dict.fromkeys(draft.component_ids, own), result.held)
        wanted = replace(wanted, before=before, ends=draft.ends)
        owe_receipt(tx, delivery, wanted, result, now)


class MoveMaintenance(PageCommand):
    """Another window, or other drivers: can be repeated, but only when nothing is on its way.

    A late first try would otherwise take back what came after it.
    """

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        draft = delivery.payload_as(WindowDraft)
        await page.move_maintenance(there, draft)
        return PublishResult(there, None, notified=False)

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        audit.settled(tx, delivery, "moved", now)
        deliveries.add(tx, [enqueue.parent_message(delivery.subject_id)], now)


class RemoveMaintenance(PageCommand):
    """Taking a cancelled maintenance off a page that knows no such status."""

    repeatable = True

    async def put(
        self, page: StatusPage, delivery: Delivery, there: str, held: Held
    ) -> PublishResult:
        await page.delete_maintenance(there)
        return PublishResult(there, None, notified=False)

    def record(self, tx: Tx, delivery: Delivery, result: PublishResult, now: datetime) -> None:
        maintenance = _locked(tx, delivery)
        publication = subjects.publication_of(tx, delivery)
        maintenance = record_status(tx, maintenance, publication, CANCELLED, now, at=now)
        audit.settled(tx, delivery, "removed", now)
        form = _form(tx, delivery)
        wanted = read_back(maintenance, CANCELLED, maintenance.message, tuple(publication.impacts))
        notified = form is not None and form.notify
        owe_receipt(tx, delivery, wanted, replace(result, notified=notified), now)


def record_status(  # noqa: PLR0913 -- each says one thing of the step
    tx: Tx,
    maintenance: Maintenance,
    publication: Publication,
    status: MaintenanceStatus,
    now: datetime,
    *,
    at: datetime,
) -> Maintenance:
    """Write down how far a maintenance is on a page, which is never back, and since `at`.

    It is over once it is over, or will be, on every page.
    """
    reached = maintenance.status.furthest(status)
    if reached.is_over and _goes_on(tx, maintenance, publication):
        reached = maintenance.status.furthest(MaintenanceStatus.IN_PROGRESS)
    due = {"due_at": None} if reached.is_over else {}
    subjects.change(tx, maintenance.id, status=reached.value, updated_at=now, **due)
    if reached is maintenance.status:
        return maintenance
    deliveries.add(tx, [enqueue.parent_message(maintenance.id)], now)
    changed = maintenance
    if reached is MaintenanceStatus.IN_PROGRESS:
        changed = replace(maintenance, began_at=at)
    elif maintenance.status is MaintenanceStatus.IN_PROGRESS:
        changed = replace(maintenance, ended_at=at)
    maintenances.save_run(tx, changed)
    return changed


def _goes_on(tx: Tx, maintenance: Maintenance, besides: Publication) -> bool:
    others = [each for each in maintenance.on_pages if each.id != besides.id]
    return any(not MaintenanceOnPage.read(tx, maintenance, each).status.is_over for each in others)


def read_back(
    maintenance: Maintenance, status: MaintenanceStatus, message: str, component_ids: Sequence[str]
) -> ReadBack:
    """Return what the page should say: components under maintenance exactly while it runs."""
    running = status is MaintenanceStatus.IN_PROGRESS
    impact = UNDER if running else ComponentStatus.OPERATIONAL
    return ReadBack(
        name=maintenance.name,
        status=status,
        message=message,
        impacts=dict.fromkeys(component_ids, impact),
        notified=False,
        author=audit.FOGHORN,
        published_at=maintenance.starts_at,
        starts=maintenance.starts_at,
        ends=maintenance.ends_at,
        began=maintenance.began_at,
        ended=maintenance.ended_at,
    )


def owe_receipt(
    tx: Tx, delivery: Delivery, wanted: ReadBack, result: PublishResult, now: datetime
) -> None:
    """Owe the proof of what was published just now, with who published it."""
    submission = submissions.of_delivery(tx, delivery)
    wanted = replace(
        wanted,
        notified=result.notified,
        note=result.note,
        author=submission.author.name if submission else wanted.author,
        published_at=now,
    )
    deliveries.add(tx, [enqueue.receipt(delivery, wanted)], now)


def _locked(tx: Tx, delivery: Delivery) -> Maintenance:
    """Return the maintenance, kept from others, since its status is read and then written."""
    maintenance = maintenances.lock(tx, delivery.subject_id)
    if not maintenance:
        raise LookupError(delivery.key)
    return maintenance


def _form(tx: Tx, delivery: Delivery) -> MaintenanceUpdateForm | None:
    submission = submissions.of_delivery(tx, delivery)
    form = submission.form if submission else None
    return form if isinstance(form, MaintenanceUpdateForm) else None


def _cancels(tx: Tx, delivery: Delivery) -> bool:
    form = _form(tx, delivery)
    return form is not None and form.status is CANCELLED
