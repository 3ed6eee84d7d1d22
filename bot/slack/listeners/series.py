"""The buttons on series of maintenances, and the form for another last day."""

from functools import partial

from slack_bolt.async_app import AsyncAck

from bot.errors import FormError, NotAllowed, StoreUnavailable
from bot.slack import payloads
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import ids, maintenances
from bot.slack.forms.fields import shown_problems
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.router import Payload, Router
from bot.slack.views import results, series

_GONE = "Foghorn no longer knows this series."


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about series."""
    router.actions[ids.SKIP_NEXT] = at_once(context, _skip)
    router.actions[ids.END_SERIES] = at_once(context, _end)
    router.actions[ids.CHANGE_END] = at_once(context, _open_last_day, ids.CHANGE_END)
    router.submissions[ids.LAST_DAY] = partial(last_day, context)


async def last_day(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """*Change end date* was submitted."""
    try:
        result = await _change(context, body)
    except (FormError, NotAllowed, StoreUnavailable) as error:
        fields = error.fields if isinstance(error, FormError) else {ids.UNTIL: str(error)}
        await ack(response_action="errors", errors=shown_problems(body["view"], fields))
    else:
        await ack(response_action="update", view=results.notice("Change end date", result))


async def _change(context: ListenerContext, body: Payload) -> str:
    """Give the series another last day; return what became of it."""
    view, person = body["view"], await context.author(body)
    found = await context.queries.series_of(form_metadata(view).subject_id)
    day = maintenances.read_last_day(view)
    if not found or not day:
        raise FormError({ids.UNTIL: "Choose a day." if found else _GONE})
    if await context.series.until(found.id, day, person):
        return f"The last window starts on {day} at the latest."
    return "There is nothing to change: no window depends on this day."


async def _skip(context: ListenerContext, body: Payload, value: str) -> None:
    person = await context.author(body)
    series_id, _colon, digits = value.rpartition(":")
    number = payloads.number(digits)
    if await context.series.skip(series_id, number, person):
        text = f"Window {number} is skipped."
    else:
        text = (
            f"Window {number} is no longer to come, so there is nothing to skip. "
            "`/maintenance list` shows what is."
        )
    await context.tell(body, text)


async def _end(context: ListenerContext, body: Payload, series_id: str) -> None:
    if await context.series.end(series_id, await context.author(body)):
        text = (
            "The series has ended: no further window is scheduled, and those on the page that have "
            "not begun are cancelled there. The thread shows how it went."
        )
    else:
        text = "This series has ended already."
    await context.tell(body, text)


async def _open_last_day(context: ListenerContext, body: Payload, maintenance_id: str) -> None:
    await context.author(body)
    found = await context.queries.series_of(maintenance_id)
    metadata = FormMetadata(payloads.channel(body), maintenance_id)
    view = series.last_day(found, metadata) if found else results.notice("No series", _GONE)
    await context.open(body, view)
