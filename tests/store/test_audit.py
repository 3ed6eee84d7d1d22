import pytest
from sqlalchemy import select

from bot.store import Database, Tx, audit
from bot.store.audit import Entry
from bot.store.tables import audit as table
from tests.store.samples import NOW

pytestmark = pytest.mark.anyio


def lines(tx: Tx) -> list[Entry]:
    wanted = ["at", "actor_id", "action", "outcome", "subject_id", "page_id", "text"]
    query = select(*(table.c[name] for name in wanted)).order_by(table.c.id)
    return [Entry(*row) for row in tx.execute(query)]


async def test_the_log_keeps_every_line_in_order(store: Database) -> None:
    full = Entry(NOW, "U0ANN", "report", "accepted", "inc1", "instatus:p1", "Sorry. 🔥 'quoted'")
    bare = Entry(NOW, "U0BEN", "decide look", "accepted")
    for entry in (full, bare, full):
        await store.write(audit.record, entry)
    assert await store.read(lines) == [full, bare, full]
