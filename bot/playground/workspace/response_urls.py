"""Response URLs: five uses within thirty minutes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bot.playground.errors import SlackError

LIFETIME = 30 * 60
USES = 5


@dataclass
class ResponseUrl:
    """The right to answer one interaction of a person, where it happened."""

    channel: str
    user: str
    made_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    used: int = 0


class ResponseUrls:
    """Hands out response URLs and counts their uses."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._numbers = count(1)
        self._made: dict[str, ResponseUrl] = {}
        self.base = "http://127.0.0.1"

    def issue(
        self, channel: str, user: str, *, message: str | None = None, thread: str | None = None
    ) -> str:
        key = f"r{next(self._numbers):06d}"
        self._made[key] = ResponseUrl(channel, user, self._now(), message, thread)
        return f"{self.base}/response/{key}"

    def use(self, key: str) -> ResponseUrl:
        known = self._made.get(key)
        if known is None:
            raise SlackError("no_active_hooks")
        if self._now() - known.made_at > LIFETIME:
            raise SlackError("expired_url")
        if known.used >= USES:
            raise SlackError("used_url")
        known.used += 1
        return known
