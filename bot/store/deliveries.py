"""Deliveries owed to the outside: stored once, claimed by one, settled by whoever holds them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from bot.database import Instant, Tx
from bot.domain.deliveries import SETTLED, Announcement, Delivery, Lease, Settlement, State
from bot.domain.subjects import Publication
from bot.store import codec
from bot.store.tables import deliveries

_CLAIMED = {State.PENDING: State.SENDING, State.UNSURE: State.LOOKING}
_SETTLED = sorted(state.value for state in SETTLED)
_ADD = insert(deliveries)
_READ = [each for each in deliveries.c if each.name not in {"created_at", "remote_id"}]
_TO_PAGES = ("publish", "update", "schedule", "maintenance_update", "move", "remove")
_ABOUT = ("subject_id", "publication_id", "submission_id")
_READ_OTHERWISE = {"state", "payload", *_ABOUT}
_AS_STORED = [each.name for each in fields(Delivery) if each.name not in _READ_OTHERWISE]


def add(tx: Tx, owed: Iterable[Delivery], now: datetime, *, first: bool = False) -> None:
    """Store deliveries, due at once; of one parent message, one edit at most waits at a time.

    `first` says that none can be waiting, since what they are about is new.
    """
    owed = tuple(owed)
    about = [each.lane for each in owed if isinstance(each.payload, Announcement) and not first]
    waiting = frozenset(tx.scalars(_ANNOUNCED, {"lanes": about}).all()) if about else frozenset()
    rows = [
        {
            "key": delivery.key,
            "lane": delivery.lane,
            "target": delivery.target,
            "kind": codec.kind_of(delivery.payload),
            "payload": codec.to_json(delivery.payload),
            "state": State.PENDING.value,
            "attempts": 0,
            "doubts": 0,
            "due_at": now,
            "subject_id": delivery.subject_id or None,
            "publication_id": delivery.publication_id or None,
            "submission_id": delivery.submission_id or None,
            "created_at": now,
        }
        for delivery in owed
        if not isinstance(delivery.payload, Announcement) or delivery.lane not in waiting
    ]
    if rows:
        tx.execute(_ADD, rows)


def claim(
    tx: Tx, state: State, lease: Lease, limit: int, busy: Iterable[str] = ()
) -> tuple[Delivery, ...]:
    """Take up to `limit` due deliveries in `state` under `lease`, in one statement.

    Only the first unsettled delivery of a lane can be taken. Targets in `busy` are left alone. One
    statement and not two, since a SELECT and an UPDATE apart gave the same row to two workers.
    """
    claimed = tx.execute(
        _CLAIMS[state],
        {
            "since": lease.since,
            "token": lease.token,
            "until": lease.until,
            "busy": list(busy),
            "limit": limit,
        },
    )
    return tuple(sorted((_delivery(row) for row in claimed), key=lambda taken: taken.id))


def _is_open(table: FromClause) -> ColumnElement[bool]:
    """Say in so many words what the indexes of open rows say, or SQLite does not use them."""
    settled = [literal(state, literal_execute=True) for state in _SETTLED]
    return table.c.state.not_in(settled)


def _claim_of(state: State) -> ReturningUpdate[tuple[object, ...]]:
    earlier = deliveries.alias()
    heads = (
        select(deliveries.c.id)
        .where(
            _is_open(deliveries),
            deliveries.c.state == state.value,
            deliveries.c.due_at <= bindparam("since"),
            deliveries.c.target.not_in(bindparam("busy", expanding=True)),
            ~exists().where(
                earlier.c.lane == deliveries.c.lane,
                earlier.c.id < deliveries.c.id,
                _is_open(earlier),
            ),
        )
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("limit", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    values: dict[str, object] = {
        "state": _CLAIMED[state].value,
        "lease": bindparam("token"),
        "lease_until": bindparam("until"),
    }
    if state is State.PENDING:
        since = bindparam("since", type_=deliveries.c.first_sent_at.type)
        values["attempts"] = deliveries.c.attempts + 1
        values["first_sent_at"] = func.coalesce(deliveries.c.first_sent_at, since)
    return (
        update(deliveries)
        .where(deliveries.c.id.in_(heads.scalar_subquery()))
        .values(**values)
        .returning(*_READ)
    )


# Kept from whoever would claim it meanwhile, and so tell what was true before.
_ANNOUNCED = (
    select(deliveries.c.lane)
    .where(
        _is_open(deliveries),
        deliveries.c.lane.in_(bindparam("lanes", expanding=True)),
        deliveries.c.kind == codec.kind_of(Announcement()),
        deliveries.c.state == State.PENDING.value,
    )
    .with_for_update()
)
# Built once: building such statements takes longer than running them.
_BY_ID = select(*_READ).where(deliveries.c.id == bindparam("id"))
_IN_ORDER = select(*_READ).order_by(deliveries.c.id)
_OWED_TO_PAGES = _IN_ORDER.where(deliveries.c.kind.in_(_TO_PAGES))
_OF_SUBJECT = _OWED_TO_PAGES.where(deliveries.c.subject_id == bindparam("of"))
_OF_SUBMISSION = _OWED_TO_PAGES.where(deliveries.c.submission_id == bindparam("of"))
_OF_PUBLICATION = _IN_ORDER.where(
    deliveries.c.subject_id == bindparam("of"), deliveries.c.publication_id == bindparam("there")
)
_QUESTIONS = (
    select(*_READ)
    .where(deliveries.c.subject_id == bindparam("of"), deliveries.c.kind.in_(("remind", "tell")))
    .order_by(deliveries.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_SETTLE = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("of"),
        deliveries.c.lease == bindparam("ours"),
        deliveries.c.state.in_([State.SENDING.value, State.LOOKING.value]),
    )
    .values(
        state=bindparam("to"),
        error=bindparam("reason"),
        lease=None,
        due_at=func.coalesce(bindparam("next", type_=Instant), deliveries.c.due_at),
        remote_id=func.coalesce(bindparam("found", type_=String), deliveries.c.remote_id),
        doubts=deliveries.c.doubts + bindparam("doubt", type_=Integer),
        first_sent_at=case(
            (bindparam("never_sent", type_=Integer) == 1, None), else_=deliveries.c.first_sent_at
        ),
    )
)
_CLAIMS = {state: _claim_of(state) for state in _CLAIMED}
_EXPIRE = (
    update(deliveries)
    .where(
        _is_open(deliveries),
        deliveries.c.state.in_([State.SENDING.value, State.LOOKING.value]),
        deliveries.c.lease_until < bindparam("now"),
    )
    .values(
        state=State.UNSURE.value,
        due_at=bindparam("later"),
        doubts=deliveries.c.doubts + case((deliveries.c.state == State.SENDING.value, 1), else_=0),
        lease=None,
        lease_until=None,
    )
)


def expire(tx: Tx, now: datetime, quiet: timedelta) -> int:
    """Free what dead workers hold: what they were sending may have arrived, so it is unsure."""
    return tx.execute(_EXPIRE, {"now": now, "later": now + quiet}).rowcount


def hand_back(tx: Tx, unfinished: Iterable[Delivery], due_at: datetime) -> None:
    """Give up leases before their time; what was being sent may have arrived, so it is unsure."""
    for delivery in unfinished:
        doubt = delivery.state is State.SENDING
        settle(tx, delivery, Settlement(State.UNSURE, due_at, delivery.error, doubt=doubt))


def settle(tx: Tx, delivery: Delivery, how: Settlement) -> bool:
    """Write how it went; False, and nothing is written, when the lease is somebody else's now."""
    values = {
        "of": delivery.id,
        "ours": delivery.lease,
        "to": how.state.value,
        "reason": how.error,
        "next": how.due_at,
        "found": how.remote_id,
        "doubt": int(how.doubt),
        "never_sent": int(how.never_sent),
    }
    return tx.execute(_SETTLE, values).rowcount == 1


