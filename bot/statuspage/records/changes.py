"""What every change of the page does: wait its turn, count the revision, and name new things."""

import hashlib
from dataclasses import asdict

from sqlalchemy import insert, select, update

from bot.database import Tx
from bot.statuspage.records import tables
from bot.statuspage.records.identity import new_identity


def lock(tx: Tx) -> None:
    """Wait until every other change of the page is done, and let none begin before this one ends.

    SQLite has one writer anyhow. A page without a row yet has nothing to lock: of two first changes
    at once the second fails on the row's key, and runs again.
    """
    tx.execute(select(tables.page.c.id).with_for_update())


def increment_revision(tx: Tx) -> int:
    """Count one more change that the public can see; return the new revision."""
    grown = update(tables.page).values(revision=tables.page.c.revision + 1)
    revision: int | None = tx.scalar(grown.returning(tables.page.c.revision))
    if revision is None:
        revision = 1
        new = asdict(new_identity())
        tx.execute(insert(tables.page).values(id=1, name="", revision=revision, **new))
    return revision


def new_id(kind: str, revision: int, *parts: str) -> str:
    """Return an id that nothing else has: `kind` is a letter of its own for each sort of thing.

    It follows from what was written when, so that the same history has the same addresses.
    """
    text = "\0".join((kind, str(revision), *parts))
    return kind + hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
