"""What incidents and maintenances have in common, and their publications, one on each page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import Row, Update, bindparam, insert, select, update

from bot.database import Tx
from bot.domain.deliveries import Delivery
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus, Hold
from bot.domain.subjects import Driver, Publication, PublicationState, Step, Subject
from bot.store import codec
from bot.store.tables import publications, subjects


class SubjectKind(StrEnum):
    """What a subject is; stored, so these words never change."""

    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


# Built once: building a statement takes longer than running it.
_ADD = insert(subjects)
_ADD_PUBLICATIONS = insert(publications)
_OF_SUBJECTS = (
    select(publications)
    .where(publications.c.subject_id.in_(bindparam("subjects", expanding=True)))
    .order_by(publications.c.page_name, publications.c.id)
)
_PUBLICATION = select(publications).where(publications.c.id == bindparam("id"))
_FOUND = select(subjects.c.kind).where(subjects.c.id == bindparam("id"))
_LOCK = _FOUND.with_for_update(key_share=True)
_LOCK_IF_FREE = _FOUND.with_for_update(skip_locked=True, key_share=True)
_LOCK_THOSE_FREE = (
    select(subjects.c.id)
    .where(subjects.c.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(skip_locked=True, key_share=True)
)
_CHANGES = ("state", "impacts", "remote_id", "url", "drivers")
_SAVE_PUBLICATION = update(publications).where(publications.c.id == bindparam("of"))
_BOUND = select(publications.c.remote_id).where(
    publications.c.page_id == bindparam("page"), publications.c.remote_id.is_not(None)
)
_HOLDING = (
    select(publications.c.remote_id, publications.c.impacts, subjects.c.name)
    .join(subjects, subjects.c.id == publications.c.subject_id)
    .where(
        publications.c.page_id == bindparam("page"),
        publications.c.remote_id.is_not(None),
        ((subjects.c.kind == SubjectKind.INCIDENT) & (subjects.c.status != IncidentStatus.RESOLVED))
        | (subjects.c.status == MaintenanceStatus.IN_PROGRESS),
    )
)


def add(tx: Tx, subject: Subject, kind: SubjectKind, status: str, started_at: datetime) -> None:
    """Store what is new of a subject, with its publications."""
    row = {
        "id": subject.id,
        "kind": kind.value,
        "name": subject.name,
        "status": status,
        "message": subject.message,
        "owner_id": subject.owner_id,
        "owner_name": subject.owner_name,
        "channel": subject.channel,
        "thread_ts": subject.thread_ts,
        "notify": subject.notify,
        "started_at": started_at,
        "updated_at": subject.updated_at,
        "due_at": subject.due_at,
    }
    tx.execute(_ADD, row)
    if rows := [_row(publication) for publication in subject.publications]:
        tx.execute(_ADD_PUBLICATIONS, rows)


def lock(tx: Tx, subject_id: str) -> SubjectKind | None:
    """Keep a subject from every other transaction until this one ends; return what it is."""
    kind = tx.scalar(_LOCK, {"id": subject_id})
    return SubjectKind(kind) if kind else None


def lock_if_free(tx: Tx, subject_id: str) -> bool:
    """Keep a subject as `lock` does, without waiting; False when somebody else has it."""
    return tx.scalar(_LOCK_IF_FREE, {"id": subject_id}) is not None


def lock_those_free(tx: Tx, subject_ids: Iterable[str]) -> frozenset[str]:
    """Keep subjects as `lock` does, without waiting; return those that nobody else has."""
    return frozenset(tx.scalars(_LOCK_THOSE_FREE, {"ids": list(subject_ids)}).all())


def change(tx: Tx, subject_id: str, **values: object) -> None:
    """Set columns of a subject."""
    tx.execute(_change(tuple(values)), {"of": subject_id, **values})


@cache
def _change(columns: tuple[str, ...]) -> Update:
    """Return the statement that sets these columns."""
    new = {name: bindparam(name, type_=subjects.c[name].type) for name in columns}
    return update(subjects).where(subjects.c.id == bindparam("of")).values(new)


def save_publication(tx: Tx, changed: Publication) -> None:
    """Store what has changed of a publication."""
    row = _row(changed)
    tx.execute(_SAVE_PUBLICATION, {"of": changed.id, **{name: row[name] for name in _CHANGES}})


def publication(tx: Tx, publication_id: str) -> Publication | None:
    """Return one publication."""
    row = tx.execute(_PUBLICATION, {"id": publication_id}).first()
    return _publication(row) if row else None


def publications_of(tx: Tx, subject_ids: Iterable[str]) -> dict[str, tuple[Publication, ...]]:
    """Return the publications of each of these subjects, by the names of their pages."""
    found: dict[str, list[Publication]] = {subject_id: [] for subject_id in subject_ids}
    if found:
        for row in tx.execute(_OF_SUBJECTS, {"subjects": list(found)}):
            found[row.subject_id].append(_publication(row))
    return {subject_id: tuple(each) for subject_id, each in found.items()}


def bound_ids(tx: Tx, page_id: str) -> frozenset[str]:
    """Return the page's ids of everything there that is ours."""
    return frozenset(tx.scalars(_BOUND, {"page": page_id}).all())


def our_holds(tx: Tx, page_id: str) -> dict[str, tuple[Hold, ...]]:
    """Return, by the page's id, what each open incident and running maintenance of ours does."""
    return {
        row.remote_id: tuple(
            Hold(row.remote_id, row.name, component_id, status)
            for component_id, status in codec.impacts(row.impacts).items()
        )
        for row in tx.execute(_HOLDING, {"page": page_id})
    }


def _row(publication: Publication) -> dict[str, object]:
    return {
        "id": publication.id,
        "subject_id": publication.subject_id,
        "page_id": publication.page_id,
        "page_name": publication.page_name,
        "state": publication.state.value,
        "impacts": _plain(publication.impacts),
        "remote_id": publication.remote_id,
        "url": publication.url,
        "drivers": _plain(publication.drivers),
    }


def _publication(row: Row[tuple[object, ...]]) -> Publication:
    return Publication(
        id=row.id,
        subject_id=row.subject_id,
        page_id=row.page_id,
        page_name=row.page_name,
        state=PublicationState(row.state),
        impacts=codec.impacts(row.impacts),
        remote_id=row.remote_id,
        url=row.url,
        drivers={Step(step): Driver(driver) for step, driver in row.drivers.items()},
    )


def _plain(words: Mapping[str, ComponentStatus] | Mapping[Step, Driver]) -> dict[str, str]:
    return {str(name): word.value for name, word in words.items()}


def publication_of(tx: Tx, delivery: Delivery) -> Publication:
    """Return the publication that a delivery belongs to."""
    found = publication(tx, delivery.publication_id)
    if not found:
        raise LookupError(delivery.publication_id)
    return found
