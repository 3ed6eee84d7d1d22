"""The command `foghorn export`: the public page as files, once or after each change."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.cli.console import stop_signals
from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import FoghornError
from bot.statuspage.records.site_source import DatabaseSiteSource
from bot.statuspage.served.cache import PageCache, SiteSource
from bot.statuspage.served.export import export
from bot.store.opening import open_migrated

POLL_SECONDS = 1.0


async def run(settings: Settings, folder: Path, say: Callable[[str], None], *, watch: bool) -> None:
    """Write the page below `folder`; with `watch`, until Ctrl-C or SIGTERM.

    Raises `FoghornError` when the first writing fails; later ones are tried again.
    """
    if not settings.serves_page:
        raise FoghornError(
            "There is no page of ours: with a vendor's key, the page is the vendor's."
        )
    async with open_migrated(settings.database_url.get_secret_value()) as database:
        asked_to_stop = stop_signals()
        source = DatabaseSiteSource(database, settings.public_url)
        exporter = Exporter(source, SystemClock().now, folder, say)
        await exporter.again()
        while watch and not await _within(asked_to_stop, POLL_SECONDS):
            try:
                await exporter.again()
            except FoghornError as error:
                say(str(error))


class Exporter:
    """Writes the page whenever it is another one than last time."""

    def __init__(
        self,
        source: SiteSource,
        now: Callable[[], datetime],
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._cache = PageCache(source, now, fresh=0)
        self._folder = folder
        self._say = say
        self._written: str | None = None

    async def again(self) -> None:
        """Write the page unless it is still the same; raise `FoghornError` when that fails."""
        version = await self._cache.current()
        if version.key == self._written:
            return
        changed = await export(version, self._folder)
        self._written = version.key
        if changed:
            self._say(f"Wrote {changed} files to {self._folder}.")


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
