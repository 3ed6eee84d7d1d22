"""The one way in which the database is opened: its tables are brought up to date first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.database import Database, open_database
from bot.store.migrations import upgrade


@asynccontextmanager
async def open_migrated(address: str) -> AsyncIterator[Database]:
    """Open the database at `address`, with every table that there is; it is closed on leaving.

    Raises `StoreUnavailable` when it cannot be opened or is a newer Foghorn's.
    """
    await asyncio.to_thread(upgrade, address)
    async with open_database(address) as database:
        yield database
