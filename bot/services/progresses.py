"""Accepting an update to an open incident."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import drafting
from bot.domain.deliveries import SETTLED, Delivery
from bot.domain.incidents import Incident, IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import Capabilities, ComponentStatus
from bot.domain.subjects import Publication, PublicationState
from bot.domain.submissions import Fields, Progress, Submission
from bot.errors import FormError, Overtaken
from bot.services import owing
from bot.store import Tx, deliveries, incidents, pages, submissions


def accept(
    tx: Tx, submission: Submission, capabilities: Callable[[str], Capabilities], now: datetime
) -> owing.Accepted:
    """Keep an update and owe it to the incident's pages; raise `FormError` with every bad field."""
    progress = submission.form
    if not isinstance(progress, Progress):
        raise TypeError(progress)
    if earlier := owing.earlier(tx, submission):
        return earlier
    incident = incidents.lock(tx, progress.incident_id)
    owed = _owed(tx, progress.incident_id)
    there = _still_open(incident, owed)
    last = submissions.latest(tx, progress.incident_id)
    if progress.seen and last and last.id != progress.seen:
        raise Overtaken(last.author.name)
    fields = progress.fields
    chosen = owing.chosen_components(tx, fields.components, [each.page_id for each in there])
    known = [key for components in chosen.values() for key in components]
    limits = [capabilities(each.page_id) for each in there]
    problems = drafting.text_problems(fields.message, limits)
    problems |= drafting.component_problems(fields, known)
    if problems:
        raise FormError(problems)
    submission_id = uuid.uuid4().hex
    owing.corrected(tx, submission, submission_id)
    drafts = [
        (each, _draft(fields, chosen[each.page_id], _impacts_before(tx, each, owed), now))
        for each in there
    ]
    debt = owing.Debt(submission_id, progress.incident_id, drafts)
    return owing.owe(tx, submission, debt, now)


def foreseen(tx: Tx, incident: Incident) -> Incident:
    """Return an incident as it will stand once all is there that is owed to its pages."""
    owed = _owed(tx, incident.id)
    after = tuple(
        replace(each, impacts=_impacts_owed(each, owed)) for each in incident.publications
    )
    incident = replace(incident, publications=after)
    for delivery in owed:
        if isinstance(draft := delivery.payload, UpdateDraft):
            incident = replace(
                incident, status=draft.status, message=draft.message, notify=draft.notify
            )
    return incident


def _owed(tx: Tx, incident_id: str) -> Sequence[Delivery]:
    """Return what is still on its way to the incident's pages, oldest first."""
    return [
        delivery
        for delivery in deliveries.of_subject(tx, incident_id)
        if delivery.state not in SETTLED
    ]


def _still_open(incident: Incident | None, owed: Sequence[Delivery]) -> tuple[Publication, ...]:
    """Return the publications that an update can go to."""
    if not incident:
        raise FormError({"message": "Foghorn no longer knows this incident."})
    resolves = any(
        isinstance(delivery.payload, UpdateDraft)
        and delivery.payload.status is IncidentStatus.RESOLVED
        for delivery in owed
    )
    if resolves or incident.status is IncidentStatus.RESOLVED:
        raise FormError(
            {"message": "This incident is resolved. If it is back, report a new one: /incident"}
        )
    there = tuple(
        each for each in incident.publications if each.state is not PublicationState.REFUSED
    )
    if not there:
        raise FormError(
            {
                "message": "This incident is on no page: it was refused, or deleted there. "
                "Report a new one: /incident"
            }
        )
    return there


def _impacts_before(
    tx: Tx, publication: Publication, owed: Sequence[Delivery]
) -> Mapping[str, ComponentStatus]:
    """Return what the incident will do to the page's components once all that is owed is there.

    Components that are no longer on the page are left out.
    """
    before = _impacts_owed(publication, owed)
    there = pages.names(tx, publication.page_id, before)
    if not there and all(page.id != publication.page_id for page in pages.all_pages(tx)):
        return before  # the page is none that Foghorn reads now
    return {id_: impact for id_, impact in before.items() if id_ in there}


def _impacts_owed(
    publication: Publication, owed: Sequence[Delivery]
) -> Mapping[str, ComponentStatus]:
    mine = [
        delivery.payload.impacts
        for delivery in owed
        if delivery.publication_id == publication.id
        and isinstance(delivery.payload, IncidentDraft | UpdateDraft)
    ]
    return mine[-1] if mine else publication.impacts


def _draft(
    fields: Fields,
    chosen: drafting.Chosen,
    before: Mapping[str, ComponentStatus],
    now: datetime,
) -> UpdateDraft:
    return UpdateDraft(
        status=fields.status,
        message=fields.message,
        impacts=drafting.impacts(fields, chosen, before),
        notify=fields.notify,
        at=owing.to_the_millisecond(now),
        before=before,
    )
