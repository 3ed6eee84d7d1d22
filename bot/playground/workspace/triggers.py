"""Trigger ids: three seconds, one use.

Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from collections.abc import Callable
from itertools import count

from bot.playground.errors import SlackError
from bot.playground.workspace.records import Trigger

LIFETIME = 3.0


class Triggers:
    """Hands out trigger ids and takes each back at most once."""

    def __init__(self, now: Callable[[], float], lifetime: float = LIFETIME) -> None:
        self._now = now
        self.lifetime = lifetime
        self._numbers = count(1)
        self._open: dict[str, Trigger] = {}
        self._used: set[str] = set()

    def issue(self, user: str, view_id: str | None = None) -> str:
        number = next(self._numbers)
        key = f"{number:012d}.0001.{user.lower()}"
        self._open[key] = Trigger(key, user, self._now(), view_id)
        return key

    def check(self, key: str) -> Trigger:
        """Returns the trigger without using it; raises what a bad one is answered with."""
        if key in self._used:
            raise SlackError("exchanged_trigger_id")
        trigger = self._open.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self._now() - trigger.made_at > self.lifetime:
            raise SlackError("expired_trigger_id")
        return trigger

    def use(self, trigger: Trigger) -> None:
        self._used.add(trigger.id)
        self._open.pop(trigger.id, None)
