"""Looking whether a page has taken a step of a maintenance that it drives itself."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, StepCheck
from bot.domain.maintenances import PageMaintenance
from bot.domain.subjects import Driver, PublishResult, Step
from bot.errors import FoghornError
from bot.services.delivery.maintenances import UNDER, owe_receipt, read_back, record_status
from bot.services.delivery.outcomes import DeliveryHandler, Success
from bot.services.delivery.page_command import PageById
from bot.services.ledger import audit, notices
from bot.services.ledger.maintenance_drivers import CHECK_AFTER, MaintenanceOnPage
from bot.services.ledger.watches import Renew
from bot.store import Database, Tx, maintenances, subjects

PATIENCE = timedelta(minutes=3)
"""How long after its time a page may take a step, before Foghorn does it."""
_LONGEST_PAUSE = timedelta(seconds=60)
_ITSELF = "the page itself"


@dataclass(frozen=True, slots=True)
class StepCheckDelivery(DeliveryHandler):
    """Looks at a page after the time of a step, and follows it or takes over.

    `renew` is called when something has changed there.
    """

    store: Database
    page: PageById
    renew: Renew

    async def send(self, delivery: Delivery) -> Success:
        """Look; our own record follows what the page shows."""
        step = _step(delivery)
        publication = await self.store.read(subjects.publication_of, delivery)
        if publication.drivers.get(step) is not Driver.PAGE or not publication.remote_id:
            return Success()
        seen = await self.page(delivery.target).maintenance(publication.remote_id)
        if not seen.status.is_beyond(step):
            return Success(record=lambda tx, now: _not_yet(tx, delivery, now))
        return Success(record=lambda tx, now: self._follow(tx, delivery, seen, now))

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Say in the thread that nobody knows whether the step was taken."""
        maintenance = maintenances.get(tx, delivery.subject_id)
        if not maintenance:
            return
        done = "started" if _step(delivery) is Step.START else "completed"
        text = f"Foghorn cannot see whether the page has {done} it: {error} Look at the page."
        notices.note(tx, maintenance.id, text, delivery.key, now)
        title, text = "Look at the page of a maintenance", f"“{maintenance.name}”: {text}"
        notices.tell_owner(tx, maintenance, title, text, now)

    def _follow(self, tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
        _follow(tx, delivery, seen, now)
        self.renew(tx, delivery, now)


def _step(delivery: Delivery) -> Step:
    return delivery.payload_as(StepCheck).step


def _read(tx: Tx, delivery: Delivery) -> MaintenanceOnPage:
    """Return the maintenance as it was stored, kept from others."""
    maintenance = maintenances.lock(tx, delivery.subject_id)
    if not maintenance:
        raise LookupError(delivery.subject_id)
    return MaintenanceOnPage(maintenance, subjects.publication_of(tx, delivery))


def _not_yet(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Look again soon, or take the step over once the page had time enough."""
    stored, step = _read(tx, delivery), _step(delivery)
    there = MaintenanceOnPage.read(tx, stored.maintenance, stored.publication)
    overtaken = stored.maintenance.turned_into or there.status.is_beyond(step)
    if overtaken or stored.publication.drivers.get(step) is not Driver.PAGE:
        return
    passed = now - stored.maintenance.planned_at(step)
    if passed < timedelta():
        stored.watch(tx, [step])
    elif passed < PATIENCE:
        pause = min(max(passed, CHECK_AFTER), _LONGEST_PAUSE)
        stored.look_again(tx, step, now + pause)
    else:
        there.take_over(tx, step, now)


def _follow(tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
    """Write down the step that the page took, and owe the proof of it.

    A page without regard for others may have set components too well: the receipt puts them right.
    """
    stored, step = _read(tx, delivery), _step(delivery)
    maintenance, publication = stored.maintenance, stored.publication
    if MaintenanceOnPage.read(tx, maintenance, publication).status.is_beyond(step):
        return
    posts = [update for update in seen.updates if update.status is seen.status]
    message = posts[-1].message if posts else ""
    at = posts[0].at if posts else maintenance.planned_at(step)
    if seen.status.is_over:
        stored.unwatch(tx)
    maintenance = record_status(tx, maintenance, publication, seen.status, now, at=at)
    if message:
        subjects.change(tx, maintenance.id, message=message)
    audit.settled(tx, delivery, f"the page has reached {seen.status.value}", now)
    wanted = read_back(maintenance, seen.status, message, tuple(publication.impacts))
    if seen.status.is_over:
        wanted = replace(wanted, before=dict.fromkeys(publication.impacts, UNDER))
    result = PublishResult(seen.id, None, notified=maintenance.notifies_at(step))
    owe_receipt(tx, delivery, replace(wanted, author=_ITSELF), result, now)
