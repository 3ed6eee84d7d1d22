"""The command `/statuspage`."""

from slack_bolt.async_app import AsyncAck

from bot.slack import forms, ids
from bot.slack.front import Front, Payload
from bot.slack.router import Router
from bot.slack.views import dashboard


def register(router: Router, front: Front) -> None:
    """Listen to the command."""
    router.commands[ids.STATUSPAGE] = Looks(front).command


class Looks:
    """Shows what there is; nothing here publishes."""

    def __init__(self, front: Front) -> None:
        """Take what listeners work with."""
        self._front = front

    async def command(self, body: Payload, ack: AsyncAck) -> None:
        """`/statuspage` with whatever was typed behind it."""
        await ack()
        self._front.background.start(self._front.helped(body, self._typed(body), action_id=""))

    async def _typed(self, body: Payload) -> None:
        match forms.words_behind(body).casefold():
            case "":
                shown = dashboard.dashboard(await self._front.desk.dashboard())
            case "components":
                shown = dashboard.components(await self._front.desk.pages_seen())
            case _:
                shown = dashboard.guide(body["command"])
        await self._front.say(body, shown)
