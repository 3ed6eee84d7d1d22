"""Carrying reports and updates to status pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import cadence
from bot.domain.deliveries import Delivery, NewDelivery, ReadBack, State
from bot.domain.incidents import (
    IncidentDraft,
    IncidentStatus,
    Posted,
    Publication,
    PublicationState,
    UpdateDraft,
)
from bot.domain.pages import ComponentStatus, Hold, held
from bot.domain.receipts import Wanted
from bot.errors import FoghornError, Rejected, Unauthorized, Uncertain
from bot.ports import StatusPage
from bot.services import news, owing
from bot.services.verdicts import CannotTell, NotThere, Sent
from bot.store import Store, Tx, audit, deliveries, incidents, submissions

_KEY_HOLDS = timedelta(hours=1)
"""For how long a page is trusted to remember our key; none says."""


_NO_HICCUP = 3
"""After so many failures in a row the author is told, however short the pauses."""


class PageDeliveries:
    """Publishes and updates incidents on pages, and writes down what the pages answer."""

    most_doubts = 3

    def __init__(
        self, store: Store, page: Callable[[str], StatusPage], admins: Sequence[str]
    ) -> None:
        """Take how to reach a page by our id, and whom to tell when a key is refused."""
        self._store = store
        self._page = page
        self._admins = admins

    async def send(self, delivery: Delivery) -> Sent:
        """Publish the incident or post the update."""
        page = self._page(delivery.target)
        publication = await self._store.read(_publication, delivery)
        draft = delivery.payload
        if isinstance(draft, IncidentDraft):
            if found := await self._found_before(page, delivery, draft):
                return found
            others = await self._held(page, draft.impacts, None)
            posted = await page.create_incident(draft, delivery.key, others)
        elif isinstance(draft, UpdateDraft):
            if not publication.remote_id:
                reason = "The incident itself never reached the page."
                raise Rejected(reason)
            others = await self._held(page, draft.impacts, publication.remote_id)
            posted = await page.post_update(publication.remote_id, draft, others)
        else:
            raise TypeError(draft)
        return self._sent(delivery, posted)

    async def look(self, delivery: Delivery) -> Sent | NotThere | CannotTell:
        """Look on the page for what an earlier attempt may have left there."""
        if self.repeatable(delivery):
            return NotThere()
        page = self._page(delivery.target)
        since = delivery.first_sent_at or delivery.due_at
        if isinstance(delivery.payload, IncidentDraft):
            return await self._look_for_incident(page, delivery, delivery.payload, since)
        if isinstance(delivery.payload, UpdateDraft):
            return await self._look_for_update(page, delivery, delivery.payload, since)
        raise TypeError(delivery.payload)

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether the page knows our key for this, and is sure to remember it."""
        if not isinstance(delivery.payload, IncidentDraft):
            return False
        first = delivery.first_sent_at or delivery.due_at
        keyed = self._page(delivery.target).capabilities.takes_create_key
        return keyed and (delivery.lease_until or delivery.due_at) - first < _KEY_HOLDS

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Show that it is not there yet, and tell the author when it takes long."""
        pause = delivery.due_at - now
        long_wait = delivery.attempts == 1 and pause > timedelta(seconds=10)
        if delivery.state is State.PENDING and (long_wait or delivery.attempts == _NO_HICCUP):
            news.tell_author(tx, delivery, news.not_yet(tx, delivery), now)
        news.show_progress(tx, delivery, now)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the author, with the text; give up what was to follow on it."""
        publication = _publication(tx, delivery)
        if delivery.state is State.STUCK:
            news.tell_author(tx, delivery, news.stuck(tx, delivery), now)
        else:
            news.tell_author(tx, delivery, news.refused(tx, delivery), now)
            _record(tx, delivery, f"refused: {error}", now)
            give_up_rest(tx, delivery, now)
        if isinstance(error, Unauthorized):
            news.tell_admins(tx, delivery, publication.page_name, self._admins, now)
        news.show_progress(tx, delivery, now)

    async def _held(
        self, page: StatusPage, impacts: Mapping[str, ComponentStatus], besides: str | None
    ) -> dict[str, ComponentStatus]:
        """Return what others hold these components at, where a component has one status for all."""
        if not page.capabilities.shares_component_status or not impacts:
            return {}
        return held(await others_holds(self._store, page, besides))

    async def _found_before(
        self, page: StatusPage, delivery: Delivery, draft: IncidentDraft
    ) -> Sent | None:
        """Look for what was sent so long ago that the page may have forgotten its key."""
        keyed = page.capabilities.takes_create_key
        if not keyed or not delivery.doubts or self.repeatable(delivery):
            return None
        since = delivery.first_sent_at or delivery.due_at
        try:
            found = await self._look_for_incident(page, delivery, draft, since)
        except (Rejected, Unauthorized) as error:
            # Only the look is refused: what was sent before may be there all the same.
            raise Uncertain(str(error)) from error
        if isinstance(found, CannotTell):
            raise Uncertain(found.reason)
        return found if isinstance(found, Sent) else None

    async def _look_for_incident(
        self, page: StatusPage, delivery: Delivery, draft: IncidentDraft, since: datetime
    ) -> Sent | NotThere | CannotTell:
        ours = await self._store.read(incidents.bound_ids, delivery.target)
        found = [each for each in await page.find_incidents(draft, since) if each.id not in ours]
        if len(found) > 1:
            links = " and ".join(each.url or each.id for each in found)
            return CannotTell(f"The page has it more than once: {links}.")
        if not found:
            return NotThere()
        first = found[0].updates[0].id if found[0].updates else None
        return self._sent(delivery, Posted(found[0].id, first, notified=draft.notify))

    async def _look_for_update(
        self, page: StatusPage, delivery: Delivery, draft: UpdateDraft, since: datetime
    ) -> Sent | NotThere | CannotTell:
        publication = await self._store.read(_publication, delivery)
        if not publication.remote_id:
            return NotThere()
        ours = await self._store.read(deliveries.bound_ids, delivery.lane)
        candidates = await page.find_updates(publication.remote_id, draft, since)
        found = [update for update in candidates if update.id not in ours]
        if len(found) > 1:
            return CannotTell("The page has this update more than once.")
        if not found:
            return NotThere()
        return self._sent(
            delivery, Posted(publication.remote_id, found[0].id, notified=draft.notify)
        )

    def _sent(self, delivery: Delivery, posted: Posted) -> Sent:
        return Sent(posted.update_id, lambda tx, now: _write_down(tx, delivery, posted, now))


