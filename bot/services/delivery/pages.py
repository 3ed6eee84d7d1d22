"""What people publish, brought to status pages: what all sorts of it have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.deliveries import Delivery, PageDraft, State
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.subjects import Publication, PublicationState, PublishResult
from bot.domain.texts.comparison import composed
from bot.errors import Deleted, FoghornError, Gone, Rejected, Unauthorized, Uncertain
from bot.ports import StatusPage
from bot.services.delivery import incidents, maintenances
from bot.services.delivery.component_holds import held_by_others
from bot.services.delivery.outcomes import Ambiguity, DeliveryHandler, LookResult, NotFound, Success
from bot.services.delivery.page_command import PageById, PageCommand
from bot.services.ledger import audit, notices, refusals
from bot.services.ledger.watches import Renew
from bot.store import Database, Tx, deliveries, subjects, threads

_KEY_HOLDS = timedelta(hours=1)
"""For how long a page is trusted to remember our key; none says."""
_DELETED = "Somebody deleted this incident on the page."
_NO_HICCUP = 3
"""After so many failures in a row the author is told, however short the pauses."""

PAGE_COMMANDS: dict[type, PageCommand] = {
    IncidentDraft: incidents.CreateIncident(),
    UpdateDraft: incidents.PostUpdate(),
    MaintenanceDraft: maintenances.ScheduleMaintenance(),
    MaintenanceUpdateDraft: maintenances.PostMaintenanceUpdate(),
    WindowDraft: maintenances.MoveMaintenance(),
    Removal: maintenances.RemoveMaintenance(),
}
"""For each sort of thing that is owed to pages, how it is done."""


@dataclass(frozen=True, slots=True)
class PageDelivery(DeliveryHandler):
    """Publishes on pages what is owed to them, and writes down what the pages answer.

    `admins` are told when a key is refused. `renew` is called when something has changed on a page.
    """

    store: Database
    page: PageById
    admins: Sequence[str]
    renew: Renew

    person_decides = True

    async def send(self, delivery: Delivery) -> Success:
        """Put it on the page."""
        page = self.page(delivery.target)
        publication = await self.store.read(subjects.publication_of, delivery)
        try:
            return await self._send(page, delivery, publication)
        except Gone as error:
            raise await _deleted(page, delivery, publication) or error from error

    async def _send(
        self, page: StatusPage, delivery: Delivery, publication: Publication
    ) -> Success:
        command = _command(delivery)
        if command.opens:
            if found := await self._found_before(page, delivery, publication):
                return found
        elif not publication.remote_id:
            raise Rejected(refusals.never_there(delivery))
        there, touched = publication.remote_id or "", command.touches(delivery)
        held = await held_by_others(self.store, page, touched, publication.remote_id)
        result = await command.put(page, delivery, there, held)
        return published(delivery, replace(result, held=held), self.renew)

    async def look(self, delivery: Delivery) -> LookResult:
        """Look on the page for what an earlier attempt may have left there."""
        if self.repeatable(delivery):
            return NotFound()
        page = self.page(delivery.target)
        publication = await self.store.read(subjects.publication_of, delivery)
        try:
            return await self._look(page, delivery, publication)
        except Gone as error:
            raise await _deleted(page, delivery, publication) or error from error

    def repeatable(self, delivery: Delivery) -> bool:
        """Say whether it does no harm twice, or the page knows our key and is sure to remember."""
        command = _command(delivery)
        if not command.opens:
            return command.repeatable
        keyed = self.page(delivery.target).capabilities.takes_create_key
        return keyed and (delivery.lease_until or delivery.due_at) - delivery.since < _KEY_HOLDS

    def waits(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Show that it is not there yet, and tell the author when it takes long."""
        pause = delivery.due_at - now
        long_wait = delivery.attempts == 1 and pause > timedelta(seconds=10)
        if delivery.state is State.PENDING and (long_wait or delivery.attempts == _NO_HICCUP):
            notices.tell_author(tx, delivery, notices.not_yet(tx, delivery), now)
        notices.show_progress(tx, delivery, now)

    def fails(self, tx: Tx, delivery: Delivery, error: FoghornError, now: datetime) -> None:
        """Tell the author, with the text; give up what was to follow on it."""
        publication = subjects.publication_of(tx, delivery)
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
            notices.tell_admins(tx, delivery, publication.page_name, self.admins, now)
        notices.show_progress(tx, delivery, now)

    def _end_there(self, tx: Tx, delivery: Delivery, now: datetime) -> None:
        """Write down that the page has it no longer; it is over when no other page has it."""
        subjects.lock(tx, delivery.subject_id)  # of two pages, the last has to know of the other
        gone = replace(subjects.publication_of(tx, delivery), state=PublicationState.REFUSED)
        subjects.save_publication(tx, replace(gone, remote_id=None, url=None))
        subject = threads.get(tx, delivery.subject_id)
        elsewhere = subject is not None and subject.is_anywhere
        for each in (delivery, *deliveries.refuse_rest(tx, delivery.lane, _DELETED)):
            if isinstance(each.payload, PageDraft):
                notice = notices.deleted(tx, each, elsewhere=elsewhere)
                notices.tell_author(tx, each, notice, now)
        if not elsewhere:
            self.renew(tx, delivery, now)

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
    ) -> LookResult:
        command = _command(delivery)
        if not command.opens and not publication.remote_id:
            return NotFound()
        matches = await command.find(page, delivery, publication.remote_id or "")
        if not matches:
            return NotFound()
        # After the page was read: what others have on it by then is known to be on its way.
        bound, rivals = await self.store.read(_others, delivery)
        found = [each for each in matches if _id_of(command, each.result) not in bound]
        found = [each for each in found if each.exact] or found
        what = "it" if command.opens else "this update"
        if len(found) > 1:
            links = f": {' and '.join(each.link for each in found)}" if command.opens else ""
            return Ambiguity(f"The page has {what} more than once{links}.")
        if found and rivals and not found[0].exact:
            return Ambiguity(
                f"The page has {what} once, which may be an earlier one with the same words."
            )
        return published(delivery, found[0].result, self.renew) if found else NotFound()


