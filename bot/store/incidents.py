"""Incidents and their publications, one on each page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, insert, select, update

from bot.database import Tx
from bot.domain.incidents import Incident, IncidentStatus, Publication, PublicationState
from bot.domain.pages import ComponentStatus, Hold
from bot.store import codec
from bot.store.tables import incidents, publications

# What every submission runs is built once: building takes longer than running.
_STARTS = select(incidents.c.started_at).where(
    incidents.c.started_at.between(bindparam("first"), bindparam("last"))
)


def add(tx: Tx, incident: Incident) -> None:
    """Store a new incident with its publications."""
    row = {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status.value,
        "message": incident.message,
        "owner_id": incident.owner_id,
        "owner_name": incident.owner_name,
        "channel": incident.channel,
        "thread_ts": incident.thread_ts,
        "notify": incident.notify,
        "started_at": incident.started_at,
        "updated_at": incident.updated_at,
        "due_at": incident.due_at,
    }
    tx.execute(insert(incidents), row)
    rows = [
        {
            "id": publication.id,
            "incident_id": incident.id,
            "page_id": publication.page_id,
            "page_name": publication.page_name,
            "state": publication.state.value,
            "impacts": _plain(publication.impacts),
            "remote_id": publication.remote_id,
            "url": publication.url,
        }
        for publication in incident.publications
    ]
    if rows:
        tx.execute(insert(publications), rows)


def get(tx: Tx, incident_id: str) -> Incident | None:
    """Return the incident with our id, if there is one."""
    return next(iter(_read(tx, select(incidents).where(incidents.c.id == incident_id))), None)


def lock(tx: Tx, incident_id: str) -> Incident | None:
    """Return the incident and keep it from every other transaction until this one ends."""
    tx.execute(select(incidents.c.id).where(incidents.c.id == incident_id).with_for_update())
    return get(tx, incident_id)


def open_incidents(tx: Tx, words: str = "") -> tuple[Incident, ...]:
    """Return what is open and has every one of `words` in its name, newest first."""
    query = select(incidents).where(incidents.c.status != IncidentStatus.RESOLVED.value)
    found = _read(tx, query.order_by(incidents.c.started_at.desc(), incidents.c.id))
    wanted = words.casefold().split()
    return tuple(
        incident
        for incident in found
        if incident.is_open and all(word in incident.name.casefold() for word in wanted)
    )


def change(tx: Tx, incident_id: str, **values: object) -> None:
    """Set columns of an incident."""
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**values))


def save_publication(tx: Tx, changed: Publication) -> None:
    """Store what has changed of a publication."""
    tx.execute(
        update(publications)
        .where(publications.c.id == changed.id)
        .values(
            state=changed.state.value,
            impacts=_plain(changed.impacts),
            remote_id=changed.remote_id,
            url=changed.url,
        )
    )


def publication(tx: Tx, publication_id: str) -> Publication | None:
    """Return one publication."""
    row = tx.execute(select(publications).where(publications.c.id == publication_id)).first()
    return _publication(row) if row else None


def bound_ids(tx: Tx, page_id: str) -> frozenset[str]:
    """Return the page's ids of all incidents there that are ours."""
    condition = (publications.c.page_id == page_id) & publications.c.remote_id.is_not(None)
    return frozenset(tx.scalars(select(publications.c.remote_id).where(condition)).all())


def starts_between(tx: Tx, first: datetime, last: datetime) -> frozenset[datetime]:
    """Return when incidents of ours started, from `first` to `last`."""
    return frozenset(tx.scalars(_STARTS, {"first": first, "last": last}).all())


def our_holds(tx: Tx, page_id: str) -> dict[str, tuple[Hold, ...]]:
    """Return, by the page's incident id, what each open incident of ours does to its components."""
    query = (
        select(publications, incidents.c.name, incidents.c.status)
        .join(incidents, incidents.c.id == publications.c.incident_id)
        .where(publications.c.page_id == page_id, publications.c.remote_id.is_not(None))
    )
    return {
        row.remote_id: tuple(
            Hold(row.remote_id, row.name, component_id, status)
            for component_id, status in codec.impacts(row.impacts).items()
        )
        for row in tx.execute(query)
        if row.status != IncidentStatus.RESOLVED.value
    }


def _read(tx: Tx, query: Select[tuple[object, ...]]) -> tuple[Incident, ...]:
    found = {row.id: _incident(row) for row in tx.execute(query)}
    listed = select(publications).where(publications.c.incident_id.in_(list(found)))
    for row in tx.execute(listed.order_by(publications.c.page_name, publications.c.id)):
        incident = found[row.incident_id]
        found[row.incident_id] = replace(
            incident, publications=(*incident.publications, _publication(row))
        )
    return tuple(found.values())


def _incident(row: Row[tuple[object, ...]]) -> Incident:
    values = {name: getattr(row, name) for name in row._fields} | {
        "status": IncidentStatus(row.status),
        "publications": (),
    }
    return Incident(**values)


def _publication(row: Row[tuple[object, ...]]) -> Publication:
    return Publication(
        id=row.id,
        incident_id=row.incident_id,
        page_id=row.page_id,
        page_name=row.page_name,
        state=PublicationState(row.state),
        impacts=codec.impacts(row.impacts),
        remote_id=row.remote_id,
        url=row.url,
    )


def _plain(impacts: Mapping[str, ComponentStatus]) -> dict[str, str]:
    return {component_id: status.value for component_id, status in impacts.items()}
