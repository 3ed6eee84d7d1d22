"""A maintenance that became an incident: its thread goes on, the maintenance itself ends."""

from datetime import datetime

from bot.domain import foreseen
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.maintenances.planning import TURNED
from bot.domain.subjects import Publication, Step
from bot.errors import FormError
from bot.services.ledger.maintenance_drivers import MaintenanceOnPage
from bot.store import Tx, deliveries, maintenances


def turnable(tx: Tx, maintenance_id: str, now: datetime) -> Maintenance:
    """Return the maintenance that an incident takes over; raise `FormError` when it cannot."""
    maintenance = maintenances.lock(tx, maintenance_id)
    if not maintenance:
        raise FormError({"message": "Foghorn no longer knows this maintenance."})
    if maintenance.turned_into:
        raise FormError({"message": "Somebody has turned it into an incident already."})
    status = foreseen.maintenance(maintenance, deliveries.of_subject(tx, maintenance.id)).status
    # A page may have started it by itself a moment ago, which we have not seen yet.
    begun = status is MaintenanceStatus.IN_PROGRESS or maintenance.starts_at <= now
    if status.is_over or not begun:
        raise FormError(
            {"message": "Only a running maintenance can be turned. Report an incident: /incident"}
        )
    return maintenance


def turn(tx: Tx, maintenance: Maintenance, incident: Incident, now: datetime) -> None:
    """Give the thread to the incident; on pages without it the maintenance ends at once.

    On the others it ends once the incident is there, lest components look well in between.
    """
    maintenances.turn_into(tx, maintenance.id, incident.id)
    page_ids = {each.page_id for each in incident.publications}
    for publication in maintenance.on_pages:
        there = MaintenanceOnPage.read(tx, maintenance, publication)
        there.unwatch(tx)
        if publication.page_id not in page_ids:
            _complete(tx, there, now)


def complete(tx: Tx, incident_id: str, page_id: str, now: datetime) -> None:
    """End what the incident took over, since the page has the incident now, or never will."""
    turned = maintenances.turned_into(tx, incident_id)
    maintenance = maintenances.lock(tx, turned.id) if turned else None
    if not maintenance:
        return
    for publication in maintenance.on_pages:
        if publication.page_id == page_id and not _is_owed(tx, publication):
            _complete(tx, MaintenanceOnPage.read(tx, maintenance, publication), now)


def _is_owed(tx: Tx, publication: Publication) -> bool:
    """Say whether it was ended before: an incident that a page refused may be published again."""
    owed = deliveries.of_subject(tx, publication.subject_id)
    return any(each.key.startswith(_cause(publication)) for each in owed)


def _cause(publication: Publication) -> str:
    return f"turned:{publication.id}"


def _complete(tx: Tx, there: MaintenanceOnPage, now: datetime) -> None:
    steps = there.status.steps_to_come
    if there.status.is_over:
        return
    relieved = there.relieve(tx, steps, steps)
    switched = [relieved.window(tx)] if there.publication.driven(steps) else []
    finish = relieved.step(tx, Step.FINISH, now, TURNED)
    relieved.enqueue(tx, [*switched, finish], _cause(there.publication), now)
