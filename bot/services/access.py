"""Who may publish: everyone in the workspace, except guests and people from elsewhere."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.errors import NotAllowed, ProviderError

_log = structlog.get_logger(__name__)

_FRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Member:
    """What the workspace says of a person; `zone` is where their clock is (IANA)."""

    guest: bool
    elsewhere: bool
    zone: str = "UTC"
    name: str = ""


class Access:
    """Remembers for a minute what the workspace says of a person."""

    def __init__(self, ask: Callable[[str], Awaitable[Member]]) -> None:
        """Take how to ask the workspace about a person by id."""
        self._ask = ask
        self._known: dict[str, tuple[float, Member]] = {}

    async def check(self, person_id: str) -> None:
        """Raise `NotAllowed` when this person may not publish; asks when memory is a minute old."""
        await self._learn(person_id)
        self.judge(person_id)

    async def name(self, person_id: str) -> str:
        """Return what others call a person; their id when the workspace does not say."""
        await self._learn(person_id)
        _at, standing = self._known.get(person_id, (0.0, None))
        return (standing.name if standing else "") or person_id

    async def _learn(self, person_id: str) -> None:
        at, standing = self._known.get(person_id, (0.0, None))
        if standing is None or time.monotonic() - at > _FRESH_SECONDS:
            try:
                standing = await self._ask(person_id)
            except ProviderError as error:
                # In an outage, Slack's silence must not keep the person on call from publishing.
                _log.warning("Slack does not say who this is.", reason=str(error))
            else:
                self._known[person_id] = (time.monotonic(), standing)

    def zone(self, person_id: str) -> str:
        """Return the zone of a person's clock by what is known; UTC as long as nobody said."""
        _at, standing = self._known.get(person_id, (0.0, None))
        return standing.zone if standing else "UTC"

    def judge(self, person_id: str) -> None:
        """Raise `NotAllowed` by what is known, without asking anyone; who is unknown may pass."""
        _at, standing = self._known.get(person_id, (0.0, None))
        if standing and standing.elsewhere:
            reason = (
                "You are from another organisation; only members of this workspace may publish."
            )
            raise NotAllowed(reason)
        if standing and standing.guest:
            reason = "Guests may not publish to the status page. Ask a member of this workspace."
            raise NotAllowed(reason)
