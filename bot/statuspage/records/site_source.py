"""The page's records in Foghorn's own database, as what is served reads them."""

from dataclasses import dataclass
from datetime import datetime

from bot.database import Database
from bot.statuspage.model.site import Site
from bot.statuspage.records import queries


@dataclass(frozen=True, slots=True)
class DatabaseSiteSource:
    """Reads the records, or raises `StoreUnavailable`; `url` is the public address of the page."""

    store: Database
    url: str

    async def revision(self) -> int:
        return await self.store.read(queries.revision)

    async def load(self, now: datetime) -> Site:
        return await self.store.read(queries.load_site, now, self.url)
