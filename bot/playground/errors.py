"""What goes wrong in the playground, with Slack's own names where it has any."""

from typing import Any

Json = dict[str, Any]

PATIENCE = 180.0
"""Seconds for which a test waits for any one thing: a slow and busy machine is no failure."""


class SlackError(Exception):
    """An answer `ok: false` of the Web API, with Slack's error name."""

    def __init__(self, name: str, *messages: str, **extra: object) -> None:
        self.name = name
        self.messages = messages
        self.extra = extra
        super().__init__("; ".join([name, *messages]))

    def answer(self) -> Json:
        body: Json = {"ok": False, "error": self.name, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


class ClientRefusal(Exception):
    """Slack's own window does not let the person do this, so nothing is sent to the bot."""


class TroubleConnecting(Exception):
    """The bot's answer is late, missing or wrong: "We had some trouble connecting. Try again?"."""

    def __init__(self, reason: str, ack: object = None) -> None:
        self.ack = ack
        super().__init__(reason)


class WaitTimeout(AssertionError):
    """What a test waits for does not come in time; the end of the journal says what did."""
