"""incident.io's Widget API, which alone tells public addresses."""

import asyncio
import time
from collections.abc import Callable, Mapping

from pydantic import TypeAdapter, ValidationError

from bot.errors import ProviderError
from bot.providers.answers import Answer
from bot.providers.http import Api

FRESH = 60.0
"""Seconds that an answer is kept: the vendor asks callers to cache it."""
PATIENCE = 5.0
"""Seconds to wait, since links are only a convenience."""


class SummaryAnswer(Answer):
    """The widget's answer (docs.incident.io/status-pages/widget-api), its items unread."""

    ongoing_incidents: tuple[object, ...] = ()
    in_progress_maintenances: tuple[object, ...] = ()
    scheduled_maintenances: tuple[object, ...] = ()


class OngoingAnswer(Answer):
    """An open incident, or a maintenance that runs or is planned, as the widget shows it."""

    id: str
    url: str


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
            self._addresses = dict(filter(None, map(_address, items)))
        return self._addresses


def _address(item: object) -> tuple[str, str] | None:
    """Read one item; a bad one is dropped, so that it does not spoil the others."""
    try:
        ongoing = OngoingAnswer.model_validate(item)
    except ValidationError:
        return None
    return (ongoing.id, ongoing.url) if ongoing.url.startswith(("https://", "http://")) else None
