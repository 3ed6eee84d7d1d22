"""The command `/statuspage`."""

from slack_bolt.async_app import AsyncAck

from bot.slack import payloads
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids
from bot.slack.router import Router
from bot.slack.views import dashboard


def register(router: Router, context: ListenerContext) -> None:
    """Listen to the command."""
    router.commands[ids.STATUSPAGE] = DashboardListeners(context).command


class DashboardListeners:
    """Shows what there is; nothing here publishes."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def command(self, body: Payload, ack: AsyncAck) -> None:
        """`/statuspage` with whatever was typed behind it."""
        await ack()
        self._context.background.start(self._context.helped(body, self._typed(body), action_id=""))

    async def _typed(self, body: Payload) -> None:
        match payloads.words_behind(body).casefold():
            case "":
                shown = dashboard.dashboard(await self._context.queries.dashboard())
            case "components":
                shown = dashboard.components(await self._context.queries.pages_seen())
            case _:
                shown = dashboard.guide(body["command"])
        await self._context.say(body, shown)
