"""What the vendors' accounts have in common: the pages of a key, and their public addresses."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bot.domain.pages import Page
from bot.errors import ProviderError
from bot.providers.http import Api


class VendorAccount(ABC):
    """One key at a vendor and the pages it reaches; `page_ids` narrow them, none means all."""

    provider: str

    def __init__(self, api: Api, page_ids: Sequence[str]) -> None:
        self._api = api
        self._page_ids = frozenset(f"{self.provider}:{each}" for each in page_ids)
        self._urls: dict[str, str | None] = {}

    @abstractmethod
    async def _all_pages(self) -> Sequence[Page]:
        """Ask which pages the key reaches."""

    async def pages(self) -> Sequence[Page]:
        pages = await self._all_pages()
        found = tuple(page for page in pages if not self._page_ids or page.id in self._page_ids)
        self._urls |= {page.id: page.url for page in found}
        return found

    async def url(self, page_id: str) -> str | None:
        """Return a page's public address; None when it cannot be learnt: it only decorates."""
        if page_id not in self._urls:
            try:
                await self.pages()
            except ProviderError:
                return None
        return self._urls.setdefault(page_id, None)

    def _remote_id(self, page_id: str) -> str:
        """Return the vendor's own id of a page; raise `ValueError` for another provider's page."""
        provider, _, remote_id = page_id.partition(":")
        if provider != self.provider or not remote_id:
            raise ValueError(f"{page_id} is no page of {self.provider}")
        return remote_id
