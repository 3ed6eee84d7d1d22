"""What forms and lists are filled from: our own store, never a vendor."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.pages import Component, ComponentStatus, Page
from bot.domain.submissions import Fields, ForAll, Progress, Report
from bot.ports import Clock
from bot.store import Store, Tx, incidents, pages, submissions
from bot.store.pages import Choice, component_key
from bot.store.submissions import Kept


@dataclass(frozen=True, slots=True)
class Found:
    """Components that a search found: the first of `total`."""

    choices: tuple[Choice, ...]
    total: int
    page_names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """An open incident and what its next update will most likely say."""

    incident: Incident
    fields: Fields
    components: dict[str, Component]


class Desk:
    """Answers what a form needs to know, in one short read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Take the store."""
        self._store = store
        self._clock = clock

    async def pages(self) -> tuple[Page, ...]:
        """Return every page we know."""
        return await self._store.read(pages.all_pages)

    async def search(self, words: str, page_ids: Sequence[str], limit: int) -> Found:
        """Return the first `limit` components with every word, of these pages or of all."""
        return await self._store.read(_search, words, page_ids, limit)

    async def components(self, keys: Sequence[str]) -> dict[str, Component]:
        """Return the components with these keys, in the order of the keys."""
        found = await self._store.read(pages.by_keys, keys)
        return {key: found[key].component for key in keys if key in found}

    async def open_incidents(self, words: str = "") -> tuple[Incident, ...]:
        """Return what is open and has every word in its name, newest first."""
        return await self._store.read(incidents.open_incidents, words)

    async def outlook(self, incident_id: str, status: IncidentStatus | None) -> Outlook | None:
        """Return an incident and its likely next update, in `status` if that is said already."""
        return await self._store.read(_outlook, incident_id, status)

    async def submission(self, submission_id: str) -> tuple[Kept, Incident | None] | None:
        """Return a submission as it was kept, and its incident."""
        return await self._store.read(_submission, submission_id)

    async def keep_step(self, view_id: str, form: Report | Progress) -> None:
        """Keep the first step of a form until the second arrives."""
        await self._store.write(submissions.save_draft, view_id, form, self._clock.now())

    async def step(self, view_id: str) -> Report | Progress | None:
        """Return the first step that was kept."""
        return await self._store.read(submissions.draft, view_id)


def _search(tx: Tx, words: str, page_ids: Sequence[str], limit: int) -> Found:
    choices, total = pages.search(tx, words, page_ids, limit)
    return Found(choices, total, {page.id: page.name for page in pages.all_pages(tx)})


def _outlook(tx: Tx, incident_id: str, status: IncidentStatus | None) -> Outlook | None:
    incident = incidents.get(tx, incident_id)
    if not incident:
        return None
    now = {
        component_key(each.page_id, component_id): impact
        for each in incident.publications
        for component_id, impact in each.impacts.items()
        if impact is not ComponentStatus.OPERATIONAL
    }
    known = pages.by_keys(tx, now)
    fields = Fields(
        status=status or incident.status.likely_next,
        message="",
        components=tuple(known),
        component_status=ForAll.KEEP if now else ComponentStatus.DEGRADED,
        each=now,
        notify=incident.notify,
    )
    return Outlook(incident, fields, {key: choice.component for key, choice in known.items()})


def _submission(tx: Tx, submission_id: str) -> tuple[Kept, Incident | None] | None:
    kept = submissions.get(tx, submission_id)
    return (kept, incidents.get(tx, kept.incident_id or "")) if kept else None
