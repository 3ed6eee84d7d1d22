"""What people submitted, kept whole, and second steps that wait for their end."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.database import Tx
from bot.domain.deliveries import Delivery
from bot.domain.submissions import Form, Person, Submission
from bot.store import codec
from bot.store.tables import drafts, submissions

# What every submission runs is built once: building takes longer than running.
_ADD = insert(submissions)
_BY_ID = select(submissions).where(submissions.c.id == bindparam("id"))
_LATEST = (
    select(submissions)
    .where(submissions.c.subject_id == bindparam("subject"))
    .order_by(submissions.c.created_at.desc())
    .limit(1)
)
_BY_KEY = select(submissions).where(submissions.c.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """A submission as it is kept; `replaced_by` is the one that corrected it."""

    id: str
    author: Person
    form: Form
    view_id: str | None
    subject_id: str | None
    replaced_by: str | None


def add(tx: Tx, submission_id: str, submission: Submission, subject_id: str, now: datetime) -> None:
    """Keep a submission under our id."""
    row = {
        "id": submission_id,
        "key": submission.key,
        "author_id": submission.author.id,
        "author_name": submission.author.name,
        "view_id": submission.view_id,
        "form": codec.to_json(submission.form),
        "subject_id": subject_id,
        "created_at": now,
    }
    tx.execute(_ADD, row)


def by_key(tx: Tx, key: str) -> StoredSubmission | None:
    """Return the submission that arrived before under the same key."""
    row = tx.execute(_BY_KEY, {"key": key}).first()
    return _kept(row) if row else None


def get(tx: Tx, submission_id: str) -> StoredSubmission | None:
    """Return one submission."""
    row = tx.execute(_BY_ID, {"id": submission_id}).first()
    return _kept(row) if row else None


def latest(tx: Tx, subject_id: str) -> StoredSubmission | None:
    """Return the last submission about a subject."""
    row = tx.execute(_LATEST, {"subject": subject_id}).first()
    return _kept(row) if row else None


def mark_replaced(tx: Tx, submission_id: str, replaced_by: str) -> bool:
    """Say that a submission is corrected by another; False when one already did."""
    done = tx.execute(
        update(submissions)
        .where(submissions.c.id == submission_id, submissions.c.replaced_by.is_(None))
        .values(replaced_by=replaced_by)
    )
    return done.rowcount == 1


def save_draft(tx: Tx, view_id: str, form: Form, now: datetime) -> None:
    """Keep the first step of a form that asks for a second."""
    tx.execute(delete(drafts).where(drafts.c.view_id == view_id))
    tx.execute(insert(drafts).values(view_id=view_id, form=codec.to_json(form), created_at=now))


def draft(tx: Tx, view_id: str) -> Form | None:
    """Return the first step that was kept for this view."""
    row = tx.execute(select(drafts.c.form).where(drafts.c.view_id == view_id)).first()
    return codec.form(row.form) if row else None


def _kept(row: Row[tuple[object, ...]]) -> StoredSubmission:
    return StoredSubmission(
        id=row.id,
        author=Person(row.author_id, row.author_name),
        form=codec.form(row.form),
        view_id=row.view_id,
        subject_id=row.subject_id,
        replaced_by=row.replaced_by,
    )


def of_delivery(tx: Tx, delivery: Delivery) -> StoredSubmission | None:
    """Return the submission that a delivery comes from; None for what Foghorn does by itself."""
    return get(tx, delivery.submission_id) if delivery.submission_id else None
