"""Carrying what people publish to status pages: what all sorts of it have in common."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.deliveries import Delivery, PageDraft, State
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.subjects import Publication, PublicationState, PublishResult
from bot.errors import Deleted, FoghornError, Gone, Rejected, Unauthorized, Uncertain
from bot.ports import StatusPage
from bot.services.delivery import incidents, maintenances
from bot.services.delivery.component_holds import held_by_others
from bot.services.delivery.outcomes import Ambiguity, NotFound, Success
from bot.services.delivery.page_command import PageById, PageCommand, PageRequest
from bot.services.ledger import audit, notices, refusals
from bot.services.ledger.watches import Renew
from bot.store import Database, Tx, deliveries, subjects, threads
from bot.store.subjects import publication_of

_KEY_HOLDS = timedelta(hours=1)
"""For how long a page is trusted to remember our key; none says."""


_DELETED = "Somebody deleted this incident on the page."
_NO_HICCUP = 3
"""After so many failures in a row the author is told, however short the pauses."""

PAGE_COMMANDS: dict[type, PageCommand[Any]] = {
    IncidentDraft: incidents.CreateIncident(),
    UpdateDraft: incidents.PostUpdate(),
    MaintenanceDraft: maintenances.ScheduleMaintenance(),
    MaintenanceUpdateDraft: maintenances.PostMaintenanceUpdate(),
    WindowDraft: maintenances.MoveMaintenance(),
    Removal: maintenances.RemoveMaintenance(),
}
"""For each sort of thing that is owed to pages, how it is done."""


class PageDelivery:
    """Publishes on pages what is owed to them, and writes down what the pages answer."""

    most_doubts = 3

    def __init__(
        self, store: Database, page: PageById, admins: Sequence[str], renew: Renew
    ) -> None:
        """Take how to reach a page by our id, and whom to tell when a key is refused.

        `renew` is called when something has changed on a page.
        """
        self._renew = renew
        self._store = store
        self._page = page
        self._admins = admins

    async def send(self, delivery: Delivery) -> Success:
        """Put it on the page."""
        page = self._page(delivery.target)
        publication = await self._store.read(publication_of, delivery)
        try:
            return await self._send(page, delivery, publication)
        except Gone as error:
            raise await _deleted(page, delivery, publication) or error from error

    async def _send(
        self, page: StatusPage, delivery: Delivery, publication: Publication
    ) -> Success:
        craft = _craft(delivery)
        if craft.opens:
            if found := await self._found_before(page, delivery, publication):
                return found
        elif not publication.remote_id:
            raise Rejected(refusals.never_there(delivery))
        touched = craft.touches(delivery.payload)
        others = await held_by_others(self._store, page, touched, publication.remote_id)
        errand = replace(_errand(delivery, publication), held=others)
        posted = replace(await craft.put(page, errand), held=others)
        return published(delivery, posted, self._renew)

    async def look(self, delivery: Delivery) -> Success | NotFound | Ambiguity:
        """Look on the page for what an earlier attempt may have left there."""
        if self.repeatable(delivery):
            return NotFound()
        page = self._page(delivery.target)
        publication = await self._store.read(publication_of, delivery)
        try:
            return await self._look(page, delivery, publication)
        except Gone as error:
            raise await _deleted(page, delivery, publication) or error from error

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether it does no harm twice, or the page knows our key and is sure to remember."""
        craft = _craft(delivery)
        if not craft.opens:
            return craft.repeatable
        first = delivery.first_sent_at or delivery.due_at
        keyed = self._page(delivery.target).capabilities.takes_create_key
        return keyed and (delivery.lease_until or delivery.due_at) - first < _KEY_HOLDS

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Show that it is not there yet, and tell the author when it takes long."""
        pause = delivery.due_at - now
        long_wait = delivery.attempts == 1 and pause > timedelta(seconds=10)
        if delivery.state is State.PENDING and (long_wait or delivery.attempts == _NO_HICCUP):
            notices.tell_author(tx, delivery, notices.not_yet(tx, delivery), now)
        notices.show_progress(tx, delivery, now)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the author, with the text; give up what was to follow on it."""
        publication = publication_of(tx, delivery)
        if delivery.state is State.STUCK:
            notices.tell_author(tx, delivery, notices.stuck(tx, delivery), now)
        elif isinstance(error, Deleted):
            audit.settled(tx, delivery, f"refused: {error}", now)
            self._end_there(tx, delivery, now)
        else:
            notices.tell_author(tx, delivery, notices.refused(tx, delivery), now)
            audit.settled(tx, delivery, f"refused: {error}", now)
            refusals.give_up_rest(tx, delivery, now)
        if isinstance(error, Unauthorized):
            notices.tell_admins(tx, delivery, publication.page_name, self._admins, now)
        notices.show_progress(tx, delivery, now)

    def _end_there(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Write down that the page has it no longer; it is over when no other page has it."""
        subject_id = delivery.subject_id or ""
        subjects.lock(tx, subject_id)  # of two pages, the last one has to know of the other
        gone = replace(publication_of(tx, delivery), state=PublicationState.REFUSED)
        subjects.save_publication(tx, replace(gone, remote_id=None, url=None))
        subject = threads.get(tx, subject_id)
        elsewhere = subject is not None and subject.is_anywhere
        for each in (delivery, *deliveries.refuse_rest(tx, delivery.lane, _DELETED)):
            if isinstance(each.payload, PageDraft):
                notices.tell_author(tx, each, notices.deleted(tx, each, elsewhere=elsewhere), now)
        if not elsewhere:
            self._renew(tx, delivery, now)

    async def _found_before(
        self, page: StatusPage, delivery: Delivery, publication: Publication
    ) -> Success | None:
        """Look for what was sent so long ago that the page may have forgotten its key."""
        keyed = page.capabilities.takes_create_key
        if not keyed or not delivery.doubts or self.repeatable(delivery):
            return None
        try:
            found = await self._look(page, delivery, publication)
        except (Rejected, Unauthorized) as error:
            # Only the look is refused: what was sent before may be there all the same.
            raise Uncertain(str(error)) from error
        if isinstance(found, Ambiguity):
            raise Uncertain(found.reason)
        return found if isinstance(found, Success) else None

    async def _look(
        self, page: StatusPage, delivery: Delivery, publication: Publication
    ) -> Success | NotFound | Ambiguity:
        craft = _craft(delivery)
        if not craft.opens and not publication.remote_id:
            return NotFound()
        ours = await self._store.read(_bound_ids, delivery)
        seen = await craft.seen(page, _errand(delivery, publication))
        found = [each for each in seen if _id_of(craft, each.posted) not in ours]
        if len(found) > 1:
            links = " and ".join(each.link for each in found)
            what = f"it more than once: {links}" if craft.opens else "this update more than once"
            return Ambiguity(f"The page has {what}.")
        return published(delivery, found[0].posted, self._renew) if found else NotFound()


def published(delivery: Delivery, posted: PublishResult, renew: Renew) -> Success:
    """Return what to write down now that the page has it."""

    def keep(tx: Tx, now: datetime) -> None:
        _craft(delivery).keep(tx, delivery, delivery.payload, posted, now)
        renew(tx, delivery, now)

    return Success(posted.update_id, keep)


async def _deleted(
    page: StatusPage, delivery: Delivery, publication: Publication
) -> Deleted | None:
    """Say that somebody deleted what this is about, when that is sure."""
    there = publication.remote_id
    sure = there and await _craft(delivery).is_deleted(page, there)
    return Deleted(_DELETED) if sure else None


def _craft(delivery: Delivery) -> PageCommand[Any]:
    return PAGE_COMMANDS[type(delivery.payload)]


def _never_there(delivery: Delivery) -> str:
    incident = isinstance(delivery.payload, IncidentDraft | UpdateDraft)
    return f"The {'incident' if incident else 'maintenance'} itself never reached the page."


def _errand(delivery: Delivery, publication: Publication) -> PageRequest[Any]:
    return PageRequest(
        draft=delivery.payload,
        key=delivery.key,
        there=publication.remote_id or "",
        since=delivery.first_sent_at or delivery.due_at,
        held={},
    )


def _bound_ids(tx: Tx, delivery: Delivery) -> frozenset[str]:
    """Return the page's ids that are known to be the work of others of our deliveries."""
    if _craft(delivery).opens:
        return subjects.bound_ids(tx, delivery.target)
    return deliveries.bound_ids(tx, delivery.lane)


def _id_of(craft: PageCommand[Any], posted: PublishResult) -> str | None:
    return posted.remote_id if craft.opens else posted.update_id
