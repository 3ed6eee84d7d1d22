"""The audit log: who did what, when, with which text, and what came of it; only ever added to."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert

from bot.database import Tx
from bot.store.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    at: datetime
    actor_id: str
    action: str
    outcome: str
    incident_id: str | None = None
    page_id: str | None = None
    text: str | None = None


def record(tx: Tx, entry: Entry) -> None:
    """Add a line."""
    tx.execute(insert(audit), asdict(entry))
