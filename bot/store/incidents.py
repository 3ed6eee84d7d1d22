"""Incidents as the team knows them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, select

from bot.database import Tx
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.subjects import Publication
from bot.domain.texts.comparison import holds_words
from bot.store import subjects
from bot.store.subjects import SubjectKind
from bot.store.tables import subjects as table

# What every submission runs is built once: building takes longer than running.
_INCIDENTS = select(table).where(table.c.kind == SubjectKind.INCIDENT.value)
_ONE = _INCIDENTS.where(table.c.id == bindparam("id"))
_SEVERAL = _INCIDENTS.where(table.c.id.in_(bindparam("ids", expanding=True)))
_OPEN = _INCIDENTS.where(table.c.status != IncidentStatus.RESOLVED.value).order_by(
    table.c.started_at.desc(), table.c.id
)
_STARTS = select(table.c.started_at).where(
    table.c.kind == SubjectKind.INCIDENT.value,
    table.c.started_at.between(bindparam("first"), bindparam("last")),
)


def add(tx: Tx, incident: Incident) -> None:
    """Store a new incident with its publications."""
    subjects.add(tx, incident, SubjectKind.INCIDENT, incident.status.value, incident.started_at)


def get(tx: Tx, incident_id: str) -> Incident | None:
    """Return the incident with our id, if there is one."""
    return next(iter(_read(tx, _ONE, id=incident_id)), None)


def get_many(tx: Tx, incident_ids: Iterable[str]) -> tuple[Incident, ...]:
    """Return those of these that are incidents."""
    return _read(tx, _SEVERAL, ids=list(incident_ids))


def lock(tx: Tx, incident_id: str) -> Incident | None:
    """Return the incident and keep it from every other transaction until this one ends."""
    subjects.lock(tx, incident_id)
    return get(tx, incident_id)


def open_incidents(tx: Tx, words: str = "") -> tuple[Incident, ...]:
    """Return what is open and has every one of `words` in its name, newest first."""
    return tuple(
        incident
        for incident in _read(tx, _OPEN)
        if incident.is_open and holds_words(incident.name, words)
    )


def starts_between(tx: Tx, first: datetime, last: datetime) -> frozenset[datetime]:
    """Return when incidents of ours started, from `first` to `last`."""
    return frozenset(tx.scalars(_STARTS, {"first": first, "last": last}).all())


def _read(tx: Tx, query: Select[tuple[object, ...]], **values: object) -> tuple[Incident, ...]:
    rows = tx.execute(query, values).all()
    published = subjects.publications_of(tx, [row.id for row in rows])
    return tuple(_incident(row, published[row.id]) for row in rows)


def _incident(row: Row[tuple[object, ...]], published: tuple[Publication, ...]) -> Incident:
    values = {name: getattr(row, name) for name in row._fields if name != "kind"}
    return Incident(**values | {"status": IncidentStatus(row.status), "publications": published})
