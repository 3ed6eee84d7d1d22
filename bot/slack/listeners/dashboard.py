"""The command `/statuspage`: it shows what there is and publishes nothing."""

from bot.domain.texts.comparison import search_form
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids
from bot.slack.router import Payload, Router
from bot.slack.views import dashboard


def register(router: Router, context: ListenerContext) -> None:
    """Listen to the command."""
    router.commands[ids.STATUSPAGE] = at_once(context, _show)


async def _show(context: ListenerContext, body: Payload, words: str) -> None:
    match search_form(words):
        case "":
            shown = dashboard.dashboard(await context.queries.dashboard())
        case "components":
            shown = dashboard.components(await context.queries.pages_seen())
        case _:
            shown = dashboard.guide(body["command"])
    await context.offer(body, shown)