def published(delivery: Delivery, result: PublishResult, renew: Renew) -> Success:
    """Return what to write down now that the page has it."""

    def record(tx: Tx, now: datetime) -> None:
        _command(delivery).record(tx, delivery, result, now)
        renew(tx, delivery, now)

    return Success(result.update_id, record)


async def _deleted(
    page: StatusPage, delivery: Delivery, publication: Publication
) -> Deleted | None:
    """Say that somebody deleted what this is about, when that is sure."""
    there = publication.remote_id
    sure = there and await _command(delivery).is_deleted(page, there)
    return Deleted(_DELETED) if sure else None


def _command(delivery: Delivery) -> PageCommand:
    return PAGE_COMMANDS[type(delivery.payload)]


def _others(tx: Tx, delivery: Delivery) -> tuple[frozenset[str], bool]:
    """Return the page's ids that are the work of others of our deliveries.

    And whether another one with the same words may be there too, under an id that nobody knows.
    """
    opens = _command(delivery).opens
    if opens:
        bound = subjects.bound_ids(tx, delivery.target)
    else:
        bound = deliveries.bound_ids(tx, delivery.lane)
    rivals = deliveries.of_unknown_end(tx, delivery, anywhere=opens)
    return bound, any(_words(each) == _words(delivery) for each in rivals)


def _words(delivery: Delivery) -> tuple[object, ...]:
    """Return what tells it from others on a page that may keep no instant of ours."""
    match delivery.payload:
        case UpdateDraft() | MaintenanceUpdateDraft() as draft:
            return draft.status, *composed(draft.message).split()
        case IncidentDraft() as draft:
            return composed(draft.name), *composed(draft.message).split()
        case MaintenanceDraft() as draft:
            return composed(draft.name), draft.starts, *composed(draft.message).split()
        case _:
            return ()


def _id_of(command: PageCommand, result: PublishResult) -> str | None:
    return result.remote_id if command.opens else result.update_id