def give_up_rest(tx: Tx, delivery: Delivery, now: datetime) -> None:
    """Give up what was to follow on an incident that will not be on the page."""
    if not isinstance(delivery.payload, IncidentDraft):
        return
    publication = replace(_publication(tx, delivery), state=PublicationState.REFUSED)
    incidents.save_publication(tx, publication)
    reason = "The incident itself never reached the page."
    for late in deliveries.refuse_rest(tx, delivery.lane, reason):
        news.tell_author(tx, late, news.refused(tx, late), now)


async def others_holds(store: Store, page: StatusPage, besides: str | None) -> tuple[Hold, ...]:
    """Return what holds the page's components, except the incident with the page's id `besides`.

    Where an incident is ours, our own record is finer than what the page tells.
    """
    ours = await store.read(incidents.our_holds, page.id)
    by_page = [
        hold
        for hold in await page.holds()
        if hold.source_id != besides and hold.source_id not in ours
    ]
    own = [hold for source_id, holds in ours.items() if source_id != besides for hold in holds]
    return tuple(
        hold for hold in [*own, *by_page] if hold.status is not ComponentStatus.OPERATIONAL
    )


def _publication(tx: Tx, delivery: Delivery) -> Publication:
    publication = incidents.publication(tx, delivery.publication_id or "")
    if not publication:
        raise LookupError(delivery.publication_id)
    return publication


def _write_down(tx: Tx, delivery: Delivery, posted: Posted, now: datetime) -> None:
    """Store what the page has now, and owe the receipt."""
    draft = delivery.payload
    incident = incidents.get(tx, delivery.incident_id or "")
    kept = submissions.get(tx, delivery.submission_id or "")
    if not isinstance(draft, IncidentDraft | UpdateDraft) or not incident or not kept:
        raise LookupError(delivery.key)
    before = _publication(tx, delivery)
    there = replace(before, state=PublicationState.LIVE, remote_id=posted.incident_id)
    incidents.save_publication(tx, replace(there, impacts=draft.impacts))
    due = cadence.next_update_due(
        now, draft.status, draft.impacts.values(), kept.form.fields.next_update
    )
    incidents.change(
        tx,
        incident.id,
        status=draft.status.value,
        message=draft.message,
        notify=draft.notify,
        updated_at=now,
        due_at=due,
    )
    _record(tx, delivery, "published", now)
    wanted = Wanted(
        name=incident.name,
        status=draft.status,
        message=draft.message,
        impacts=draft.impacts,
        notified=posted.notified,
        author=kept.author.name,
        published_at=now,
        note=posted.note,
        first=isinstance(draft, IncidentDraft),
    )
    deliveries.add(tx, [_receipt(delivery, wanted)], now)
    if draft.status is IncidentStatus.RESOLVED:
        deliveries.add(tx, [owing.announcement(incident.id)], now)


def _receipt(delivery: Delivery, wanted: Wanted) -> NewDelivery:
    return NewDelivery(
        key=f"{delivery.key}:receipt",
        lane=f"receipt:{delivery.publication_id}",
        target=delivery.target,
        payload=ReadBack(wanted),
        incident_id=delivery.incident_id,
        publication_id=delivery.publication_id,
        submission_id=delivery.submission_id,
    )


def _record(tx: Tx, delivery: Delivery, outcome: str, now: datetime) -> None:
    kept = submissions.get(tx, delivery.submission_id or "")
    actor = kept.author.id if kept else "foghorn"
    audit.record(
        tx, audit.Entry(now, actor, "deliver", outcome, delivery.incident_id, delivery.target)
    )
