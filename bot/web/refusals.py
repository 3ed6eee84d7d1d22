"""Requests that are refused unread: what the log and `/readyz` say of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

_log = structlog.get_logger(__name__)

_QUIET_SECONDS = 60.0
"""For how long the log has one line for a reason: a public door is knocked at a lot."""
_RECENT_SECONDS = 600.0
"""For how long after one that was let through they are not all refused."""


@dataclass
class Refusals:
    """Remembers why requests to Slack's endpoint are refused; `now` gives seconds.

    `remark` says why all are, and is None while they are not.
    """

    now: Callable[[], float] = time.monotonic
    remark: str | None = None
    _accepted_at: float | None = None
    _logged: dict[str, float] = field(default_factory=dict)

    def accept(self) -> None:
        """Note a request that was let through."""
        self.remark, self._accepted_at = None, self.now()

    def clock(self, ahead: float) -> None:
        """Note one whose time is `ahead` seconds behind this machine's."""
        seconds = round(ahead)
        side = "ahead of" if seconds > 0 else "behind"
        why = f"this machine's clock is {abs(seconds)} s {side} theirs. Set it right."
        self._refuse(why, "clock", seconds_off=seconds)

    def signature(self) -> None:
        """Note one with another signature than the secret gives."""
        why = (
            "their signature is not that of SLACK_SIGNING_SECRET. Set it to the app's Signing "
            "Secret, and let no proxy change a body."
        )
        self._refuse(why, "signature")

    def unsigned(self) -> None:
        """Note one without time or signature, which Slack never sends."""
        self._log("no signature")

    def _refuse(self, why: str, reason: str, **details: int) -> None:
        if self._accepted_at is None or self.now() - self._accepted_at > _RECENT_SECONDS:
            self.remark = f"All requests are refused: {why}"
        self._log(reason, **details)

    def _log(self, reason: str, **details: int) -> None:
        last = self._logged.get(reason)
        if last is None or self.now() - last >= _QUIET_SECONDS:
            self._logged[reason] = self.now()
            _log.warning("A request to Slack's endpoint was refused.", reason=reason, **details)
