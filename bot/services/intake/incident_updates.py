"""Accepting an update to an open incident."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain import foreseen, incident_rules
from bot.domain.deliveries import Delivery
from bot.domain.incidents import Incident, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Publication
from bot.domain.submissions import IncidentFields, Submission, UpdateForm
from bot.errors import FormError, Overtaken
from bot.services.intake import decisions
from bot.services.intake.choices import chosen_components
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue
from bot.services.ledger.enqueue import Acceptance
from bot.store import Tx, deliveries, incidents, pages, submissions


def accept(tx: Tx, submission: Submission[UpdateForm], rules: Rules, now: datetime) -> Acceptance:
    """Keep an update and owe it to the incident's pages; raise `FormError` with every bad field."""
    form, fields = submission.form, submission.form.fields
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    incident = incidents.lock(tx, form.incident_id)
    decisions.correct(tx, submission, now)
    owed = foreseen.unsettled(deliveries.of_subject(tx, form.incident_id))
    there = decisions.lacking(tx, submission, _still_open(incident, owed))
    last = submissions.latest(tx, form.incident_id)
    if form.seen and last and last.id != form.seen:
        raise Overtaken(last.author.name)
    chosen = chosen_components(tx, fields.components, [each.page_id for each in there])
    known = [key for components in chosen.values() for key in components]
    limits = [rules.capabilities(each.page_id) for each in there]
    problems = incident_rules.text_problems(fields.message, limits)
    problems |= incident_rules.component_problems(fields, known)
    before = {each.id: _impacts_before(tx, each, owed) for each in there}
    for each in there:
        here = chosen[each.page_id]
        names = pages.names(tx, each.page_id, here.values())
        problems |= incident_rules.added_problems(fields, here, before[each.id], names)
    if problems:
        raise FormError(problems)
    drafts = []
    for each in there:
        at = enqueue.update_instant(tx, each, now)
        drafts.append((each, _draft(fields, chosen[each.page_id], before[each.id], at)))
    return enqueue.enqueue(tx, submission, form.incident_id, drafts, now)


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
    if not incident.is_anywhere:
        raise FormError(
            {
                "message": "This incident is on no page: it was refused, or deleted there. "
                "Report a new one: /incident"
            }
        )
    return incident.on_pages


def _impacts_before(
    tx: Tx, publication: Publication, owed: Sequence[Delivery]
) -> Mapping[str, ComponentStatus]:
    """Return what the incident will do to the page's components once all that is owed is there.

    Components that are no longer on the page are left out.
    """
    before = foreseen.impacts(publication, owed)
    there = pages.names(tx, publication.page_id, before)
    if not there and all(page.id != publication.page_id for page in pages.all_pages(tx)):
        return before  # the page is none that Foghorn reads now
    return {id_: impact for id_, impact in before.items() if id_ in there}


def _draft(
    fields: IncidentFields,
    chosen: incident_rules.Chosen,
    before: Mapping[str, ComponentStatus],
    at: datetime,
) -> UpdateDraft:
    return UpdateDraft(
        status=fields.status,
        message=fields.message,
        impacts=incident_rules.impacts(fields, chosen, before),
        notify=fields.notify,
        at=at,
        before=before,
    )
