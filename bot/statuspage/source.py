"""The page's records in Foghorn's own database, as the pages read them."""

from datetime import datetime

from bot.database import Store
from bot.statuspage import records
from bot.statuspage.model import Site


class Records:
    """Reads the records; `url` is the public address of the page."""

    def __init__(self, store: Store, url: str) -> None:
        self._store = store
        self._url = url

    async def revision(self) -> int:
        """Return the page's revision; raises `StoreUnavailable`."""
        return await self._store.read(records.revision)

    async def load(self, now: datetime) -> Site:
        """Return the whole page; raises `StoreUnavailable`."""
        return await self._store.read(records.load_site, now, self._url)
