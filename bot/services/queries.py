"""What forms and lists are filled from: our own database, never a vendor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain import foreseen
from bot.domain.dashboard import Dashboard, PageOverview
from bot.domain.deliveries import State
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Maintenance
from bot.domain.maintenances.series import Recurrence
from bot.domain.pages import Component, ComponentStatus, Page
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import PublicationState, Subject
from bot.domain.submissions import AnySubmission, Form, IncidentFields, StatusForAll
from bot.domain.texts.names import told_apart
from bot.ports import Clock
from bot.store import (
    Database,
    Tx,
    deliveries,
    incidents,
    maintenances,
    pages,
    series,
    submissions,
    threads,
    watches,
)
from bot.store.pages import Choice, component_key


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Components that a search found, by their keys: the first of `total`."""

    components: dict[str, Component]
    total: int


@dataclass(frozen=True, slots=True)
class IncidentOutlook:
    """An open incident and what its next update will most likely say.

    `seen` is our id of the last submission that this takes into account.
    """

    incident: Incident
    fields: IncidentFields
    components: dict[str, Component]
    seen: str


@dataclass(frozen=True, slots=True)
class MaintenanceOutlook:
    """A maintenance that an update can be about, and its components by their keys."""

    maintenance: Maintenance
    components: dict[str, Component]


@dataclass(frozen=True, slots=True)
class SubmissionToCorrect:
    """A submission, and its incident or maintenance; of pages in `stuck` nobody knows the end."""

    submission: AnySubmission
    subject: Incident | Maintenance | None
    stuck: frozenset[str]

    @property
    def pages(self) -> list[str]:
        """The pages that do not have its subject, or of which nobody knows."""
        refused = PublicationState.REFUSED
        return [
            each.page_id
            for each in (self.subject.publications if self.subject else ())
            if each.state is refused or each.page_id in self.stuck
        ]


@dataclass(frozen=True, slots=True)
class Queries:
    """Answers what a form needs to know, in one short read."""

    store: Database
    clock: Clock

    async def pages(self) -> tuple[Page, ...]:
        """Return every page we know."""
        return await self.store.read(pages.all_pages)

    async def search(self, words: str, page_ids: Sequence[str], limit: int) -> SearchResult:
        """Return the first `limit` components with every word, of these pages or of all."""
        return await self.store.read(_search, words, page_ids, limit)

    async def components(self, keys: Sequence[str]) -> dict[str, Component]:
        """Return the components with these keys, in the order of the keys."""
        return await self.store.read(_components, keys)

    async def open_incidents(self, words: str = "") -> tuple[Incident, ...]:
        """Return what is open and has every word in its name, newest first."""
        return await self.store.read(incidents.open_incidents, words)

    async def shown(self, subjects: Iterable[Subject]) -> dict[str, Freshness]:
        """Return what the parent messages of these say of the next update, by our ids."""
        kept = await self.store.read(watches.get_many, [each.id for each in subjects])
        return {subject_id: each.shown for subject_id, each in kept.items()}

    async def dashboard(self) -> Dashboard:
        """Return everything that is open, and what is not operational."""
        return await self.store.read(_dashboard)

    async def pages_seen(self) -> tuple[PageOverview, ...]:
        """Return every page with all its components."""
        return await self.store.read(pages.seen, troubled_only=False)

    async def outlook(
        self, subject_id: str, status: IncidentStatus | None
    ) -> IncidentOutlook | None:
        """Return an incident and its likely next update, in `status` if that is said already."""
        return await self.store.read(_outlook, subject_id, status)

    async def open_maintenances(self, words: str = "") -> tuple[Maintenance, ...]:
        """Return what is planned or running and has every word in its name, the next first."""
        return await self.store.read(maintenances.open_maintenances, words)

    async def prospect(self, maintenance_id: str) -> MaintenanceOutlook | None:
        """Return a maintenance as it will stand once all is there that is owed to its pages."""
        return await self.store.read(_prospect, maintenance_id)

    async def subject(self, subject_id: str) -> Incident | Maintenance | None:
        """Return an incident or a maintenance."""
        return await self.store.read(threads.get, subject_id)

    async def running_series(self) -> tuple[Recurrence, ...]:
        """Return every series of which a window is not over yet."""
        return await self.store.read(series.running, self.clock.now())

    async def series_of(self, maintenance_id: str) -> Recurrence | None:
        """Return the series that a maintenance is a window of."""
        return await self.store.read(_series_of, maintenance_id)

    async def submission(self, submission_id: str) -> SubmissionToCorrect | None:
        """Return a submission as it was kept, and what it is about."""
        return await self.store.read(_submission, submission_id)

    async def keep_step(self, view_id: str, form: Form) -> None:
        """Keep the first step of a form until the second arrives."""
        await self.store.write(submissions.save_draft, view_id, form, self.clock.now())

    async def step(self, view_id: str) -> Form | None:
        """Return the first step that was kept."""
        return await self.store.read(submissions.draft, view_id)


