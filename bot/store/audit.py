"""The audit log: who did what, when, with which text, and what came of it; only ever added to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from bot.database import Tx
from bot.store.tables import audit

# What every submission runs is built once: building takes longer than running.
_ADD = insert(audit)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    at: datetime
    actor_id: str
    action: str
    outcome: str
    subject_id: str | None = None
    page_id: str | None = None
    text: str | None = None


def record(tx: Tx, *entries: Entry) -> None:
    """Add lines."""
    rows = [
        {
            "at": entry.at,
            "actor_id": entry.actor_id,
            "action": entry.action,
            "outcome": entry.outcome,
            "subject_id": entry.subject_id,
            "page_id": entry.page_id,
            "text": entry.text,
        }
        for entry in entries
    ]
    if rows:
        tx.execute(_ADD, rows)
