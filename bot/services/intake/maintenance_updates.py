"""Accepting an update of a maintenance: words, a step taken by hand, another end."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import foreseen
from bot.domain.deliveries import PageDraft
from bot.domain.maintenances import Maintenance, MaintenanceStatus, Removal, planning
from bot.domain.maintenances.planning import STEP_STATUS, is_beyond
from bot.domain.pages import Capabilities
from bot.domain.subjects import Publication, Step
from bot.domain.submissions import MaintenanceUpdateForm, Submission
from bot.errors import FormError
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue, maintenance_drivers
from bot.store import Tx, deliveries, maintenances

SCHEDULED, CANCELLED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Change:
    """A maintenance before and after an update, each as all that is owed will have made it."""

    progress: MaintenanceUpdateForm
    before: Maintenance
    after: Maintenance

    @property
    def taken(self) -> tuple[Step, ...]:
        """The steps that the person takes, or calls off, by hand."""
        return tuple(
            step
            for step in maintenance_drivers.to_come(self.before.status)
            if is_beyond(self.after.status, step)
        )

    @property
    def moved(self) -> bool:
        """Whether the planned end is another."""
        return self.before.ends_at != self.after.ends_at


def accept(tx: Tx, submission: Submission, rules: Rules, now: datetime) -> enqueue.Acceptance:
    """Keep an update and owe it to the pages; raise `FormError` with every bad field."""
    progress = submission.form
    if not isinstance(progress, MaintenanceUpdateForm):
        raise TypeError(progress)
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    before = open_one(tx, progress.maintenance_id)
    pages = {
        each.id: rules.capabilities(each.page_id) for each in maintenance_drivers.on_pages(before)
    }
    longest = rules.planning.longest
    problems = planning.update_problems(progress, before, pages.values(), longest, now)
    problems |= _passed(progress, before, now)
    if problems:
        raise FormError(problems)
    submission_id = uuid.uuid4().hex
    enqueue.corrected(tx, submission, submission_id)
    change = Change(progress, before, _after(progress, before))
    if change.moved:
        maintenances.move(tx, before.id, before.starts_at, change.after.ends_at)
    drafts = [
        (each, draft)
        for each in maintenance_drivers.on_pages(before)
        for draft in _drafts(tx, change, each, pages[each.id], now)
    ]
    return enqueue.owe(tx, submission, enqueue.Debt(submission_id, before.id, drafts), now)


def open_one(tx: Tx, maintenance_id: str) -> Maintenance:
    """Return a maintenance to which something can be added, as it will stand, kept from others."""
    stored = maintenances.lock(tx, maintenance_id)
    if not stored:
        raise FormError({"message": "Foghorn no longer knows this maintenance."})
    if stored.turned_into:
        raise FormError({"message": "It was turned into an incident: update that one."})
    if not stored.is_anywhere:
        raise FormError({"message": "This maintenance is on no page: every page refused it."})
    return foreseen.maintenance(stored, deliveries.of_subject(tx, stored.id))


def _passed(progress: MaintenanceUpdateForm, before: Maintenance, now: datetime) -> dict[str, str]:
    """Say what is wrong when a start by hand would be followed by an end at once."""
    starts = before.status is SCHEDULED and progress.status is STEP_STATUS[Step.START]
    ends_by_itself = Step.FINISH in before.automation.steps
    if starts and ends_by_itself and progress.ends and progress.ends <= now:
        return {"ends": "The planned end has passed. Choose a later one."}
    return {}


def _after(progress: MaintenanceUpdateForm, before: Maintenance) -> Maintenance:
    over = progress.status.is_over
    ends = before.ends_at if over or not progress.ends else progress.ends
    return replace(before, status=progress.status, ends_at=ends)


def _drafts(
    tx: Tx, change: Change, publication: Publication, page: Capabilities, now: datetime
) -> list[PageDraft]:
    """Return what is owed to one page, in order, and leave the steps to come to their drivers."""
    change = replace(change, before=maintenance_drivers.on_page(tx, change.before, publication))
    if change.before.status.is_over:
        return []
    steps = maintenance_drivers.to_come(change.before.status)
    switched = bool(change.taken and maintenance_drivers.driven(publication, steps))
    if change.taken:
        publication = maintenance_drivers.relieve(tx, publication, steps, change.taken)
        maintenance_drivers.unwatch(tx, publication, change.taken)
    if change.taken or change.moved:
        rest = [
            step for step in maintenance_drivers.to_come(change.after.status) if step is Step.FINISH
        ]
        maintenance_drivers.watch(tx, change.after, publication, rest)
    owed: list[PageDraft] = []
    if switched or change.moved:
        moved = replace(change.after, status=change.before.status)
        owed.append(maintenance_drivers.window(tx, moved, publication))
    return owed + _said(tx, change, publication, page, now)


def _said(
    tx: Tx, change: Change, publication: Publication, page: Capabilities, now: datetime
) -> list[PageDraft]:
    progress, status = change.progress, change.progress.status
    removed = False
    if status is CANCELLED and not page.keeps_cancelled:
        removed = change.before.status is SCHEDULED
        status = SCHEDULED if removed else STEP_STATUS[Step.FINISH]
    said = (status, progress.message, progress.notify)
    before = replace(change.after, status=change.before.status)
    update = maintenance_drivers.update(tx, before, publication, said, now)
    return [update, Removal()] if removed else [update]
