"""What is served, made at most once for each state of the page, and known by a tag.

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
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Protocol

from bot.errors import FoghornError
from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import SiteState, compute_state
from bot.statuspage.served.catalogue import HTML, Item, catalogue, missing_page

FRESH = 0.1
"""Seconds for which a revision is not asked for again: a crowd costs ten reads a second."""
_MOST = 2000
"""How many bodies are kept."""


class SiteSource(Protocol):
    """Where the page's records are."""

    async def revision(self) -> int:
        """Return a number that grows with every change that can be seen."""
        ...

    async def load(self, now: datetime) -> Site:
        """Return all that the page shows."""
        ...


@dataclass(frozen=True, slots=True)
class CachedItem:
    """Something as it is served; `tag` has no quotes yet."""

    tag: str
    item: Item
    body: bytes
    packed: bytes


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The page at one revision and one instant, and what there is in it."""

    key: str
    standing: SiteState
    items: dict[str, Item]


class PageCache:
    """Keeps what was made; `made` counts how often something was."""

    def __init__(
        self,
        source: SiteSource,
        now: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        fresh: float = FRESH,
    ) -> None:
        self.made = 0
        self._source = source
        self._now = now
        self._monotonic = monotonic
        self._fresh = fresh
        self._asked = float("-inf")
        self._site: Site | None = None
        self._moments: ChangeTimes | None = None
        self._edition: PageVersion | None = None
        self._at: datetime | None = None
        self._until: datetime | None = None
        self._copies: dict[str, tuple[str, CachedItem]] = {}
        self._lock = asyncio.Lock()

    async def edition(self) -> PageVersion:
        """Return the page as it is now.

        While the records cannot be read the last known ones stand in; without any, raises
        `FoghornError`.
        """
        now = self._at = self._now()
        asked = self._monotonic()
        if asked - self._asked >= self._fresh or self._site is None:
            self._asked = asked
            await self._refresh(now)
        if self._edition is None or self._until is None or now >= self._until:
            return self._turn(now)
        return self._edition

    def seconds_left(self) -> float:
        """Return how long the edition last asked for stays as it is if nobody writes."""
        return (self._until - self._at).total_seconds() if self._until and self._at else 0.0

    def known(self, edition: PageVersion, path: str) -> CachedItem | None:
        """Return what is at `path`, if it was made for this edition already."""
        key, copy = self._copies.get(path, (None, None))
        return copy if key == edition.key else None

    async def copy(self, edition: PageVersion, path: str) -> CachedItem | None:
        """Return what is at `path`, or None where nothing is; the empty path is "no such page"."""
        if found := self.known(edition, path):
            return found
        item = edition.items.get(path) if path else Item(HTML, missing_page)
        if item is None:
            return None
        async with self._lock:
            if found := self.known(edition, path):
                return found
            body = await asyncio.to_thread(item.make, edition.standing)
            self.made += 1
            return self._keep(edition, path, item, body)

    def _keep(self, edition: PageVersion, path: str, item: Item, body: bytes) -> CachedItem:
        _, before = self._copies.pop(path, (None, None))
        if before and before.body == body:
            copy = before
        else:
            copy = CachedItem(edition.key, item, body, gzip.compress(body, 6, mtime=0))
        while len(self._copies) >= _MOST:
            del self._copies[next(iter(self._copies))]
        self._copies[path] = (edition.key, copy)
        return copy

    async def _refresh(self, now: datetime) -> None:
        try:
            revision = await self._source.revision()
            if self._site is None or self._site.revision != revision:
                site = await self._source.load(now)
                moments = await asyncio.to_thread(ChangeTimes, site)
                self._site, self._moments, self._edition = site, moments, None
        except FoghornError:
            if self._site is None:
                raise

    def _turn(self, now: datetime) -> PageVersion:
        """Take the page to the instant `now`."""
        if self._site is None or self._moments is None:
            raise FoghornError("The status page has not been read yet.")
        at = self._moments.last(now)
        clock = int(at.timestamp() * 1000)
        standing = compute_state(self._site, at)
        key = f"{self._site.revision}-{build_id(self._site)}-{clock}"
        self._edition = PageVersion(key, standing, catalogue(standing))
        self._until = self._moments.following(now)
        return self._edition


def build_id(site: Site) -> str:
    """Return a short name for this program, and for what of the page is set, not written."""
    return hashlib.sha256(f"{_program()}\n{site.name}\n{site.url}".encode()).hexdigest()[:8]


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for file in _files(resources.files("bot.statuspage")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _files(entry)
        elif entry.name.endswith((".py", ".html", ".css")):
            found.append(entry)
    return found
