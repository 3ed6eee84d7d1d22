"""Accepting a schedule: a new maintenance, or one that a page refused put right."""

import uuid
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
from bot.services.intake import decisions
from bot.services.intake.choices import chosen_components, chosen_pages, refused_publications
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue
from bot.services.ledger.enqueue import Acceptance
from bot.services.ledger.maintenance_drivers import MaintenanceOnPage
from bot.store import Tx, maintenances


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """Where a maintenance that is one of many belongs: its window in a series."""

    series_id: str
    number: int
    maintenance_id: str


def accept(
    tx: Tx,
    submission: Submission[ScheduleForm],
    rules: Rules,
    now: datetime,
    place: SeriesPlace | None = None,
) -> Acceptance:
    """Keep a schedule and owe it to its pages; raise `FormError` with every bad field."""
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    maintenance = planned(tx, submission, rules, now)
    if refused_id := decisions.correct(tx, submission, now):
        maintenance = _put_right(tx, refused_id, maintenance)
    else:
        maintenance = _in_series(maintenance, place) if place else maintenance
        maintenances.add(tx, maintenance)
    for publication in maintenance.publications:
        there = MaintenanceOnPage(maintenance, publication)
        there.watch(tx, Step)
        there.watch_notice(tx, rules.capabilities(publication.page_id), now)
    drafts = [(each, _draft(maintenance, each)) for each in maintenance.publications]
    accepted = enqueue.enqueue(tx, submission, maintenance.id, drafts, now)
    if not place or place.number == 1:
        enqueue.point(tx, submission, maintenance, now)
    return accepted


def planned(
    tx: Tx, submission: Submission[ScheduleForm], rules: Rules, now: datetime
) -> Maintenance:
    """Return the maintenance that a schedule asks for; raise `FormError` with every bad field."""
    schedule = submission.form
    pages, problems = chosen_pages(tx, schedule.pages)
    page_ids = [page.id for page in pages]
    chosen = chosen_components(tx, schedule.components, page_ids)
    can = {page_id: rules.capabilities(page_id) for page_id in page_ids}
    known = [key for components in chosen.values() for key in components]
    problems |= planning.schedule_problems(schedule, can.values(), rules.planning.longest, now)
    if "pages" not in problems:  # those of a page that is gone cannot be there
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
        _publication(maintenance, page, chosen[page.id], can[page.id], now) for page in pages
    ]
    return replace(maintenance, publications=tuple(publications))


def _in_series(maintenance: Maintenance, place: SeriesPlace) -> Maintenance:
    own = place.maintenance_id
    there = tuple(replace(each, subject_id=own) for each in maintenance.publications)
    placed = replace(maintenance, id=own, publications=there)
    return replace(placed, series_id=place.series_id, number=place.number)


def in_window(schedule: ScheduleForm, starts: datetime, ends: datetime) -> ScheduleForm:
    """Return the schedule of one window of a series."""
    return replace(schedule, starts=starts, ends=ends, repeat=None)


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
        driven=publication.driven(Step),
        notices=maintenance.notices,
    )


def _put_right(tx: Tx, subject_id: str, corrected: Maintenance) -> Maintenance:
    """Give the refused maintenance the corrected words, on pages that refused it."""
    stored = maintenances.lock(tx, subject_id)
    if not stored or stored.status is not MaintenanceStatus.SCHEDULED:
        raise FormError({"message": "The maintenance that this corrects is no longer there."})
    owed = refused_publications(tx, stored, corrected.publications, "maintenance")
    right = replace(corrected, id=stored.id, publications=owed)
    maintenances.put_right(tx, right)
    return right
