"""Writing incidents of the embedded page: each change mends the intervals in its transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Table, delete, insert, select, update

from bot.database import Tx
from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import PublishResult
from bot.errors import Gone, Rejected
from bot.statuspage.model.effects import incident_intervals
from bot.statuspage.model.site import IncidentRecord, Interval
from bot.statuspage.records import queries
from bot.statuspage.records.changes import increment_revision, lock, new_id
from bot.statuspage.records.posts import first_with_key, insert_post, posted_before
from bot.statuspage.records.tables import components, incidents, intervals, updates

PARENT = updates.c.incident_id


def find(tx: Tx, incident_id: str) -> IncidentRecord:
    """Return an incident; raise `Gone` when the page has none with this id."""
    for incident in queries.incidents(tx, incidents.c.id == incident_id):
        return incident
    raise Gone("The status page has no such incident any more.")


def open_incident(tx: Tx, draft: IncidentDraft, key: str | None, now: datetime) -> PublishResult:
    """Publish an incident; a `key` that was used before gives the first answer again."""
    lock(tx)
    if first := first_with_key(tx, PARENT, incidents, key):
        return first
    _refuse_unknown(tx, draft.status, draft.impacts)
    revision = increment_revision(tx)
    incident_id = new_id("i", revision, draft.name, str(draft.started))
    tx.execute(
        insert(incidents).values(
            id=incident_id,
            key=key,
            name=draft.name,
            status=draft.status.value,
            impacts={},
            started_at=draft.started,
            created_at=now,
        )
    )
    # Posted now, whenever it began.
    post = UpdateDraft(draft.status, draft.message, draft.impacts, draft.notify, now)
    posted = insert_post(
        tx, PARENT, incident_id, ("u", revision), post, statuses=dict(draft.impacts)
    )
    _recompute(tx, incident_id)
    return posted


def post_update(tx: Tx, incident_id: str, draft: UpdateDraft) -> PublishResult:
    """Post an update, which may resolve the incident; the same draft again is the first one."""
    lock(tx)
    incident = find(tx, incident_id)
    if first := posted_before(incident, draft):
        return first
    _refuse_unknown(tx, draft.status, draft.impacts)
    statuses = dict(draft.impacts)
    if draft.status is IncidentStatus.RESOLVED:
        statuses = dict.fromkeys((*incident.impacts, *statuses), ComponentStatus.OPERATIONAL)
    new = ("u", increment_revision(tx))
    posted = insert_post(tx, PARENT, incident_id, new, draft, statuses=statuses)
    _recompute(tx, incident_id)
    return posted


def rename_incident(tx: Tx, incident_id: str, name: str) -> None:
    lock(tx)
    if find(tx, incident_id).name != name:
        tx.execute(update(incidents).where(incidents.c.id == incident_id).values(name=name))
        increment_revision(tx)


def edit_update(tx: Tx, incident_id: str, update_id: str, message: str, now: datetime) -> None:
    """Change the text of an update; raise `Gone` when it is not there."""
    lock(tx)
    known = {each.id: each.message for each in find(tx, incident_id).updates}
    if update_id not in known:
        raise Gone("The status page has no such update any more.")
    if known[update_id] != message:
        edited = update(updates).where(updates.c.id == update_id)
        tx.execute(edited.values(message=message, edited_at=now))
        increment_revision(tx)


def delete_update(tx: Tx, incident_id: str, update_id: str, now: datetime) -> None:
    """Take an update back, and what it did; nothing happens when it is gone already."""
    lock(tx)
    known = {each.id for each in find(tx, incident_id).updates}
    if update_id not in known:
        return
    if len(known) == 1:
        raise Rejected("It is the incident's only update; delete the incident instead.")
    tx.execute(update(updates).where(updates.c.id == update_id).values(deleted_at=now))
    increment_revision(tx)
    _recompute(tx, incident_id)


def delete_incident(tx: Tx, incident_id: str, now: datetime) -> None:
    """Take an incident off the page, and what it did; nothing happens when it is gone already."""
    lock(tx)
    mark_deleted(tx, incidents, incident_id, now)


def mark_deleted(tx: Tx, table: Table, source_id: str, now: datetime) -> None:
    """Take what a row of `table` describes off the page, and what it did to components."""
    shown = table.c.deleted_at.is_(None) & (table.c.id == source_id)
    if tx.execute(update(table).where(shown).values(deleted_at=now)).rowcount:
        write_intervals(tx, source_id, ())
        increment_revision(tx)


def write_intervals(tx: Tx, source_id: str, wanted: Iterable[Interval]) -> None:
    """Replace everything that `source_id` did to components."""
    tx.execute(delete(intervals).where(intervals.c.source_id == source_id))
    rows = [
        {
            "source_id": source_id,
            "number": number,
            "component_id": each.component_id,
            "status": each.status.value,
            "start_at": each.start,
            "end_at": each.end,
        }
        for number, each in enumerate(wanted)
    ]
    if rows:
        tx.execute(insert(intervals), rows)


def refuse_unknown_components(tx: Tx, component_ids: Iterable[str]) -> None:
    """Raise `Rejected` when the page has no component with one of these ids."""
    known = set(tx.scalars(select(components.c.id)))
    if any(component_id not in known for component_id in component_ids):
        raise Rejected("The status page has no such component any more; choose another.")


def _recompute(tx: Tx, incident_id: str) -> None:
    """Bring the incident itself and its intervals up to what its updates say now."""
    incident = find(tx, incident_id)
    last = incident.updates[-1]
    spans = incident_intervals(incident)
    tx.execute(
        update(incidents)
        .where(incidents.c.id == incident_id)
        .values(
            status=last.status.value,
            impacts={each.component_id: each.status for each in spans if not each.end},
            resolved_at=last.at if last.status is IncidentStatus.RESOLVED else None,
        )
    )
    write_intervals(tx, incident_id, spans)


def _refuse_unknown(tx: Tx, status: IncidentStatus, impacts: Mapping[str, ComponentStatus]) -> None:
    if status is IncidentStatus.UNKNOWN:
        raise Rejected("The status page does not know the incident's status; choose another.")
    if ComponentStatus.UNKNOWN in impacts.values():
        raise Rejected("The status page does not know the status of a component; choose one.")
    refuse_unknown_components(tx, impacts)
