"""What is served, rendered at most once for each state of the page, and known by a tag.

A tag is `"<revision>-<build>-<clock>"`: the records, the program and the last instant that the page
follows from. When a later state brings the same bytes, they keep the tag they have, so that a tag
changes if and only if what it stands for does.
"""

import asyncio
import gzip
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from bot.errors import FoghornError
from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import SiteState, compute_state
from bot.statuspage.served.catalogue import Item, catalogue

FRESH = 0.1
"""Seconds for which a revision is not asked for again: a crowd costs ten reads a second."""
_MOST = 2000
"""How many bodies are kept."""


class SiteSource(Protocol):
    """Where the page's records are."""

    async def revision(self) -> int:
        """Return a number that grows with every change that can be seen."""

    async def load(self, now: datetime) -> Site:
        """Return all that the page shows."""


@dataclass(frozen=True, slots=True)
class CachedItem:
    """An item as it was rendered; `tag` has no quotes yet."""

    tag: str
    item: Item
    body: bytes
    gzipped: bytes


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The page at one revision and one instant, and everything that is at its paths."""

    key: str
    state: SiteState
    items: dict[str, Item]


class PageCache:
    """Keeps what was rendered; `render_count` counts how often something was."""

    def __init__(
        self,
        source: SiteSource,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        fresh: float = FRESH,
    ) -> None:
        self.render_count = 0
        self._source = source
        self._now = now
        self._monotonic = monotonic
        self._fresh = fresh
        self._read_at = float("-inf")
        self._site: Site | None = None
        self._change_times: ChangeTimes | None = None
        self._version: PageVersion | None = None
        self._at: datetime | None = None
        self._until: datetime | None = None
        self._items: dict[str, tuple[str, CachedItem]] = {}
        self._lock = asyncio.Lock()

    async def current(self) -> PageVersion:
        """Return the page as it is now.

        While the records cannot be read the last known ones stand in; without any, raises
        `FoghornError`.
        """
        now = self._at = self._now()
        asked = self._monotonic()
        if asked - self._read_at >= self._fresh or self._site is None:
            self._read_at = asked
            await self._refresh(now)
        if self._version is None or self._until is None or now >= self._until:
            return self._advance(now)
        return self._version

    def seconds_left(self) -> float:
        """Return how long the version last asked for stays as it is if nobody writes."""
        return (self._until - self._at).total_seconds() if self._until and self._at else 0.0

    def cached(self, version: PageVersion, path: str) -> CachedItem | None:
        """Return what is at `path`, if it was rendered for this version already."""
        key, cached = self._items.get(path, (None, None))
        return cached if key == version.key else None

    async def get(self, version: PageVersion, path: str, item: Item) -> CachedItem:
        """Return what `item` is at `path`, rendered now if it was not before."""
        async with self._lock:
            if found := self.cached(version, path):
                return found
            body = await asyncio.to_thread(item.make, version.state)
            self.render_count += 1
            return self._store(version, path, item, body)

    def _store(self, version: PageVersion, path: str, item: Item, body: bytes) -> CachedItem:
        _, before = self._items.pop(path, (None, None))
        if before and before.body == body:
            cached = before
        else:
            cached = CachedItem(version.key, item, body, gzip.compress(body, 6, mtime=0))
        while len(self._items) >= _MOST:
            del self._items[next(iter(self._items))]
        self._items[path] = (version.key, cached)
        return cached

    async def _refresh(self, now: datetime) -> None:
        try:
            revision = await self._source.revision()
            if self._site is None or self._site.revision != revision:
                site = await self._source.load(now)
                change_times = await asyncio.to_thread(ChangeTimes, site)
                self._site, self._change_times, self._version = site, change_times, None
        except FoghornError:
            if self._site is None:
                raise

    def _advance(self, now: datetime) -> PageVersion:
        """Make `now` the page's instant."""
        if self._site is None or self._change_times is None:
            raise FoghornError("The status page has not been read yet.")
        at = self._change_times.last(now)
        clock = int(at.timestamp() * 1000)
        state = compute_state(self._site, at)
        key = f"{self._site.revision}-{build_id(self._site)}-{clock}"
        self._version = PageVersion(key, state, catalogue(state))
        self._until = self._change_times.following(now)
        return self._version


def build_id(site: Site) -> str:
    """Return a short name for this program, and for what of the page is set, not written."""
    given = f"{_program()}\n{site.name}\n{site.url}\n{site.uid}"
    return hashlib.sha256(given.encode()).hexdigest()[:8]


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parents[1].rglob("*")):
        if file.suffix in (".py", ".html", ".css"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
