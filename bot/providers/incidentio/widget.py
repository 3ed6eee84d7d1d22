"""incident.io's Widget API, which alone tells public addresses."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Annotated

import structlog
from pydantic import OnErrorOmit, StringConstraints, TypeAdapter, model_validator

from bot.errors import ProviderError
from bot.providers.answers import Answer, RefAnswer
from bot.providers.http import Api

_log = structlog.get_logger(__name__)
_NO_LINKS = "The widget was not read, so some public links may be missing or less exact."

FRESH = 60.0
"""Seconds that an answer is kept: the vendor asks callers to cache it."""
PATIENCE = 5.0
"""Seconds to wait, since links are only a convenience."""


class EventAnswer(RefAnswer):
    """An open incident, or a maintenance that runs or is planned, as the widget shows it."""

    url: Annotated[str, StringConstraints(pattern="^https?://")] | None = None


class SummaryAnswer(Answer):
    """The widget's answer (docs.incident.io/status-pages/widget-api), without its bad items.

    A page's own proxy (`/proxy/…`) answers the same below the key `summary`, with the address of
    the page and none of events (seen of public pages, documented nowhere).
    """

    ongoing_incidents: tuple[OnErrorOmit[EventAnswer], ...]
    in_progress_maintenances: tuple[OnErrorOmit[EventAnswer], ...] = ()
    scheduled_maintenances: tuple[OnErrorOmit[EventAnswer], ...] = ()
    public_url: Annotated[str, StringConstraints(pattern="^https?://")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, answer: object) -> object:
        return answer.get("summary", answer) if isinstance(answer, dict) else answer

    def addresses(self) -> dict[str, str]:
        """Return id to address of all events whose address is told or follows from the page's."""
        base = self.public_url and self.public_url.rstrip("/")
        found = {each.id: f"{base}/incidents/{each.id}" for each in self.ongoing_incidents if base}
        events = (
            *self.ongoing_incidents,
            *self.in_progress_maintenances,
            *self.scheduled_maintenances,
        )
        return found | {each.id: each.url for each in events if each.url}


SUMMARY = TypeAdapter(SummaryAnswer)


class Widget:
    """The public addresses of what is open or planned, asked for at most once a minute."""

    def __init__(self, api: Api, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._monotonic = monotonic
        self._asked: float | None = None
        self._addresses: Mapping[str, str] = {}
        self._trouble = ""

    async def addresses(self) -> Mapping[str, str]:
        """Return id to address; the last good answer, or nothing, when it fails."""
        now = self._monotonic()
        if self._asked is None or now - self._asked >= FRESH:
            self._asked = now
            try:
                async with asyncio.timeout(PATIENCE):
                    summary = await self._api.read("", SUMMARY)
            except (ProviderError, TimeoutError) as error:
                self._tell(str(error) or f"{self._api.name} did not answer in time.")
                return self._addresses
            self._trouble, self._addresses = "", summary.addresses()
        return self._addresses

    def _tell(self, trouble: str) -> None:
        """Log a trouble once for as long as it lasts."""
        if trouble != self._trouble:
            self._trouble = trouble
            _log.warning(_NO_LINKS, setting="INCIDENT_IO_WIDGET_URL", reason=trouble)
