"""One-time addresses for Socket Mode, which expire soon.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from collections.abc import Callable
from itertools import count

LIFETIME = 30.0  # a guess: Slack calls them temporary and gives no figure


class SocketTickets:
    """Hands out socket addresses; each opens one connection, for `lifetime` seconds."""

    def __init__(self, now: Callable[[], float], lifetime: float = LIFETIME) -> None:
        self._now = now
        self.lifetime = lifetime
        self._numbers = count(1)
        self._open: dict[str, float] = {}
        self.base = "ws://127.0.0.1"

    def issue(self) -> str:
        key = f"t{next(self._numbers):06d}"
        self._open[key] = self._now()
        return f"{self.base}/link/?ticket={key}&app_id=A0FOG"

    def redeem(self, key: str) -> bool:
        issued = self._open.pop(key, None)
        return issued is not None and self._now() - issued <= self.lifetime
