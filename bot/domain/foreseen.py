"""How an incident or a maintenance will stand once all is there that is owed to its pages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.deliveries import SETTLED, Delivery, State
from bot.domain.incidents import Incident, IncidentDraft, UpdateDraft
from bot.domain.maintenances import Maintenance, MaintenanceStatus, MaintenanceUpdateDraft, Removal
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import ReadBack
from bot.domain.subjects import Publication


def incident(stored: Incident, deliveries: Iterable[Delivery]) -> Incident:
    """Return an incident as it will stand; `deliveries` are its own to pages, oldest first."""
    owed = unsettled(deliveries)
    after = [replace(each, impacts=impacts(each, owed)) for each in stored.publications]
    found = replace(stored, publications=tuple(after))
    for delivery in owed:
        if isinstance(draft := delivery.payload, UpdateDraft):
            found = replace(found, status=draft.status, message=draft.message, notify=draft.notify)
    return found


def impacts(publication: Publication, owed: Iterable[Delivery]) -> Mapping[str, ComponentStatus]:
    """Return what an incident will do to a page's components."""
    mine = [
        delivery.payload.impacts
        for delivery in owed
        if delivery.publication_id == publication.id
        and isinstance(delivery.payload, IncidentDraft | UpdateDraft)
    ]
    return mine[-1] if mine else publication.impacts


def maintenance(stored: Maintenance, deliveries: Iterable[Delivery]) -> Maintenance:
    """Return a maintenance as it will stand; `deliveries` as for `incident`."""
    status, notify = stored.status, stored.notify
    for delivery in unsettled(deliveries):
        if isinstance(delivery.payload, Removal):
            status = MaintenanceStatus.CANCELLED
        elif isinstance(draft := delivery.payload, MaintenanceUpdateDraft):
            status = status.furthest(draft.status)
            # What Foghorn does by itself says nothing about what a person wants next.
            notify = draft.notify if delivery.submission_id else notify
    return replace(stored, status=status, notify=notify)


def on_page(stored: Maintenance, deliveries: Iterable[Delivery]) -> Maintenance:
    """Return a maintenance as it will stand on one page, by what is there and what is owed to it.

    `deliveries` are all of its publication there, receipts too, oldest first.
    """
    status = MaintenanceStatus.SCHEDULED
    for delivery in deliveries:
        match delivery.payload:
            case MaintenanceUpdateDraft(status=owed) if delivery.state is not State.REFUSED:
                status = status.furthest(owed)
            case Removal() if delivery.state is not State.REFUSED:
                status = MaintenanceStatus.CANCELLED
            case ReadBack(status=MaintenanceStatus() as wanted):
                status = status.furthest(wanted)
    return replace(stored, status=status)


def unsettled(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Return what is still on its way."""
    return tuple(each for each in deliveries if each.state not in SETTLED)
