"""Databases with many open incidents in them, of which none is due before tomorrow."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import insert, update

from bot.clock import SystemClock
from bot.database import Tx
from bot.domain.timers import TimerKind
from bot.store.migrations import upgrade
from bot.store.tables import publications, subjects, timers, watches

STARTED = SystemClock().now() - timedelta(hours=1)
LATER = STARTED + timedelta(days=1)
_AT_ONCE = 5000


def fill(tx: Tx, first: int, last: int) -> None:
    """Store the incidents with these numbers, each watched over."""
    for start in range(first, last, _AT_ONCE):
        ids = [_key(number) for number in range(start, min(start + _AT_ONCE, last))]
        tx.execute(insert(subjects), [_subject(each) for each in ids])
        tx.execute(insert(publications), [_publication(each) for each in ids])
        tx.execute(insert(watches), [_watch(each) for each in ids])
        tx.execute(insert(timers), [_timer(each) for each in ids])


def make_due(tx: Tx, first: int, last: int, at: datetime) -> None:
    """Let the first questions about the incidents with these numbers be due at an instant."""
    waiting = timers.c.fired_at.is_(None)
    some = [_key(number) for number in range(first, last)]
    tx.execute(update(timers).where(waiting, timers.c.about.in_(some)).values(due_at=at))
    these = watches.c.subject_id.in_(some)
    tx.execute(update(watches).where(these).values(at=at, asked=0))
    tx.execute(update(subjects).where(subjects.c.id.in_(some)).values(due_at=at))


@contextmanager
def databases(kind: str, folder: Path, server: str) -> Iterator[str]:
    """Make a new database with our tables, and return its address."""
    name = f"bench_{uuid.uuid4().hex}"
    if kind == "sqlite":
        address = f"sqlite:///{folder / name}.db"
        upgrade(address)
        yield address
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
        address = f"{server}?options=-csearch_path%3D{name}"
        upgrade(address)
        yield address
        connection.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())


def _key(number: int) -> str:
    return f"{number:032x}"


def _subject(key: str) -> dict[str, object]:
    return {
        "id": key,
        "kind": "incident",
        "name": f"Checkout {key[-6:]} is down",
        "status": "investigating",
        "message": "We are looking into it.",
        "owner_id": "U0ANN",
        "owner_name": "Ann",
        "channel": f"C{key[-3:]}",
        "thread_ts": "1.1",
        "notify": True,
        "started_at": STARTED,
        "updated_at": STARTED,
        "due_at": LATER,
    }


def _publication(key: str) -> dict[str, object]:
    return {
        "id": f"p{key}",
        "subject_id": key,
        "page_id": "local:main",
        "page_name": "Example Corp",
        "state": "live",
        "impacts": {"c1": "major_outage"},
        "remote_id": f"r{key}",
        "url": "https://status.example.com/1",
        "drivers": {},
    }


def _watch(key: str) -> dict[str, object]:
    return {"subject_id": key, "at": LATER, "asked": 0, "turn": 1, "shown": "fresh"}


def _timer(key: str) -> dict[str, object]:
    kind = TimerKind.REMIND.value
    return {"kind": kind, "about": key, "subject_id": key, "rank": 0, "due_at": LATER}
