"""Who takes the steps of a maintenance on a page, when, and what is owed when it is Foghorn."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import foreseen
from bot.domain.deliveries import PageDraft
from bot.domain.maintenances import (
    Maintenance,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.maintenances.planning import (
    NOTICE_AHEAD,
    STEP_STATUS,
    STEP_TEXT,
    is_beyond,
)
from bot.domain.pages import Capabilities
from bot.domain.subjects import Driver, Publication, PublicationState, Step
from bot.domain.timers import NewTimer, TimerKind
from bot.services.ledger import audit as audit_log
from bot.services.ledger import enqueue, notices
from bot.store import Tx, deliveries, subjects, timers

CHECK_AFTER = timedelta(seconds=20)
"""How long a page has for a step that it takes by itself, before Foghorn looks."""
_OWN = {Step.START: TimerKind.START, Step.FINISH: TimerKind.FINISH}
_CHECKS = {Step.START: TimerKind.CHECK_START, Step.FINISH: TimerKind.CHECK_FINISH}
_RANKS = {TimerKind.CHECK_START: 1, TimerKind.CHECK_FINISH: 1, TimerKind.NOTICE: 2}
_NOTICES = {Step.START: Notice.AT_START, Step.FINISH: Notice.AT_END}


def on_page(tx: Tx, maintenance: Maintenance, publication: Publication) -> Maintenance:
    """Return the maintenance as it will stand on one page, by what is there and what is owed."""
    return foreseen.on_page(maintenance, deliveries.of_publication(tx, publication))


def to_come(status: MaintenanceStatus) -> tuple[Step, ...]:
    """Return the steps that a maintenance has not taken yet."""
    return tuple(step for step in Step if not is_beyond(status, step))


def on_pages(maintenance: Maintenance) -> tuple[Publication, ...]:
    """Return the publications to which something can still be owed."""
    refused = PublicationState.REFUSED
    return tuple(each for each in maintenance.publications if each.state is not refused)


def watch(
    tx: Tx, maintenance: Maintenance, publication: Publication, steps: Iterable[Step]
) -> None:
    """Set the timers of these steps on one page, by who takes them, in place of earlier ones."""
    for step in steps:
        timers.drop(tx, publication.id, [_OWN[step], _CHECKS[step]])
        at = maintenance.starts_at if step is Step.START else maintenance.ends_at
        driver = publication.drivers.get(step)
        if driver is Driver.FOGHORN:
            _set(tx, publication, _OWN[step], at)
        elif driver is Driver.PAGE:
            _set(tx, publication, _CHECKS[step], at + CHECK_AFTER)


def watch_notice(
    tx: Tx, maintenance: Maintenance, publication: Publication, page: Capabilities, now: datetime
) -> None:
    """Set the timer of the notice before the start, where the page gives none by itself."""
    at = maintenance.starts_at - NOTICE_AHEAD
    if Notice.BEFORE in maintenance.notices and not page.notices_ahead and at > now:
        _set(tx, publication, TimerKind.NOTICE, at)


def look_again(tx: Tx, publication: Publication, step: Step, at: datetime) -> None:
    """Set the timer of another look whether the page has taken a step."""
    _set(tx, publication, _CHECKS[step], at)


def unwatch(tx: Tx, publication: Publication, steps: Collection[Step]) -> None:
    """Drop the timers of steps that are taken, or will not be."""
    kinds = [kind for step in steps for kind in (_OWN[step], _CHECKS[step])]
    if Step.START in steps:
        kinds.append(TimerKind.NOTICE)
    timers.drop(tx, publication.id, kinds)


def _set(tx: Tx, publication: Publication, kind: TimerKind, at: datetime) -> None:
    rank = _RANKS.get(kind, 0)
    timers.set_timers(tx, [NewTimer(kind, publication.id, at, publication.subject_id, rank)])


def relieve(
    tx: Tx, publication: Publication, steps: Iterable[Step], by_hand: Collection[Step] = ()
) -> Publication:
    """Take these steps from a page that drives them: they are Foghorn's now, or a person's.

    Returns the publication with its drivers as they are recorded from now on.
    """
    changed = dict(publication.drivers)
    for step in steps:
        if step in by_hand:
            changed[step] = Driver.HAND
        elif changed.get(step) is Driver.PAGE:
            changed[step] = Driver.FOGHORN
    after = replace(publication, drivers=changed)
    if changed != publication.drivers:
        subjects.save_publication(tx, after)
    return after


def driven(publication: Publication, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return which of these steps the page takes by itself."""
    return tuple(step for step in steps if publication.drivers.get(step) is Driver.PAGE)


