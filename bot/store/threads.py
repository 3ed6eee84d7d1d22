"""Whatever a thread is about, an incident or a maintenance."""

from bot.database import Tx
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.store import incidents, maintenances


def get(tx: Tx, subject_id: str) -> Incident | Maintenance | None:
    """Return the incident or maintenance with our id, if there is one."""
    return incidents.get(tx, subject_id) or maintenances.get(tx, subject_id)
