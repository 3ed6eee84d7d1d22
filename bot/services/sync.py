"""Keeping our snapshot of pages and components fresh, so that forms never wait for a vendor."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.domain.pages import Page
from bot.errors import FoghornError
from bot.ports import Account, Clock
from bot.store import Database, pages

_log = structlog.get_logger(__name__)

_FIRST_PAUSES = (2.0, 4.0, 8.0, 16.0)
"""Seconds between tries to read a page for the first time: until then nobody can publish to it."""


@dataclass(slots=True)
class Sync:
    """Reads every page of every account into the database; `tried_at` is when it last began to."""

    store: Database
    clock: Clock
    accounts: Sequence[Account]
    tried_at: datetime | None = None
    _troubles: dict[str, tuple[str, str]] = field(default_factory=dict)
    _reached: dict[str, Sequence[Page]] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def troubles(self) -> dict[str, str]:
        """Return why providers or pages could not be read the last time, by their names."""
        return dict(self._troubles.values())

    async def refresh(self) -> None:
        """Read everything once; one provider's trouble does not keep another from being read.

        Pages of providers whose key was taken away are forgotten, or forms would offer them.
        """
        async with self._turn:
            await self._refresh_all()

    async def unread(self) -> tuple[str, ...]:
        """Return the names of pages that were never read, and of providers without any page."""
        known = {page.id for page in await self.store.read(pages.all_pages)}
        unread: list[str] = []
        for account in self.accounts:
            reached = self._reached.get(account.provider, ())
            if not reached and not any(_is_of(account, page_id) for page_id in known):
                unread.append(account.provider)
            unread += [page.name for page in reached if page.id not in known]
        return tuple(unread)

    async def read_unread(self) -> None:
        """Read everything if something was never read, once whoever is reading now is done."""
        async with self._turn:
            if await self.unread():
                await self._refresh_all()

    async def read_until_known(self) -> None:
        """Read again what was never read, ever later, until the next reading comes by itself."""
        for pause in _FIRST_PAUSES:
            if not await self.unread():
                return
            await asyncio.sleep(pause)
            await self.read_unread()

    async def _refresh_all(self) -> None:
        self.tried_at = self.clock.now()
        reachable = [account.provider for account in self.accounts]
        await self.store.write(pages.forget_providers, reachable)
        await asyncio.gather(*(self._refresh(account) for account in self.accounts))

    async def _refresh(self, account: Account) -> None:
        try:
            reached = await account.pages()
        except FoghornError as error:
            self._trouble(account.provider, account.provider, error)
            return
        self._reached[account.provider] = reached
        keep = [page.id for page in reached]
        for known in tuple(self._troubles):
            if _is_of(account, known) and known not in keep:
                del self._troubles[known]
        await self.store.write(pages.forget_pages, account.provider, keep)
        await asyncio.gather(*(self._read(account, page) for page in reached))

    async def _read(self, account: Account, page: Page) -> None:
        try:
            listed = await account.page(page.id).components()
        except FoghornError as error:
            self._trouble(page.id, page.name, error)
            return
        self._troubles.pop(page.id, None)
        await self.store.write(pages.save_page, page, listed, self.clock.now())

    def _trouble(self, of: str, name: str, error: FoghornError) -> None:
        """Keep why a page or a provider, by its id, could not be read."""
        if self._troubles.get(of) != (name, str(error)):
            _log.warning("Could not read a page.", page=name, reason=str(error))
        self._troubles[of] = name, str(error)


def _is_of(account: Account, page_id: str) -> bool:
    return page_id.partition(":")[0] == account.provider
