"""What the ids of the page are made of: chosen once and kept, whatever address it has later."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from sqlalchemy import insert, select, update

from bot.database import Tx
from bot.statuspage.records import tables


@dataclass(frozen=True, slots=True)
class Identity:
    """The page's own id, and the name under which its other ids are unique in the world."""

    uid: str
    authority: str


def new_identity() -> Identity:
    uid = secrets.token_hex(6)
    return Identity(uid, f"{uid}.invalid")  # a name that is nobody's address, nor ever will be


def identity(tx: Tx, url: str) -> Identity:
    """Return the page's identity; while none was chosen, the one that readers at `url` know."""
    row = tx.execute(select(tables.page.c.uid, tables.page.c.authority)).first()
    if row and row.uid:
        return Identity(*row)
    address = url.rstrip("/")
    uid = hashlib.sha256(address.encode()).hexdigest()[:12]
    return Identity(uid, urlsplit(address).hostname or "localhost")


def keep_identity(tx: Tx, url: str) -> None:
    """Choose the page's identity, unless it has one: new, or that of an earlier Foghorn's page."""
    row = tx.execute(select(tables.page.c.uid).with_for_update()).first()
    if row is None:
        new = asdict(new_identity())
        tx.execute(insert(tables.page).values(id=1, name="", revision=0, **new))
    elif row.uid is None:
        tx.execute(update(tables.page).values(asdict(identity(tx, url))))
