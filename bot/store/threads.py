"""Whatever a thread is about, an incident or a maintenance."""

from collections.abc import Iterable

from bot.database import Tx
from bot.domain.deliveries import Delivery
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.store import incidents, maintenances, series, subjects


def get(tx: Tx, subject_id: str) -> Incident | Maintenance | None:
    """Return the incident or maintenance with our id, if there is one."""
    return incidents.get(tx, subject_id) or maintenances.get(tx, subject_id)


def subject_of(tx: Tx, delivery: Delivery) -> Incident | Maintenance:
    """Return what a delivery is about; raise `LookupError` when it is no longer there."""
    subject = get(tx, delivery.subject_id)
    if not subject:
        raise LookupError(delivery.subject_id)
    return subject


def get_many(tx: Tx, subject_ids: Iterable[str]) -> dict[str, Incident | Maintenance]:
    """Return the incidents and maintenances with our ids, by their ids."""
    wanted = tuple(subject_ids)
    found: dict[str, Incident | Maintenance] = {
        each.id: each for each in incidents.get_many(tx, wanted)
    }
    if left := [each for each in wanted if each not in found]:
        found |= {each.id: each for each in maintenances.get_many(tx, left)}
    return found


def move(tx: Tx, subject: Incident | Maintenance, channel: str, thread_ts: str | None) -> None:
    """Say where a subject's thread is; a maintenance that is one of many shares it with them."""
    if isinstance(subject, Maintenance) and subject.series_id:
        series.move_thread(tx, subject.series_id, channel, thread_ts)
    else:
        subjects.change(tx, subject.id, channel=channel, thread_ts=thread_ts)
