"""incident.io's Widget API, which alone tells public addresses."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import OnErrorOmit, StringConstraints, TypeAdapter

from bot.errors import ProviderError
from bot.providers.answers import Answer, RefAnswer
from bot.providers.http import Api

FRESH = 60.0
"""Seconds that an answer is kept: the vendor asks callers to cache it."""
PATIENCE = 5.0
"""Seconds to wait, since links are only a convenience."""


class OngoingAnswer(RefAnswer):
    """An open incident, or a maintenance that runs or is planned, as the widget shows it."""

    url: Annotated[str, StringConstraints(pattern="^https?://")]


class SummaryAnswer(Answer):
    """The widget's answer (docs.incident.io/status-pages/widget-api), without its bad items."""

    ongoing_incidents: tuple[OnErrorOmit[OngoingAnswer], ...] = ()
    in_progress_maintenances: tuple[OnErrorOmit[OngoingAnswer], ...] = ()
    scheduled_maintenances: tuple[OnErrorOmit[OngoingAnswer], ...] = ()


SUMMARY = TypeAdapter(SummaryAnswer)


class Widget:
    """The public addresses of what is open or planned, asked for at most once a minute."""

    def __init__(self, api: Api, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._monotonic = monotonic
        self._asked: float | None = None
        self._addresses: Mapping[str, str] = {}

    async def addresses(self) -> Mapping[str, str]:
        """Return id to address; the last good answer, or nothing, when it fails."""
        now = self._monotonic()
        if self._asked is None or now - self._asked >= FRESH:
            self._asked = now
            try:
                async with asyncio.timeout(PATIENCE):
                    summary = await self._api.read("", SUMMARY)
            except (ProviderError, TimeoutError):
                return self._addresses
            items = (
                *summary.ongoing_incidents,
                *summary.in_progress_maintenances,
                *summary.scheduled_maintenances,
            )
            self._addresses = {each.id: each.url for each in items}
        return self._addresses
