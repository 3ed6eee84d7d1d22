"""The buttons on series of maintenances, and the form for another last day."""

from slack_bolt.async_app import AsyncAck

from bot.errors import FormError, NotAllowed, StoreUnavailable
from bot.slack import payloads
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids, maintenances
from bot.slack.forms.fields import shown_problems
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.router import Router
from bot.slack.views import messages, results, series

_GONE = "Foghorn no longer knows this series."


def register(router: Router, context: ListenerContext) -> None:
    """Listen to everything about series."""
    doors = SeriesListeners(context)
    router.actions[ids.SKIP_NEXT] = doors.skip_button
    router.actions[ids.END_SERIES] = doors.end_button
    router.actions[ids.CHANGE_END] = doors.change_button
    router.submissions[ids.LAST_DAY] = doors.last_day


class SeriesListeners:
    """Each method answers Slack at once and does the rest in the background."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def skip_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Skip next*."""
        await ack()
        self._context.start(body, self._skip(body, body["actions"][0]["value"]))

    async def end_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *End series*."""
        await ack()
        self._context.start(body, self._end(body, body["actions"][0]["value"]))

    async def change_button(self, body: Payload, ack: AsyncAck) -> None:
        """The button *Change end date*."""
        await ack()
        action = body["actions"][0]
        work = self._open_last_day(body, action["value"])
        self._context.start(body, work, action["value"], action["action_id"])

    async def last_day(self, body: Payload, ack: AsyncAck) -> None:
        """*Change end date* was submitted."""
        try:
            said = await self._change(body)
        except (FormError, NotAllowed, StoreUnavailable) as error:
            fields = error.fields if isinstance(error, FormError) else {ids.UNTIL: str(error)}
            problems = shown_problems(body["view"], fields)
            await ack(response_action="errors", errors=problems)
        else:
            await ack(response_action="update", view=results.notice("Change end date", said))

    async def _change(self, body: Payload) -> str:
        """Give the series another last day; return what became of it."""
        view, person = body["view"], payloads.person(body)
        self._context.access.judge(person.id)
        found = await self._context.queries.series_of(form_metadata(view).subject_id)
        day = maintenances.read_last_day(view)
        if not found or not day:
            raise FormError({ids.UNTIL: "Choose a day." if found else _GONE})
        if await self._context.series.until(found.id, day, person):
            return f"The last window starts on {day} at the latest."
        return "There is nothing to change: no window depends on this day."

    async def _skip(self, body: Payload, value: str) -> None:
        person = payloads.person(body)
        await self._context.access.check(person.id)
        series_id, _colon, number = value.rpartition(":")
        done = await self._context.series.skip(series_id, int(number), person)
        text = (
            f"Window {number} is skipped."
            if done
            else f"Window {number} is no longer to come, so there is nothing to skip. "
            "`/maintenance list` shows what is."
        )
        await self._context.say(body, messages.said(text))

    async def _end(self, body: Payload, series_id: str) -> None:
        person = payloads.person(body)
        await self._context.access.check(person.id)
        done = await self._context.series.end(series_id, person)
        text = (
            "The series has ended: no further window is scheduled. Windows that are on the page "
            "already stay."
            if done
            else "This series has ended already."
        )
        await self._context.say(body, messages.said(text))

    async def _open_last_day(self, body: Payload, maintenance_id: str) -> None:
        await self._context.access.check(payloads.person(body).id)
        found = await self._context.queries.series_of(maintenance_id)
        metadata = FormMetadata(payloads.channel(body), maintenance_id)
        view = series.last_day(found, metadata) if found else results.notice("No series", _GONE)
        await self._context.open(body, view)
