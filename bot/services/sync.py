"""Keeping our snapshot of pages and components fresh, so that forms never wait for a vendor."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.domain.pages import Page
from bot.errors import FoghornError
from bot.ports import Account, Clock
from bot.store import Database, pages

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sync:
    """Reads every page of every account into the database."""

    store: Database
    clock: Clock
    accounts: Sequence[Account]
    _troubles: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def troubles(self) -> dict[str, str]:
        """Return why providers or pages could not be read the last time, by their names."""
        return dict(self._troubles.values())

    async def refresh(self) -> None:
        """Read everything once; one provider's trouble does not keep another from being read.

        Pages of providers whose key was taken away are forgotten, or forms would offer them.
        """
        reachable = [account.provider for account in self.accounts]
        await self.store.write(pages.forget_providers, reachable)
        await asyncio.gather(*(self._refresh(account) for account in self.accounts))

    async def _refresh(self, account: Account) -> None:
        try:
            reached = await account.pages()
        except FoghornError as error:
            self._trouble(account.provider, account.provider, error)
            return
        keep = [page.id for page in reached]
        for known in tuple(self._troubles):
            if known.partition(":")[0] == account.provider and known not in keep:
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
