"""Carrying checks: whether a page has taken a step of a maintenance that it drives itself."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, StepCheck
from bot.domain.maintenances import Maintenance, PageMaintenance
from bot.domain.maintenances.planning import is_beyond
from bot.domain.subjects import Driver, Publication, PublishResult, Step
from bot.errors import FoghornError
from bot.services.delivery.maintenances import UNDER, expectation, owe_receipt, record_status
from bot.services.delivery.outcomes import Ambiguity, NotFound, Success
from bot.services.delivery.page_command import PageById
from bot.services.ledger import audit, maintenance_drivers, notices
from bot.services.ledger.watches import Renew
from bot.store import Database, Tx, maintenances, subjects

PATIENCE = timedelta(minutes=3)
"""How long after its time a page may take a step, before Foghorn does it."""
_LONGEST_PAUSE = timedelta(seconds=60)
_ITSELF = "the page itself"


class StepCheckDelivery:
    """Looks at a page after the time of a step, and follows it or takes over."""

    most_doubts = None

    def __init__(self, store: Database, page: PageById, renew: Renew) -> None:
        """Take how to reach a page by our id, and what to call when something has changed there."""
        self._renew = renew
        self._store = store
        self._page = page

    async def send(self, delivery: Delivery) -> Success:
        """Look; our own record follows what the page shows."""
        step = _step(delivery)
        publication = await self._store.read(subjects.publication_of, delivery)
        if publication.drivers.get(step) is not Driver.PAGE or not publication.remote_id:
            return Success()
        seen = await self._page(delivery.target).maintenance(publication.remote_id)
        if not is_beyond(seen.status, step):
            return Success(record=lambda tx, now: _not_yet(tx, delivery, now))
        return Success(record=lambda tx, now: self._follow(tx, delivery, seen, now))

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
        """Looking twice does no harm, so there is nothing to look for."""
        del delivery
        return NotFound()

    def repeatable(self, delivery: Delivery) -> bool:
        """Reading and setting the same again can always be repeated."""
        del delivery
        return True

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Leave it at the log: what was to come waits for the page."""

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Say in the thread that nobody knows whether the step was taken."""
        maintenance = maintenances.get(tx, delivery.subject_id or "")
        if not maintenance:
            return
        done = "started" if _step(delivery) is Step.START else "completed"
        text = f"Foghorn cannot see whether the page has {done} it: {error} Look at the page."
        notices.note(tx, maintenance.id, text, delivery.key, now)
        title = "Look at the page of a maintenance"
        notices.tell_owner(tx, maintenance, title, f"“{maintenance.name}”: {text}", now)

    def _follow(self, tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
        _follow(tx, delivery, seen, now)
        self._renew(tx, delivery, now)


def _step(delivery: Delivery) -> Step:
    if not isinstance(delivery.payload, StepCheck):
        raise TypeError(delivery.payload)
    return delivery.payload.step


def _locked(tx: Tx, delivery: Delivery) -> tuple[Maintenance, Publication]:
    maintenance = maintenances.lock(tx, delivery.subject_id or "")
    if not maintenance:
        raise LookupError(delivery.subject_id)
    return maintenance, subjects.publication_of(tx, delivery)


def _not_yet(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Look again soon, or take the step over once the page had time enough."""
    maintenance, publication = _locked(tx, delivery)
    expected = maintenance_drivers.on_page(tx, maintenance, publication)
    step = _step(delivery)
    overtaken = maintenance.turned_into or is_beyond(expected.status, step)
    if overtaken or publication.drivers.get(step) is not Driver.PAGE:
        return
    passed = now - (maintenance.starts_at if step is Step.START else maintenance.ends_at)
    if passed < timedelta():
        maintenance_drivers.watch(tx, maintenance, publication, [step])
    elif passed < PATIENCE:
        pause = min(max(passed, maintenance_drivers.CHECK_AFTER), _LONGEST_PAUSE)
        maintenance_drivers.look_again(tx, publication, step, now + pause)
    else:
        maintenance_drivers.take_over(tx, expected, publication, step, now)


def _follow(tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
    """Write down the step that the page took, and owe the proof of it.

    A page without regard for others may have set components too well: the receipt puts them right.
    """
    maintenance, publication = _locked(tx, delivery)
    step = _step(delivery)
    if is_beyond(maintenance_drivers.on_page(tx, maintenance, publication).status, step):
        return
    words = [update.message for update in seen.updates if update.status is seen.status]
    message = words[-1] if words else ""
    if seen.status.is_over:
        maintenance_drivers.unwatch(tx, publication, tuple(Step))
    said = {"message": message} if message else {}
    record_status(tx, (maintenance, publication), seen.status, now, **said)
    audit.settled(tx, delivery, f"the page has reached {seen.status.value}", now)
    wanted = expectation(maintenance, seen.status, message, tuple(publication.impacts))
    if seen.status.is_over:
        wanted = replace(wanted, before=dict.fromkeys(publication.impacts, UNDER))
    told = maintenance_drivers.tells_of(maintenance, step)
    posted = PublishResult(seen.id, None, notified=told)
    owe_receipt(tx, delivery, replace(wanted, author=_ITSELF), posted, now)
