"""Carrying checks: whether a page has taken a step of a maintenance that it drives itself."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Check, Delivery
from bot.domain.maintenances import Maintenance, PageMaintenance
from bot.domain.planning import is_beyond
from bot.domain.subjects import Driver, Posted, Publication, Step
from bot.errors import FoghornError
from bot.services import crafts, driving, steps
from bot.services.crafts import Reach
from bot.services.maintenance_drafts import UNDER, came, owe_receipt, wanted_of
from bot.services.reminders import Renew
from bot.services.verdicts import CannotTell, NotThere, Sent
from bot.store import Store, Tx, maintenances

PATIENCE = timedelta(minutes=3)
"""How long after its time a page may take a step, before Foghorn does it."""
_LONGEST_PAUSE = timedelta(seconds=60)
_ITSELF = "the page itself"


class Checks:
    """Looks at a page after the time of a step, and follows it or takes over."""

    most_doubts = None

    def __init__(self, store: Store, page: Reach, renew: Renew) -> None:
        """Take how to reach a page by our id, and what to call when something has changed there."""
        self._renew = renew
        self._store = store
        self._page = page

    async def send(self, delivery: Delivery) -> Sent:
        """Look; our own record follows what the page shows."""
        step = _step(delivery)
        publication = await self._store.read(crafts.publication_of, delivery)
        if publication.drivers.get(step) is not Driver.PAGE or not publication.remote_id:
            return Sent()
        seen = await self._page(delivery.target).maintenance(publication.remote_id)
        if not is_beyond(seen.status, step):
            return Sent(record=lambda tx, now: _not_yet(tx, delivery, now))
        return Sent(record=lambda tx, now: self._follow(tx, delivery, seen, now))

    async def look(self, delivery: Delivery) -> Sent | NotThere | CannotTell:
        """Looking twice does no harm, so there is nothing to look for."""
        del delivery
        return NotThere()

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
        driving.note(tx, maintenance.id, text, delivery.key, now)
        title = "Look at the page of a maintenance"
        steps.tell_owner(tx, maintenance, title, f"“{maintenance.name}”: {text}", now)

    def _follow(self, tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
        _follow(tx, delivery, seen, now)
        self._renew(tx, delivery, now)


def _step(delivery: Delivery) -> Step:
    if not isinstance(delivery.payload, Check):
        raise TypeError(delivery.payload)
    return delivery.payload.step


def _locked(tx: Tx, delivery: Delivery) -> tuple[Maintenance, Publication]:
    maintenance = maintenances.lock(tx, delivery.subject_id or "")
    if not maintenance:
        raise LookupError(delivery.subject_id)
    return maintenance, crafts.publication_of(tx, delivery)


def _not_yet(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Look again soon, or take the step over once the page had time enough."""
    maintenance, publication = _locked(tx, delivery)
    foreseen = driving.on_page(tx, maintenance, publication)
    step = _step(delivery)
    overtaken = maintenance.turned_into or is_beyond(foreseen.status, step)
    if overtaken or publication.drivers.get(step) is not Driver.PAGE:
        return
    passed = now - (maintenance.starts_at if step is Step.START else maintenance.ends_at)
    if passed < timedelta():
        driving.watch(tx, maintenance, publication, [step])
    elif passed < PATIENCE:
        pause = min(max(passed, driving.CHECK_AFTER), _LONGEST_PAUSE)
        driving.look_again(tx, publication, step, now + pause)
    else:
        steps.take_over(tx, foreseen, publication, step, now)


def _follow(tx: Tx, delivery: Delivery, seen: PageMaintenance, now: datetime) -> None:
    """Write down the step that the page took, and owe the proof of it.

    A page without regard for others may have set components too well: the receipt puts them right.
    """
    maintenance, publication = _locked(tx, delivery)
    step = _step(delivery)
    if is_beyond(driving.on_page(tx, maintenance, publication).status, step):
        return
    words = [update.message for update in seen.updates if update.status is seen.status]
    message = words[-1] if words else ""
    if seen.status.is_over:
        driving.unwatch(tx, publication, tuple(Step))
    said = {"message": message} if message else {}
    came(tx, (maintenance, publication), seen.status, now, **said)
    crafts.record(tx, delivery, f"the page has reached {seen.status.value}", now)
    wanted = wanted_of(maintenance, seen.status, message, tuple(publication.impacts))
    if seen.status.is_over:
        wanted = replace(wanted, before=dict.fromkeys(publication.impacts, UNDER))
    told = driving.tells_of(maintenance, step)
    posted = Posted(seen.id, None, notified=told)
    owe_receipt(tx, delivery, replace(wanted, author=_ITSELF), posted, now)
