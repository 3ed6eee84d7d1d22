"""A reader of the page over HTTP, and a page whose records and clock are ours to change."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

from bot.errors import StoreUnavailable
from bot.statuspage.model.site import Site
from bot.statuspage.served.cache import PageCache
from bot.statuspage.served.routes import PublicPage
from tests.statuspage.sites import NOW


@dataclass
class ServedPage:
    """Serves `site` as of `now`; both may change between two requests."""

    site: Site
    now: datetime = NOW
    broken: bool = False
    loads: int = 0
    cache: PageCache = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start the program anew: all that it remembered is gone."""
        self.cache = PageCache(self, lambda: self.now, fresh=0)
        app = Starlette(routes=[Route("/{path:path}", PublicPage(self.cache))])
        self._wire = httpx.ASGITransport(app)

    async def revision(self) -> int:
        if self.broken:
            raise StoreUnavailable("the database is away")
        return self.site.revision

    async def load(self, now: datetime) -> Site:
        del now
        self.loads += 1
        return self.site

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    async def ask(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=self._wire, base_url="http://page") as client:
            return await client.request(method, path, headers={"accept-encoding": "", **named})
