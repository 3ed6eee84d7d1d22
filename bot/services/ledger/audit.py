"""Who wanted what on a page, and what became of it, written into the audit log."""

from datetime import datetime

from bot.domain.deliveries import Delivery, Draft
from bot.domain.incidents import IncidentDraft
from bot.domain.maintenances import MaintenanceDraft
from bot.domain.subjects import Publication
from bot.domain.submissions import Person
from bot.store import Tx, audit, submissions

FOGHORN = "Foghorn"
"""Who it says did what nobody did by hand."""
ACTOR = FOGHORN.lower()
"""The same in the audit log."""
ITSELF = Person(ACTOR, FOGHORN)


def accepted(tx: Tx, publication: Publication, draft: Draft, actor: Person, now: datetime) -> None:
    """Write down who wants what on a page."""
    entry = audit.Entry(
        at=now,
        actor_id=actor.id,
        action=_action(draft),
        outcome=f"accepted{actor.caveat}",
        subject_id=publication.subject_id,
        page_id=publication.page_id,
        text=draft.message,
    )
    audit.record(tx, entry)


def settled(tx: Tx, delivery: Delivery, outcome: str, now: datetime) -> None:
    """Write down what became of a delivery."""
    kept = submissions.of_delivery(tx, delivery)
    actor = kept.author.id if kept else ACTOR
    entry = audit.Entry(now, actor, "deliver", outcome, delivery.subject_id, delivery.target)
    audit.record(tx, entry)


def _action(draft: Draft) -> str:
    if isinstance(draft, IncidentDraft | MaintenanceDraft):
        return "report" if isinstance(draft, IncidentDraft) else "schedule"
    return draft.status.value
