"""Who takes the steps of a maintenance on a page, when, and what is owed when it is Foghorn."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import foreseen
from bot.domain.deliveries import PageDraft
from bot.domain.maintenances import (
    STEP_STATUS,
    Maintenance,
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdateDraft,
    Notice,
    WindowDraft,
)
from bot.domain.maintenances.planning import NOTICE_AHEAD, STEP_TEXT
from bot.domain.pages import Capabilities
from bot.domain.subjects import Driver, Publication, Step
from bot.domain.timers import Timer, TimerKind
from bot.services.ledger import audit, enqueue, notices
from bot.store import Tx, deliveries, subjects, timers

CHECK_AFTER = timedelta(seconds=20)
"""How long a page has for a step that it takes by itself, before Foghorn looks."""
_OWN = {Step.START: TimerKind.START, Step.FINISH: TimerKind.FINISH}
_CHECKS = {Step.START: TimerKind.CHECK_START, Step.FINISH: TimerKind.CHECK_FINISH}
_RANKS = {TimerKind.CHECK_START: 1, TimerKind.CHECK_FINISH: 1, TimerKind.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class MaintenanceOnPage:
    """A maintenance on one page, standing as it will once all is there that is owed to the page."""

    maintenance: Maintenance
    publication: Publication

    @classmethod
    def read(
        cls, tx: Tx, maintenance: Maintenance, publication: Publication
    ) -> "MaintenanceOnPage":
        """Return how the maintenance stands there, by what is there and what is owed."""
        known = deliveries.of_publication(tx, publication)
        return cls(foreseen.on_page(maintenance, known), publication)

    @property
    def status(self) -> MaintenanceStatus:
        """How far it is there."""
        return self.maintenance.status

    @property
    def where(self) -> str:
        """The page in words, where it is one of several."""
        one_of_many = len(self.maintenance.publications) > 1
        return f" on {self.publication.page_name}" if one_of_many else ""

    def watch(self, tx: Tx, steps: Iterable[Step]) -> None:
        """Set the timers of these steps, by who takes them, in place of earlier ones."""
        for step in steps:
            timers.drop(tx, self.publication.id, [_OWN[step], _CHECKS[step]])
            at = self.maintenance.planned_at(step)
            driver = self.publication.drivers.get(step)
            if driver is Driver.FOGHORN:
                self._set(tx, _OWN[step], at)
            elif driver is Driver.PAGE:
                self.look_again(tx, step, at + CHECK_AFTER)

    def watch_notice(self, tx: Tx, page: Capabilities, now: datetime) -> None:
        """Set the timer of the notice before the start, where the page gives none by itself."""
        at = self.maintenance.starts_at - NOTICE_AHEAD
        if Notice.BEFORE in self.maintenance.notices and not page.notices_ahead and at > now:
            self._set(tx, TimerKind.NOTICE, at)

    def look_again(self, tx: Tx, step: Step, at: datetime) -> None:
        """Set the timer of a look whether the page has taken a step."""
        self._set(tx, _CHECKS[step], at)

    def unwatch(self, tx: Tx, steps: Collection[Step] = tuple(Step)) -> None:
        """Drop the timers of steps that are taken, or will not be."""
        kinds = [kind for step in steps for kind in (_OWN[step], _CHECKS[step])]
        if Step.START in steps:
            kinds.append(TimerKind.NOTICE)
        timers.drop(tx, self.publication.id, kinds)

    def _set(self, tx: Tx, kind: TimerKind, at: datetime) -> None:
        there, rank = self.publication, _RANKS.get(kind, 0)
        timers.set_timers(tx, [Timer(kind, there.id, at, there.subject_id, rank)])

    def relieve(
        self, tx: Tx, steps: Iterable[Step], by_hand: Collection[Step] = ()
    ) -> "MaintenanceOnPage":
        """Take these steps from a page that drives them: they are Foghorn's now, or a person's."""
        changed = dict(self.publication.drivers)
        for step in steps:
            if step in by_hand:
                changed[step] = Driver.HAND
            elif changed.get(step) is Driver.PAGE:
                changed[step] = Driver.FOGHORN
        after = replace(self.publication, drivers=changed)
        if changed != self.publication.drivers:
            subjects.save_publication(tx, after)
        return replace(self, publication=after)

    def window(self, tx: Tx) -> WindowDraft:
        """Return the draft that gives the page this window and its present drivers."""
        owed = (each.payload for each in deliveries.of_publication(tx, self.publication))
        first = [draft.message for draft in owed if isinstance(draft, MaintenanceDraft)]
        return WindowDraft(
            name=self.maintenance.name,
            message=first[-1] if first else self.maintenance.message,
            component_ids=tuple(self.publication.impacts),
            status=self.status,
            starts=self.maintenance.starts_at,
            ends=self.maintenance.ends_at,
            driven=self.publication.driven(self.status.steps_to_come),
        )

    def update(self, tx: Tx, message: str, now: datetime) -> MaintenanceUpdateDraft:
        """Return an update that changes nothing but says something, to no subscriber."""
        return MaintenanceUpdateDraft(
            status=self.status,
            message=message,
            component_ids=tuple(self.publication.impacts),
            notify=False,
            at=enqueue.update_instant(tx, self.publication, now),
            ends=self.maintenance.ends_at,
            begun=self.status is MaintenanceStatus.IN_PROGRESS,
        )

    def step(self, tx: Tx, taken: Step, now: datetime, message: str = "") -> MaintenanceUpdateDraft:
        """Return the update that takes a step, in the standard words unless others are given."""
        update = self.update(tx, message or STEP_TEXT[taken], now)
        notify = self.maintenance.notifies_at(taken)
        return replace(update, status=STEP_STATUS[taken], notify=notify)

    def enqueue(self, tx: Tx, drafts: Iterable[PageDraft], cause: str, now: datetime) -> None:
        """Owe to the page what Foghorn does by itself; `cause` never comes again."""
        drafts = tuple(drafts)
        there = self.publication
        deliveries.add(tx, [enqueue.to_page(there, draft, cause) for draft in drafts], now)
        for draft in drafts:
            if isinstance(draft, MaintenanceUpdateDraft):
                audit.accepted(tx, there, draft, audit.ITSELF, now)

    def take_over(self, tx: Tx, late: Step, now: datetime) -> None:
        """Take a step that the page was to take by itself and did not, and all that follow it."""
        steps = self.status.steps_to_come
        relieved = self.relieve(tx, steps)
        relieved.watch(tx, [each for each in steps if each is not late])
        cause = f"over:{uuid.uuid4().hex}"
        relieved.enqueue(tx, [relieved.window(tx), relieved.step(tx, late, now)], cause, now)
        done = "started" if late is Step.START else "completed"
        text = (
            f"{self.publication.page_name} has not {done} it by itself at "
            f"{self.maintenance.planned_at(late):%H:%M} UTC, so Foghorn does."
        )
        notices.note(tx, self.maintenance.id, text, cause, now)
