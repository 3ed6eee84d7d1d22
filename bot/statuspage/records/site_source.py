"""The page's records in Foghorn's own database, as what is served reads them."""

from datetime import datetime

from bot.database import Database
from bot.statuspage.model.site import Site
from bot.statuspage.records import queries


class DatabaseSiteSource:
    """Reads the records; `url` is the public address of the page."""

    def __init__(self, store: Database, url: str) -> None:
        self._store = store
        self._url = url

    async def revision(self) -> int:
        """Return the page's revision; raises `StoreUnavailable`."""
        return await self._store.read(queries.revision)

    async def load(self, now: datetime) -> Site:
        """Return the whole page; raises `StoreUnavailable`."""
        return await self._store.read(queries.load_site, now, self._url)
