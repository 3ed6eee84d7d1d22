"""Accepting an update of a maintenance: words, a step taken by hand, another end."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import foreseen
from bot.domain.deliveries import PageDraft
from bot.domain.maintenances import STEP_STATUS, Maintenance, MaintenanceStatus, Removal, planning
from bot.domain.pages import Capabilities
from bot.domain.subjects import Publication, Step
from bot.domain.submissions import MaintenanceUpdateForm, Submission
from bot.errors import FormError
from bot.services.intake import decisions
from bot.services.intake.rules import Rules
from bot.services.ledger import enqueue
from bot.services.ledger.enqueue import Acceptance
from bot.services.ledger.maintenance_drivers import MaintenanceOnPage
from bot.store import Tx, deliveries, maintenances

SCHEDULED, CANCELLED = MaintenanceStatus.SCHEDULED, MaintenanceStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class Change:
    """A maintenance before and after an update, each as all that is owed will have made it."""

    form: MaintenanceUpdateForm
    before: Maintenance
    after: Maintenance

    @property
    def taken(self) -> tuple[Step, ...]:
        """The steps that the person takes, or calls off, by hand."""
        to_come = self.before.status.steps_to_come
        return tuple(step for step in to_come if self.after.status.is_beyond(step))

    @property
    def moved(self) -> bool:
        """Whether the planned end is another."""
        return self.before.ends_at != self.after.ends_at


def accept(
    tx: Tx, submission: Submission[MaintenanceUpdateForm], rules: Rules, now: datetime
) -> Acceptance:
    """Keep an update and owe it to the pages; raise `FormError` with every bad field."""
    form = submission.form
    if earlier := enqueue.earlier(tx, submission):
        return earlier
    decisions.correct(tx, submission, now)
    before = open_one(tx, form.maintenance_id)
    there = decisions.lacking(tx, submission, before.on_pages)
    pages = {each.id: rules.capabilities(each.page_id) for each in before.on_pages}
    longest = rules.planning.longest
    problems = planning.update_problems(form, before, pages.values(), longest, now)
    problems |= _passed(form, before, now)
    if problems:
        raise FormError(problems)
    change = Change(form, before, _after(form, before))
    if change.moved:
        maintenances.move(tx, before.id, before.starts_at, change.after.ends_at)
    drafts = [
        (each, draft) for each in there for draft in _drafts(tx, change, each, pages[each.id], now)
    ]
    return enqueue.enqueue(tx, submission, before.id, drafts, now)


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


def _passed(form: MaintenanceUpdateForm, before: Maintenance, now: datetime) -> dict[str, str]:
    """Say what is wrong when a start by hand would be followed by an end at once."""
    starts = before.status is SCHEDULED and form.status is STEP_STATUS[Step.START]
    ends_by_itself = Step.FINISH in before.automation.steps
    if starts and ends_by_itself and form.ends and form.ends <= now:
        return {"ends": "The planned end has passed. Choose a later one."}
    return {}


def _after(form: MaintenanceUpdateForm, before: Maintenance) -> Maintenance:
    over = form.status.is_over
    ends = before.ends_at if over or not form.ends else form.ends
    return replace(before, status=form.status, ends_at=ends)


def _drafts(
    tx: Tx, change: Change, publication: Publication, page: Capabilities, now: datetime
) -> list[PageDraft]:
    """Return what is owed to one page, in order, and leave the steps to come to their drivers."""
    there = MaintenanceOnPage.read(tx, change.before, publication)
    change = replace(change, before=there.maintenance)
    if there.status.is_over:
        return []
    steps = there.status.steps_to_come
    switched = bool(change.taken and publication.driven(steps))
    if change.taken:
        there = there.relieve(tx, steps, change.taken)
        there.unwatch(tx, change.taken)
    if change.taken or change.moved:
        rest = [step for step in change.after.status.steps_to_come if step is Step.FINISH]
        replace(there, maintenance=change.after).watch(tx, rest)
    moved = replace(there, maintenance=replace(change.after, status=change.before.status))
    window = [moved.window(tx)] if switched or change.moved else []
    return [*window, *_posts(tx, change, moved, page, now)]


def _posts(
    tx: Tx, change: Change, there: MaintenanceOnPage, page: Capabilities, now: datetime
) -> list[PageDraft]:
    """Return the update as this page can show it, and the removal where it cannot."""
    form, status = change.form, change.form.status
    removed = False
    if status is CANCELLED and not page.keeps_cancelled:
        removed = change.before.status is SCHEDULED
        status = SCHEDULED if removed else STEP_STATUS[Step.FINISH]
    update = replace(there.update(tx, form.message, now), status=status, notify=form.notify)
    return [update, Removal()] if removed else [update]
