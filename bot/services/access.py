"""Who may publish: everyone in the workspace, except guests and people from elsewhere."""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog

from bot.domain.submissions import Person
from bot.errors import Deferred, NotAllowed, Rejected, Unauthorized, Unavailable, Uncertain

_log = structlog.get_logger(__name__)

_WHO_MAY = "Every member of this workspace who is no guest may: ask one of them."


@dataclass(frozen=True, slots=True)
class Member:
    """What the workspace says of a person; `zone` is where their clock is (IANA)."""

    guest: bool
    elsewhere: bool
    zone: str = "UTC"
    name: str = ""
    deactivated: bool = False
    bot: bool = False

    @property
    def refusal(self) -> str:
        """Why this person may not publish, in words for them; empty when they may."""
        if self.deactivated:
            return f"Deactivated accounts may not publish to the status page. {_WHO_MAY}"
        if self.bot:
            return f"Apps may not publish to the status page. {_WHO_MAY}"
        if self.elsewhere:
            return f"You are from another organisation, so you may not publish here. {_WHO_MAY}"
        return f"Guests may not publish to the status page. {_WHO_MAY}" if self.guest else ""

    @property
    def hindrance(self) -> str:
        """Why this person cannot look after anything, in words for others; empty when they can."""
        if self.deactivated:
            return "is deactivated in Slack"
        if self.bot:
            return "is an app"
        if self.elsewhere:
            return "is from another organisation and may not publish"
        return "is a guest and may not publish" if self.guest else ""


AskAbout = Callable[[str], Awaitable[Member]]
"""Asks the workspace who somebody is, by their id; raises `Gone` when it knows no such person."""


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the workspace last said of a person, or why it says nothing of them."""

    at: float
    member: Member | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """Remembers for a minute what the workspace, when it is asked, says of a person by their id.

    `patience` is how many seconds it may take to answer, since forms wait for it; after
    `fresh_seconds` it is asked again.
    """

    ask: AskAbout
    patience: float = 1.5
    fresh_seconds: float = 60.0
    _known: dict[str, _Memory] = field(default_factory=dict)
    _turns: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    async def admit(self, person: Person) -> Person:
        """Return a person who may publish, by the name that others see.

        Raises `NotAllowed` for who may not, and for who Slack refuses to tell. In an outage its
        silence must not keep the person on call from publishing: they pass, unverified.
        """
        known = await self._learn(person.id)
        if not known:
            return replace(person, verified=False)
        if not known.member:
            raise NotAllowed(
                f"Slack does not tell Foghorn who you are, so you may not publish. {known.reason} "
                f"{_WHO_MAY}"
            )
        if known.member.refusal:
            raise NotAllowed(known.member.refusal)
        name = known.member.name or person.name
        return replace(person, name=name, verified=self._is_fresh(person.id))

    async def owner(self, person_id: str) -> Person:
        """Return somebody who can look after a subject; raise `NotAllowed` with why they cannot.

        While Slack is silent anybody can, as far as anyone knows.
        """
        known = await self._learn(person_id)
        member = known.member if known else None
        name = (member.name if member else "") or person_id
        if known and not member:
            raise NotAllowed(f"Choose somebody else. {known.reason}")
        if member and member.hindrance:
            reason = f"{name} {member.hindrance}, so they could not act. Choose somebody else."
            raise NotAllowed(reason)
        return Person(person_id, name, verified=self._is_fresh(person_id))

    def zone(self, person_id: str) -> str:
        """Return the zone of a person's clock by what is known; UTC as long as nobody said."""
        known = self._known.get(person_id)
        return known.member.zone if known and known.member else "UTC"

    async def _learn(self, person_id: str) -> _Memory | None:
        """Return what is known of a person, asked for when memory is a minute old."""
        try:
            async with asyncio.timeout(self.patience), self._turns[person_id]:
                if not self._is_fresh(person_id):
                    self._known[person_id] = await self._asked(person_id)
                return self._known[person_id]
        except Deferred as error:
            # An answer, but none about this person, so that it is not remembered.
            return _Memory(-math.inf, None, str(error))
        except (Unavailable, Uncertain, TimeoutError) as error:
            reason = str(error) or "Slack did not answer in time."
            _log.warning("Slack does not say who this is.", person=person_id, reason=reason)
        return self._known.get(person_id)

    async def _asked(self, person_id: str) -> _Memory:
        try:
            return _Memory(time.monotonic(), await self.ask(person_id))
        except (Rejected, Unauthorized) as error:
            return _Memory(time.monotonic(), None, str(error))

    def _is_fresh(self, person_id: str) -> bool:
        known = self._known.get(person_id)
        return known is not None and time.monotonic() - known.at <= self.fresh_seconds
