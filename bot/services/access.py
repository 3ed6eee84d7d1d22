"""Who may publish: everyone in the workspace, except guests and people from elsewhere."""

import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

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


_ANYBODY = Member(guest=False, elsewhere=False)
"""Somebody of whom the workspace has said nothing: they may pass, and their clock is in UTC."""


@dataclass(frozen=True, slots=True)
class Access:
    """Remembers for a minute what the workspace, when it is asked, says of a person by their id."""

    ask: Callable[[str], Awaitable[Member]]
    _known: dict[str, tuple[float, Member]] = field(default_factory=dict)

    async def check(self, person_id: str) -> None:
        """Raise `NotAllowed` when this person may not publish; asks when memory is a minute old."""
        await self._learn(person_id)
        self.judge(person_id)

    async def name(self, person_id: str) -> str:
        """Return what others call a person; their id when the workspace does not say."""
        await self._learn(person_id)
        return self._member(person_id).name or person_id

    async def _learn(self, person_id: str) -> None:
        at, _member = self._known.get(person_id, (-math.inf, None))
        if time.monotonic() - at > _FRESH_SECONDS:
            try:
                member = await self.ask(person_id)
            except ProviderError as error:
                # In an outage, Slack's silence must not keep the person on call from publishing.
                _log.warning("Slack does not say who this is.", reason=str(error))
            else:
                self._known[person_id] = (time.monotonic(), member)

    def zone(self, person_id: str) -> str:
        """Return the zone of a person's clock by what is known; UTC as long as nobody said."""
        return self._member(person_id).zone

    def judge(self, person_id: str) -> None:
        """Raise `NotAllowed` by what is known, without asking anyone; who is unknown may pass."""
        member = self._member(person_id)
        if member.elsewhere:
            reason = (
                "You are from another organisation; only members of this workspace may publish."
            )
            raise NotAllowed(reason)
        if member.guest:
            reason = "Guests may not publish to the status page. Ask a member of this workspace."
            raise NotAllowed(reason)

    def _member(self, person_id: str) -> Member:
        return self._known.get(person_id, (0.0, _ANYBODY))[1]
