"""What people submitted, kept whole, and second steps that wait for their end."""

from datetime import datetime

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.database import Tx
from bot.domain.deliveries import Delivery
from bot.domain.submissions import AnySubmission, Form, Person, Submission
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


def add(tx: Tx, submission: AnySubmission, subject_id: str, now: datetime) -> None:
    """Keep a submission under its id, with what it is about."""
    row = {
        "id": submission.id,
        "key": submission.key,
        "author_id": submission.author.id,
        "author_name": submission.author.name,
        "view_id": submission.view_id,
        "kind": codec.kind_of(submission.form),
        "form": codec.to_json(submission.form),
        "subject_id": subject_id,
        "created_at": now,
    }
    tx.execute(_ADD, row)


def by_key(tx: Tx, key: str) -> AnySubmission | None:
    """Return the submission that arrived before under the same key."""
    row = tx.execute(_BY_KEY, {"key": key}).first()
    return _submission(row) if row else None


def get(tx: Tx, submission_id: str) -> AnySubmission | None:
    """Return one submission."""
    row = tx.execute(_BY_ID, {"id": submission_id}).first()
    return _submission(row) if row else None


def latest(tx: Tx, subject_id: str) -> AnySubmission | None:
    """Return the last submission about a subject."""
    row = tx.execute(_LATEST, {"subject": subject_id}).first()
    return _submission(row) if row else None


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
    row = {"view_id": view_id, "kind": codec.kind_of(form), "form": codec.to_json(form)}
    tx.execute(insert(drafts).values(**row, created_at=now))


def draft(tx: Tx, view_id: str) -> Form | None:
    """Return the first step that was kept for this view."""
    row = tx.execute(select(drafts).where(drafts.c.view_id == view_id)).first()
    return codec.form(row.kind, row.form) if row else None


def _submission(row: Row[tuple[object, ...]]) -> AnySubmission:
    return Submission(
        key=row.key,
        author=Person(row.author_id, row.author_name),
        form=codec.form(row.kind, row.form),
        view_id=row.view_id,
        id=row.id,
        subject_id=row.subject_id or "",
        replaced_by=row.replaced_by,
    )


def of_delivery(tx: Tx, delivery: Delivery) -> AnySubmission | None:
    """Return the submission that a delivery comes from; None for what Foghorn does by itself."""
    return get(tx, delivery.submission_id) if delivery.submission_id else None
