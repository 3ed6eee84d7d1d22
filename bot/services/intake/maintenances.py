"""Accepting a schedule: a new maintenance, or one that a page refused put right."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import incident_rules
from bot.domain.maintenances import (
    Maintenance,
    MaintenanceDraft,
    MaintenanceStatus,
    Notice,
    drivers,
    planning,
)
from bot.domain.pages import Capabilities, ComponentStatus, Page
from bot.domain.subjects import Publication, PublicationState, Step
from bot.domain.submissions import ScheduleForm, Submission
from bot.errors import FormError
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue, maintenance_drivers
from bot.store import Tx, maintenances, subjects


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new maintenance belongs: its window in a series, if it is one of many."""

    series_id: str | None = None
    number: int | None = None


def accept(
    tx: Tx, submission: Submission, rules: Rules, now: datetime, place: Place | None = None
) -> enqueue.Acceptance:
    """Keep a schedule and owe it to its pages; raise `FormError` with every bad field."""
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    maintenance = judged(tx, submission, rules, now)
    submission_id = uuid.uuid4().hex
    if refused_id := enqueue.corrected(tx, submission, submission_id):
        maintenance = _put_right(tx, refused_id, maintenance)
    else:
        place = place or Place()
        maintenance = replace(maintenance, series_id=place.series_id, number=place.number)
        maintenances.add(tx, maintenance)
    for publication in maintenance.publications:
        maintenance_drivers.watch(tx, maintenance, publication, Step)
        page = rules.capabilities(publication.page_id)
        maintenance_drivers.watch_notice(tx, maintenance, publication, page, now)
    drafts = [(each, _draft(maintenance, each)) for each in maintenance.publications]
    return enqueue.owe(tx, submission, enqueue.Debt(submission_id, maintenance.id, drafts), now)


def judged(tx: Tx, submission: Submission, rules: Rules, now: datetime) -> Maintenance:
    """Return the maintenance that a schedule asks for; raise `FormError` with every bad field."""
    schedule = _schedule(submission)
    chosen_pages = enqueue.chosen_pages(tx, schedule.pages)
    page_ids = [page.id for page in chosen_pages]
    chosen = enqueue.chosen_components(tx, schedule.components, page_ids)
    can = {page_id: rules.capabilities(page_id) for page_id in page_ids}
    known = [key for components in chosen.values() for key in components]
    problems = planning.schedule_problems(schedule, can.values(), rules.planning.longest, now)
    problems |= incident_rules.unknown_components(schedule.components, known)
    if problems or not schedule.starts or not schedule.ends:
        raise FormError(problems)
    maintenance = Maintenance(
        id=uuid.uuid4().hex,
        name=schedule.name.strip(),
        message=schedule.message,
        owner_id=submission.author.id,
        owner_name=submission.author.name,
        channel=rules.channel(tuple(page_ids), schedule.channel),
        thread_ts=None,
        notify=Notice.NOW in schedule.notices,
        updated_at=None,
        due_at=None,
        publications=(),
        status=MaintenanceStatus.SCHEDULED,
        starts_at=planning.meant_start(schedule.starts, now),
        ends_at=schedule.ends,
        automation=schedule.automation,
        notices=schedule.notices,
    )
    publications = [
        _publication(maintenance, page, chosen[page.id], can[page.id], now) for page in chosen_pages
    ]
    return replace(maintenance, publications=tuple(publications))


def in_window(schedule: ScheduleForm, starts: datetime, ends: datetime) -> ScheduleForm:
    """Return the schedule of one window of a series."""
    return replace(schedule, starts=starts, ends=ends, repeat=None)


def _schedule(submission: Submission) -> ScheduleForm:
    if not isinstance(submission.form, ScheduleForm):
        raise TypeError(submission.form)
    return submission.form


def _publication(
    maintenance: Maintenance,
    page: Page,
    chosen: incident_rules.Chosen,
    can: Capabilities,
    now: datetime,
) -> Publication:
    if maintenance.starts_at <= now:
        # What a page does about a start that has passed is written nowhere.
        can = replace(can, drives=frozenset())
    under_maintenance = ComponentStatus.UNDER_MAINTENANCE
    return Publication(
        id=uuid.uuid4().hex,
        subject_id=maintenance.id,
        page_id=page.id,
        page_name=page.name,
        state=PublicationState.OWED,
        impacts=dict.fromkeys(chosen.values(), under_maintenance),
        drivers=drivers(maintenance.automation, maintenance.notices, can),
    )


def _draft(maintenance: Maintenance, publication: Publication) -> MaintenanceDraft:
    return MaintenanceDraft(
        name=maintenance.name,
        message=maintenance.message,
        component_ids=tuple(publication.impacts),
        starts=maintenance.starts_at,
        ends=maintenance.ends_at,
        driven=maintenance_drivers.driven(publication, Step),
        notices=maintenance.notices,
    )


def _put_right(tx: Tx, subject_id: str, corrected: Maintenance) -> Maintenance:
    """Give the refused maintenance the corrected words, on pages that refused it."""
    stored = maintenances.lock(tx, subject_id)
    if not stored or stored.status is not MaintenanceStatus.SCHEDULED:
        raise FormError({"message": "The maintenance that this corrects is no longer there."})
    refused = _refused(stored)
    if not {each.page_id for each in corrected.publications} <= set(refused):
        raise FormError({"pages": "Choose only pages that do not have this maintenance yet."})
    owed = []
    for new in corrected.publications:
        again = replace(
            refused[new.page_id],
            state=PublicationState.OWED,
            impacts=new.impacts,
            drivers=new.drivers,
        )
        subjects.save_publication(tx, again)
        owed.append(again)
    right = replace(corrected, id=stored.id, publications=tuple(owed))
    maintenances.put_right(tx, right)
    return right


def _refused(stored: Maintenance) -> Mapping[str, Publication]:
    return {
        each.page_id: each for each in stored.publications if each.state is PublicationState.REFUSED
    }
