"""What every submission has in common once it is accepted: it is kept, owed and on record."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.deliveries import Announcement, Draft, NewDelivery, PageDraft, StepCheck
from bot.domain.incidents import UpdateDraft
from bot.domain.maintenances import MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.pages import Page
from bot.domain.subjects import Publication
from bot.domain.submissions import Submission
from bot.errors import FormError
from bot.services.ledger import audit
from bot.store import Tx, deliveries, pages, submissions

_MOMENT = timedelta(milliseconds=1)
_SUFFIXES: dict[type, str] = {WindowDraft: ":move", Removal: ":remove"}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A submission that is on disk; `repeated` says that it had arrived before."""

    submission_id: str
    subject_id: str
    repeated: bool = False


def earlier(tx: Tx, submission: Submission) -> Acceptance | None:
    """Return what the same act led to when it arrived before."""
    kept = submissions.by_key(tx, submission.key)
    return Acceptance(kept.id, kept.subject_id or "", repeated=True) if kept else None


def chosen_pages(tx: Tx, page_ids: Collection[str]) -> tuple[Page, ...]:
    """Return the pages that a form names, or the only one there is; raise `FormError`."""
    known = pages.all_pages(tx)
    if not known:
        raise FormError(
            {"message": "Foghorn knows no page yet, since none could be read. Ask whoever runs it."}
        )
    chosen = tuple(page for page in known if page.id in page_ids)
    if len(known) == 1 and not page_ids:
        return known
    if not chosen or len(chosen) < len(page_ids):
        raise FormError({"pages": "Choose at least one page that Foghorn can still reach."})
    return chosen


def chosen_components(
    tx: Tx, keys: Iterable[str], page_ids: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return the ids of the chosen components of each of these pages, by their keys."""
    found: dict[str, dict[str, str]] = {page_id: {} for page_id in page_ids}
    for key, page_id, component_id in pages.ids(tx, keys):
        if page_id in found:
            found[page_id][key] = component_id
    return found


def corrected(tx: Tx, submission: Submission, submission_id: str) -> str | None:
    """Take the place of the refused submission that this one corrects; return its incident's id.

    Raises `FormError` when somebody has corrected it already.
    """
    if not submission.replaces:
        return None
    kept = submissions.get(tx, submission.replaces)
    if not kept or not submissions.mark_replaced(tx, kept.id, submission_id):
        raise FormError(
            {"message": "Somebody has corrected and sent this already: see its thread."}
        )
    return kept.subject_id


@dataclass(frozen=True, slots=True)
class Debt:
    """What one submission owes: to each publication of the subject one thing or several.

    `first` says that nothing was owed about this subject before.
    """

    submission_id: str
    subject_id: str
    drafts: Sequence[tuple[Publication, PageDraft]]
    first: bool = False


def owe(tx: Tx, submission: Submission, debt: Debt, now: datetime) -> Acceptance:
    """Keep the submission, owe its drafts to the pages and the news to Slack, and record it."""
    submissions.add(tx, debt.submission_id, submission, debt.subject_id, now)
    owed = [
        page_delivery(publication, draft, debt.submission_id, debt.submission_id)
        for publication, draft in debt.drafts
    ]
    deliveries.add(tx, [*owed, parent_message(debt.subject_id)], now, first=debt.first)
    for publication, draft in debt.drafts:
        if isinstance(draft, Draft):
            audit.accepted(tx, publication, draft, submission.author.id, now)
    return Acceptance(debt.submission_id, debt.subject_id)


def page_delivery(
    publication: Publication,
    draft: PageDraft | StepCheck,
    cause: str,
    submission_id: str | None = None,
) -> NewDelivery:
    """Return the debt of one thing to a publication's page; `cause` never comes again."""
    suffix = _SUFFIXES.get(type(draft), "")
    return NewDelivery(
        key=f"{cause}:{publication.id}{suffix}",
        lane=f"page:{publication.id}",
        target=publication.page_id,
        payload=draft,
        subject_id=publication.subject_id,
        publication_id=publication.id,
        submission_id=submission_id,
    )


def parent_message(subject_id: str) -> NewDelivery:
    """Return the debt of bringing a subject's parent message up to date."""
    return NewDelivery(
        key=f"announce:{uuid.uuid4().hex}",
        lane=f"slack:{subject_id}",
        target="slack",
        payload=Announcement(),
        subject_id=subject_id,
    )


def update_instant(tx: Tx, publication: Publication, now: datetime) -> datetime:
    """Return when an update to one page counts as posted: now, but later than all before it.

    Pages that have no key of ours repeat it, so it tells our update from any other.
    """
    owed = [each.payload for each in deliveries.of_publication(tx, publication)]
    before = [draft.at for draft in owed if isinstance(draft, UpdateDraft | MaintenanceUpdateDraft)]
    return max([to_the_millisecond(now), *(at + _MOMENT for at in before)])


def to_the_millisecond(instant: datetime) -> datetime:
    """Return `instant` as exactly as vendors keep it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