def window(tx: Tx, maintenance: Maintenance, publication: Publication) -> WindowDraft:
    """Return the draft that gives the page this window and its present drivers."""
    first = [
        delivery.payload.message
        for delivery in deliveries.of_publication(tx, publication)
        if isinstance(delivery.payload, MaintenanceDraft)
    ]
    return WindowDraft(
        name=maintenance.name,
        message=first[-1] if first else maintenance.message,
        component_ids=tuple(publication.impacts),
        status=maintenance.status,
        starts=maintenance.starts_at,
        ends=maintenance.ends_at,
        driven=driven(publication, to_come(maintenance.status)),
    )


def update(
    tx: Tx,
    maintenance: Maintenance,
    publication: Publication,
    said: tuple[MaintenanceStatus, str, bool],
    now: datetime,
) -> MaintenanceUpdateDraft:
    """Return an update for one page, where the maintenance stands as given.

    `said` are its status, its words, and whether subscribers hear of it.
    """
    status, message, notify = said
    return MaintenanceUpdateDraft(
        status=status,
        message=message,
        component_ids=tuple(publication.impacts),
        notify=notify,
        at=enqueue.update_instant(tx, publication, now),
        ends=maintenance.ends_at,
        begun=maintenance.status is MaintenanceStatus.IN_PROGRESS,
    )


def step(
    tx: Tx, maintenance: Maintenance, publication: Publication, taken: Step, now: datetime
) -> MaintenanceUpdateDraft:
    """Return the update with which Foghorn takes a step by itself, in its standard words."""
    said = (STEP_STATUS[taken], STEP_TEXT[taken], tells_of(maintenance, taken))
    return update(tx, maintenance, publication, said, now)


def owe(
    tx: Tx, publication: Publication, drafts: Iterable[PageDraft], cause: str, now: datetime
) -> None:
    """Owe to a page what Foghorn does by itself; `cause` never comes again."""
    drafts = tuple(drafts)
    deliveries.add(tx, [enqueue.page_delivery(publication, draft, cause) for draft in drafts], now)
    for draft in drafts:
        if isinstance(draft, MaintenanceUpdateDraft):
            audit_log.accepted(tx, publication, draft, audit_log.ACTOR, now)


def tells_of(maintenance: Maintenance, step: Step) -> bool:
    """Say whether subscribers are to hear of a step."""
    return _NOTICES[step] in maintenance.notices


def take_over(
    tx: Tx, maintenance: Maintenance, publication: Publication, late: Step, now: datetime
) -> None:
    """Take a step that a page was to take by itself and did not, and all that follow it."""
    steps = [each for each in Step if not is_beyond(maintenance.status, each)]
    publication = relieve(tx, publication, steps)
    later = [each for each in steps if each is not late]
    watch(tx, maintenance, publication, later)
    cause = f"over:{uuid.uuid4().hex}"
    planned = maintenance.starts_at if late is Step.START else maintenance.ends_at
    switched = window(tx, maintenance, publication)
    draft = step(tx, maintenance, publication, late, now)
    owe(tx, publication, [switched, draft], cause, now)
    done = "started" if late is Step.START else "completed"
    text = (
        f"{publication.page_name} has not {done} it by itself at {planned:%H:%M} UTC, "
        "so Foghorn does."
    )
    notices.note(tx, maintenance.id, text, cause, now)
