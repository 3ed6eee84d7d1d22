"""What will not be on its page, and what was to follow on it."""

from dataclasses import replace
from datetime import datetime

from bot.domain.deliveries import Delivery, PageDraft
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft
from bot.domain.subjects import PublicationState
from bot.services.ledger import maintenance_to_incident, notices
from bot.store import Tx, deliveries, subjects


def never_there(delivery: Delivery) -> str:
    """Return why nothing can follow on what was refused."""
    incident = isinstance(delivery.payload, IncidentDraft | UpdateDraft)
    return f"The {'incident' if incident else 'maintenance'} itself never reached the page."


def give_up_rest(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Give up what was to follow on something that will not be on the page."""
    if isinstance(delivery.payload, IncidentDraft):
        maintenance_to_incident.complete(tx, delivery.subject_id, delivery.target, now)
    elif not isinstance(delivery.payload, MaintenanceDraft):
        return
    publication = replace(subjects.publication_of(tx, delivery), state=PublicationState.REFUSED)
    subjects.save_publication(tx, publication)
    for late in deliveries.refuse_rest(tx, delivery.lane, never_there(delivery)):
        if late.publication_id and isinstance(late.payload, PageDraft):
            notices.tell_author(tx, late, notices.refused(tx, late), now)