def _search(tx: Tx, words: str, page_ids: Sequence[str], limit: int) -> SearchResult:
    choices, total = pages.search(tx, words, page_ids, limit)
    return SearchResult(_listed(tx, choices), total)


def _components(tx: Tx, keys: Sequence[str]) -> dict[str, Component]:
    found = pages.by_keys(tx, keys)
    return _listed(tx, [found[key] for key in keys if key in found])


def _listed(tx: Tx, choices: Iterable[Choice]) -> dict[str, Component]:
    """Return components by their keys; with several pages, the group names the page too."""
    known = pages.all_pages(tx)
    if len(known) == 1:
        return {each.key: each.component for each in choices}
    titles = told_apart([each.marks for each in known])
    names = {page.id: title for page, title in zip(known, titles, strict=True)}
    return {
        each.key: replace(
            each.component,
            group=" · ".join(filter(None, (each.component.group, names.get(each.page_id)))),
        )
        for each in choices
    }


def _dashboard(tx: Tx) -> Dashboard:
    open_ones = incidents.open_incidents(tx), maintenances.open_maintenances(tx)
    kept = watches.get_many(tx, [each.id for some in open_ones for each in some])
    return Dashboard(
        pages.seen(tx, troubled_only=True),
        *open_ones,
        {subject_id: each.shown for subject_id, each in kept.items()},
    )


def _outlook(tx: Tx, subject_id: str, status: IncidentStatus | None) -> IncidentOutlook | None:
    stored = incidents.get(tx, subject_id)
    if not stored:
        return None
    incident = foreseen.incident(stored, deliveries.of_subject(tx, subject_id))
    now = {
        component_key(each.page_id, component_id): impact
        for each in incident.publications
        if each.state is not PublicationState.REFUSED
        for component_id, impact in each.impacts.items()
        if impact is not ComponentStatus.OPERATIONAL
    }
    known = pages.by_keys(tx, now)
    fields = IncidentFields(
        status=status or incident.status.likely_next,
        message="",
        components=tuple(known),
        component_status=StatusForAll.KEEP if known else ComponentStatus.DEGRADED,
        each={key: now[key] for key in known},
        notify=incident.notify,
    )
    components = _listed(tx, known.values())
    last = submissions.latest(tx, subject_id)
    return IncidentOutlook(incident, fields, components, last.id if last else "")


def _prospect(tx: Tx, maintenance_id: str) -> MaintenanceOutlook | None:
    maintenance = maintenances.get(tx, maintenance_id)
    if not maintenance:
        return None
    keys = [
        component_key(each.page_id, component_id)
        for each in maintenance.publications
        for component_id in each.impacts
    ]
    components = _listed(tx, pages.by_keys(tx, keys).values())
    owed = deliveries.of_subject(tx, maintenance_id)
    return MaintenanceOutlook(foreseen.maintenance(maintenance, owed), components)


def _series_of(tx: Tx, maintenance_id: str) -> Recurrence | None:
    maintenance = maintenances.get(tx, maintenance_id)
    return series.get(tx, maintenance.series_id or "") if maintenance else None


def _submission(tx: Tx, submission_id: str) -> SubmissionToCorrect | None:
    kept = submissions.get(tx, submission_id)
    if not kept:
        return None
    owed = deliveries.of_submission(tx, submission_id)
    stuck = frozenset(each.target for each in owed if each.state is State.STUCK)
    return SubmissionToCorrect(kept, threads.get(tx, kept.subject_id), stuck)
