"""Accepting a report: a new incident, or one that a page refused put right."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import incident_rules
from bot.domain.incidents import Incident, IncidentDraft
from bot.domain.pages import Page
from bot.domain.subjects import Publication, PublicationState
from bot.domain.submissions import ReportForm, Submission
from bot.errors import FormError
from bot.services.intake import decisions
from bot.services.intake.choices import chosen_components, chosen_pages, refused_publications
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue, maintenance_to_incident
from bot.services.ledger.enqueue import Acceptance
from bot.store import Tx, incidents, subjects


def accept(tx: Tx, submission: Submission[ReportForm], rules: Rules, now: datetime) -> Acceptance:
    """Keep a report and owe it to its pages; raise `FormError` with every bad field."""
    report = submission.form
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    pages, problems = chosen_pages(tx, report.pages)
    chosen = chosen_components(tx, report.fields.components, [page.id for page in pages])
    limits = [rules.capabilities(page.id) for page in pages]
    known = [key for components in chosen.values() for key in components]
    problems |= incident_rules.report_problems(report, limits)
    problems |= incident_rules.start_problems(report, pages, rules.longest_ago, now)
    if "pages" not in problems:  # those of a page that is gone cannot be there
        problems |= incident_rules.component_problems(report.fields, known)
    if problems:
        raise FormError(problems)
    incident = _incident(submission, pages, chosen, rules, now)
    if refused_id := decisions.correct(tx, submission, now):
        incident = _put_right(tx, refused_id, incident)
    else:
        if not all(page.takes_create_key for page in limits):
            incident = replace(incident, started_at=_unique_start(tx, incident.started_at))
        turned = maintenance_to_incident.turnable(tx, report.turns, now) if report.turns else None
        if turned:
            # A series goes on in its thread.
            thread = None if turned.series_id else turned.thread_ts
            incident = replace(incident, channel=turned.channel, thread_ts=thread)
        incidents.add(tx, incident)
        if turned:
            maintenance_to_incident.turn(tx, turned, incident, now)
    drafts = [(there, _draft(incident, there)) for there in incident.publications]
    accepted = enqueue.enqueue(tx, submission, incident.id, drafts, now)
    enqueue.point(tx, submission, incident, now)
    return accepted


def _incident(
    submission: Submission[ReportForm],
    pages: tuple[Page, ...],
    chosen: Mapping[str, incident_rules.Chosen],
    rules: Rules,
    now: datetime,
) -> Incident:
    report, subject_id = submission.form, uuid.uuid4().hex
    return Incident(
        id=subject_id,
        name=report.name.strip(),
        status=report.fields.status,
        message=report.fields.message,
        owner_id=submission.author.id,
        owner_name=submission.author.name,
        channel=rules.channel(tuple(page.id for page in pages), report.channel),
        thread_ts=None,
        notify=report.fields.notify,
        started_at=enqueue.to_the_millisecond(report.started or now),
        updated_at=None,
        due_at=None,
        publications=tuple(
            Publication(
                id=uuid.uuid4().hex,
                subject_id=subject_id,
                page_id=page.id,
                page_name=page.name,
                state=PublicationState.OWED,
                impacts=incident_rules.impacts(report.fields, chosen[page.id], {}),
            )
            for page in pages
        ),
    )


def _unique_start(tx: Tx, start: datetime) -> datetime:
    """Return `start`, or the first millisecond after it at which no incident of ours started.

    The pages that have no key of ours repeat it, so it tells our incident from any other.
    """
    taken = incidents.starts_between(tx, start, start + timedelta(seconds=1))
    while start in taken:
        start += timedelta(milliseconds=1)
    return start


def _put_right(tx: Tx, subject_id: str, corrected: Incident) -> Incident:
    """Give the refused incident the corrected words; only pages that refused it get it again."""
    stored = incidents.lock(tx, subject_id)
    if not stored:
        raise FormError({"message": "The incident that this corrects is no longer there."})
    owed = refused_publications(tx, stored, corrected.publications, "incident")
    subjects.change(
        tx,
        stored.id,
        name=corrected.name,
        status=corrected.status.value,
        message=corrected.message,
        notify=corrected.notify,
    )
    return replace(corrected, id=stored.id, started_at=stored.started_at, publications=owed)


def _draft(incident: Incident, publication: Publication) -> IncidentDraft:
    return IncidentDraft(
        name=incident.name,
        status=incident.status,
        message=incident.message,
        impacts=publication.impacts,
        notify=incident.notify,
        started=incident.started_at,
    )
