"""Receipts: reading the page back after a publish, and saying what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.deliveries import Delivery, State
from bot.domain.incidents import IncidentStatus, PageIncident
from bot.domain.maintenances import MaintenanceStatus, PageMaintenance
from bot.domain.pages import ComponentStatus, Hold, component_statuses, corrections, held
from bot.domain.receipts import ReadBack, Receipt, ShownComponent, differences
from bot.domain.subjects import Publication
from bot.errors import FoghornError, Gone, Unavailable, Uncertain
from bot.ports import StatusPage
from bot.services.delivery.component_holds import all_holds, besides
from bot.services.delivery.outcomes import DeliveryHandler, Success
from bot.services.delivery.page_command import PageById
from bot.services.ledger import enqueue, notices
from bot.store import Database, Tx, deliveries, pages, subjects, threads, watches

_TRIES = 6
_ROUNDS = 3
"""How often to look again at once after setting components."""


@dataclass(frozen=True, slots=True)
class ReceiptDelivery(DeliveryHandler):
    """Reads what was published back, and owes the thread what the page says now."""

    store: Database
    page: PageById

    async def send(self, delivery: Delivery) -> Success:
        """Read the page; after some tries, say that it could not be read."""
        wanted, page = delivery.payload_as(ReadBack), self.page(delivery.target)
        publication = await self.store.read(subjects.publication_of, delivery)
        shown: Mapping[str, ComponentStatus] = {}
        try:
            receipt, shown = await self._read(page, delivery, wanted, publication)
        except Gone as error:
            receipt = _unread(wanted, publication, str(error))
        except Unavailable as error:
            if delivery.attempts < _TRIES:
                raise
            receipt = _unread(wanted, publication, str(error))
        receipt = replace(receipt, has_subscribers=page.capabilities.has_subscribers)

        def record(tx: Tx, now: datetime) -> None:
            _owe(tx, delivery, receipt, now)
            # Forms and lists know at once what the next reading of the whole page would tell them.
            pages.show(tx, delivery.target, shown)

        return Success(record=record)

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Show once that it is published, though without a receipt yet."""
        if delivery.attempts == 1:
            notices.show_progress(tx, delivery, now)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Owe a receipt that says why the page could not be read."""
        if delivery.state is State.REFUSED:
            publication = subjects.publication_of(tx, delivery)
            _owe(tx, delivery, _unread(delivery.payload_as(ReadBack), publication, str(error)), now)

    async def _read(
        self, page: StatusPage, delivery: Delivery, wanted: ReadBack, publication: Publication
    ) -> tuple[Receipt, Mapping[str, ComponentStatus]]:
        """Return the receipt, and the status that the page shows of each component concerned."""
        if wanted.status is MaintenanceStatus.CANCELLED and not page.capabilities.keeps_cancelled:
            return await _read_removed(page, wanted, publication), {}
        last = delivery.attempts >= _TRIES
        shown, holds = await self._put_right(page, wanted, publication.remote_id or "", last=last)
        names = await self.store.read(pages.names, delivery.target, wanted.impacts)
        return _receipt(wanted, publication, shown, holds, names), shown.shown

    async def _put_right(
        self, page: StatusPage, wanted: ReadBack, remote_id: str, *, last: bool
    ) -> tuple[PageIncident | PageMaintenance, tuple[Hold, ...]]:
        """Read the page, and what others do to it, until shared components are as all make them.

        Every write to a page is followed by such a look of its writer's, this one's own writes too.
        So whatever else ran at once, here or elsewhere, the last to write or to change what holds a
        component sees all of it, and sets it right. At the `last` try the page is only read.
        """
        ours = wanted.ours
        for _ in range(_ROUNDS):
            shown = await _shown(page, wanted, remote_id)
            holds = await all_holds(self.store, page) if wanted.impacts else ()
            others = besides(shown.id, holds)
            if last or not wanted.impacts or not page.capabilities.shares_component_status:
                return shown, others
            wrong = corrections(shown.shown, held(holds if shown.runs else others), ours)
            if not wrong:
                return shown, others
            try:
                await page.show_components(wrong)
            except Uncertain as error:
                raise Unavailable(str(error), error.retry_after) from error  # it can be repeated
            ours = component_statuses(ours | wrong, ours)
        raise Unavailable("The components of the page keep changing.")


async def _shown(
    page: StatusPage, wanted: ReadBack, remote_id: str
) -> PageIncident | PageMaintenance:
    if isinstance(wanted.status, MaintenanceStatus):
        return await page.maintenance(remote_id)
    return await page.incident(remote_id)


async def _read_removed(page: StatusPage, wanted: ReadBack, publication: Publication) -> Receipt:
    """Prove that the page has no longer what it cannot show as cancelled."""
    try:
        await page.maintenance(publication.remote_id or "")
    except Gone:
        gone = replace(_unread(wanted, publication, None), url=None)
        return replace(gone, note="It is no longer on the page.")
    still = _unread(wanted, publication, None)
    return replace(still, differences=("It is still on the page.",))


def _receipt(
    wanted: ReadBack,
    publication: Publication,
    page: PageIncident | PageMaintenance,
    holds: tuple[Hold, ...],
    names: dict[str, str],
) -> Receipt:
    expected = component_statuses(wanted.impacts, held(holds))
    holders = {
        hold.component_id: hold.source
        for hold in holds
        if hold.status is expected.get(hold.component_id)
        and hold.status is not wanted.impacts.get(hold.component_id)
    }
    components = tuple(
        ShownComponent(names.get(component_id, component_id), status, holders.get(component_id))
        for component_id, status in page.shown.items()
        if component_id in expected
    )
    return replace(
        _unread(wanted, publication, None),
        url=page.url,
        components=components,
        differences=differences(wanted, page, expected, names),
    )


def _unread(wanted: ReadBack, publication: Publication, reason: str | None) -> Receipt:
    return Receipt(
        page_name=publication.page_name,
        url=publication.url,
        status=wanted.status,
        message=wanted.message,
        author=wanted.author,
        published_at=wanted.published_at,
        notified=wanted.notified,
        note=wanted.note,
        first=wanted.first,
        starts=wanted.starts,
        ends=wanted.ends,
        began=wanted.began,
        ended=wanted.ended,
        unread=reason,
    )


def _owe(tx: Tx, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
    publication = subjects.publication_of(tx, delivery)
    if receipt.url:
        subjects.save_publication(tx, replace(publication, url=receipt.url))
    notices.show_progress(tx, delivery, now)
    subject, watch = threads.get(tx, delivery.subject_id), watches.get(tx, delivery.subject_id)
    # Of several pages that have it, the first one's receipt tells the channel that it is over.
    having = subject.on_pages[:1] if subject else ()
    first_page = [each.id for each in having] == [publication.id]
    over = receipt.status is IncidentStatus.RESOLVED or (
        isinstance(receipt.status, MaintenanceStatus) and receipt.status.is_over
    )
    promised = watch.promised if watch else None
    receipt = replace(receipt, promised=promised, broadcast=first_page and over)
    reply = enqueue.to_thread(delivery.subject_id, receipt, f"{delivery.key}:reply")
    deliveries.add(tx, [reply], now)
