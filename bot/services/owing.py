"""What every submission has in common once it is accepted: it is kept, owed and on record."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import Announce, NewDelivery
from bot.domain.incidents import IncidentDraft, Publication, UpdateDraft
from bot.domain.pages import Component
from bot.domain.submissions import Submission
from bot.errors import FormError
from bot.store import Tx, audit, deliveries, pages, submissions


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submission that is on disk; `repeated` says that it had arrived before."""

    submission_id: str
    incident_id: str
    repeated: bool = False


def earlier(tx: Tx, submission: Submission) -> Accepted | None:
    """Return what the same act led to when it arrived before."""
    kept = submissions.by_key(tx, submission.key)
    return Accepted(kept.id, kept.incident_id or "", repeated=True) if kept else None


def chosen_components(
    tx: Tx, keys: Iterable[str], page_ids: Iterable[str]
) -> dict[str, dict[str, Component]]:
    """Return the chosen components of each of these pages, by their keys."""
    found: dict[str, dict[str, Component]] = {page_id: {} for page_id in page_ids}
    for key, choice in pages.by_keys(tx, keys).items():
        if choice.page_id in found:
            found[choice.page_id][key] = choice.component
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
    return kept.incident_id


@dataclass(frozen=True, slots=True)
class Debt:
    """What one submission owes: a draft to each publication of the incident."""

    submission_id: str
    incident_id: str
    drafts: Sequence[tuple[Publication, IncidentDraft | UpdateDraft]]


def owe(tx: Tx, submission: Submission, debt: Debt, now: datetime) -> Accepted:
    """Keep the submission, owe its drafts to the pages and the news to Slack, and record it."""
    submissions.add(tx, debt.submission_id, submission, debt.incident_id, now)
    owed = [
        NewDelivery(
            key=f"{debt.submission_id}:{publication.id}",
            lane=f"page:{publication.id}",
            target=publication.page_id,
            payload=draft,
            incident_id=debt.incident_id,
            publication_id=publication.id,
            submission_id=debt.submission_id,
        )
        for publication, draft in debt.drafts
    ]
    deliveries.add(tx, [*owed, announcement(debt.incident_id)], now)
    for publication, draft in debt.drafts:
        action = "report" if isinstance(draft, IncidentDraft) else draft.status.value
        entry = audit.Entry(
            at=now,
            actor_id=submission.author.id,
            action=action,
            outcome="accepted",
            incident_id=debt.incident_id,
            page_id=publication.page_id,
            text=draft.message,
        )
        audit.record(tx, entry)
    return Accepted(debt.submission_id, debt.incident_id)


def announcement(incident_id: str) -> NewDelivery:
    """Return the debt of bringing an incident's parent message up to date."""
    return NewDelivery(
        key=f"announce:{uuid.uuid4().hex}",
        lane=f"slack:{incident_id}",
        target="slack",
        payload=Announce(),
        incident_id=incident_id,
    )


def to_the_millisecond(instant: datetime) -> datetime:
    """Return `instant` as exactly as vendors keep it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