def decide(tx: Tx, delivery_id: int, state: State, now: datetime) -> bool:
    """Do what a person chose for a delivery that is stuck; False when it no longer is.

    Whoever wants it sent again has no doubts left.
    """
    doubts = {"doubts": 0} if state is State.PENDING else {}
    done = tx.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == State.STUCK.value)
        .values(state=state.value, due_at=now, **doubts)
    )
    return done.rowcount == 1


def refuse_rest(tx: Tx, lane: str, error: str) -> tuple[Delivery, ...]:
    """Refuse what still waits in a lane whose first delivery was refused for good."""
    refused = tx.execute(
        update(deliveries)
        .where(deliveries.c.lane == lane, deliveries.c.state == State.PENDING.value)
        .values(state=State.REFUSED.value, error=error)
        .returning(*_READ)
    )
    return tuple(_delivery(row) for row in refused)


def get(tx: Tx, delivery_id: int) -> Delivery | None:
    """Return one delivery."""
    return next(iter(_read(tx, _BY_ID, id=delivery_id)), None)


def of_subject(tx: Tx, subject_id: str) -> tuple[Delivery, ...]:
    """Return what a subject owes or owed to pages, oldest first."""
    return _read(tx, _OF_SUBJECT, of=subject_id)


def of_submission(tx: Tx, submission_id: str) -> tuple[Delivery, ...]:
    """Return what one submission owes or owed to pages, oldest first."""
    return _read(tx, _OF_SUBMISSION, of=submission_id)


def of_publication(tx: Tx, publication: Publication) -> tuple[Delivery, ...]:
    """Return all that one subject owes or owed to one page, receipts too, oldest first."""
    return _read(tx, _OF_PUBLICATION, of=publication.subject_id, there=publication.id)


def questions(tx: Tx, subject_id: str, most: int) -> tuple[Delivery, ...]:
    """Return the last `most` reminders and direct messages about a subject, newest first."""
    return _read(tx, _QUESTIONS, of=subject_id, most=most)


def remote_id(tx: Tx, delivery_id: int) -> str | None:
    """Return the outside's id of what a delivery left there, if it left anything."""
    return tx.scalar(select(deliveries.c.remote_id).where(deliveries.c.id == delivery_id))


def bound_ids(tx: Tx, lane: str) -> frozenset[str]:
    """Return the outside's ids that are the work of deliveries in this lane."""
    return frozenset(filter(None, tx.scalars(select(deliveries.c.remote_id).filter_by(lane=lane))))


def of_unknown_end(tx: Tx, like: Delivery, *, anywhere: bool) -> tuple[Delivery, ...]:
    """Return others of its kind, in its lane or `anywhere` at its target, that may have arrived."""
    place = {"target": like.target} if anywhere else {"lane": like.lane}
    sent = deliveries.c.first_sent_at.is_not(None) & (deliveries.c.state != State.DONE.value)
    alike = _IN_ORDER.filter_by(kind=codec.kind_of(like.payload), **place)
    return _read(tx, alike.where(sent, deliveries.c.id != like.id))


def _read(tx: Tx, query: Select[tuple[object, ...]], **values: object) -> tuple[Delivery, ...]:
    return tuple(_delivery(row) for row in tx.execute(query, values))


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    values = {name: getattr(row, name) for name in _AS_STORED}
    values |= {name: getattr(row, name) or "" for name in _ABOUT}
    return Delivery(state=State(row.state), payload=codec.payload(row.kind, row.payload), **values)
