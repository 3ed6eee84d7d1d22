"""What open forms ask for while somebody fills them in: a search, a preview, other words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.reminders.promises import chosen
from bot.slack import blocks, payloads
from bot.slack.blocks import Block
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import fields, ids, incidents, maintenances
from bot.slack.forms.metadata import form_metadata
from bot.slack.router import Router
from bot.slack.views import incidents as form_views
from bot.slack.views import maintenances as maintenance_views
from bot.slack.views import results, schedules, words

_RESTATING = (ids.PAGES, ids.STARTS, ids.ENDS, ids.AUTOMATION, ids.NOTIFY)
"""The fields of *Schedule maintenance* on which its last line depends."""

_DEBOUNCE_SECONDS = 0.3


def register(router: Router, context: ListenerContext) -> None:
    """Listen to what happens inside open forms, and to links."""
    help_ = OpenFormListeners(context)
    router.options[ids.COMPONENTS] = help_.search
    router.actions[ids.PREVIEW] = help_.preview
    router.actions[ids.STATUS] = help_.status_changed
    router.actions[ids.VIEW_PAGE] = help_.nothing_to_do
    router.actions.update(dict.fromkeys(_RESTATING, help_.restate))


class OpenFormListeners:
    """Each method answers Slack at once; what it changes in the form comes after."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def preview(self, body: Payload, ack: AsyncAck) -> None:
        """What customers would see of the form as it is filled in now."""
        await ack()
        zone = self._context.access.zone(payloads.person(body).id)
        shown = _preview(body["view"], zone, self._context.clock.now())
        self._context.start(body, self._context.push(body, shown))

    async def status_changed(self, body: Payload, ack: AsyncAck) -> None:
        """The form's button says what it does: Publish, or Resolve."""
        await ack()
        status = body["actions"][0]["selected_option"]["value"]
        shown = body["view"]
        if shown["callback_id"] == ids.INCIDENT_UPDATE:
            view = form_views.relabelled(shown, IncidentStatus(status))
        else:
            view = maintenance_views.relabelled(shown, MaintenanceStatus(status))
        if view["submit"]["text"] != shown["submit"]["text"]:
            self._context.background.start(self._context.update(body, view))

    async def restate(self, body: Payload, ack: AsyncAck) -> None:
        """*Schedule maintenance* says what its fields now mean: the times in UTC, who drives it."""
        await ack()
        # An update of its own for each of several quick changes would find the form changed.
        shown = partial(self._restate, body)
        self._context.background.debounce(body["view"]["id"], shown, _DEBOUNCE_SECONDS)

    async def nothing_to_do(self, body: Payload, ack: AsyncAck) -> None:
        """A link was clicked; Slack wants to hear that we know."""
        del body
        await ack()

    async def search(self, body: Payload, ack: AsyncAck) -> None:
        """Components with what was typed in their name or group, from the store's snapshot."""
        view = body.get("view") or {}
        typed = blocks.cut(fields.typed(body.get("value")), 200)
        found = await self._context.queries.search(
            typed, await self._pages(view), blocks.OPTIONS_LIMIT
        )
        several = len(found.page_names) > 1
        choices = [
            (
                choice.key,
                choice.component,
                found.page_names.get(choice.page_id) if several else None,
            )
            for choice in found.choices
        ]
        groups = words.component_options(choices, found.total)
        await (ack(option_groups=groups) if groups else ack(options=[]))

    async def _pages(self, view: Payload) -> Sequence[str]:
        """Return the pages whose components a form can choose from; all when it does not say."""
        incident_id = form_metadata(view).subject_id
        if incident_id and (outlook := await self._context.queries.outlook(incident_id, None)):
            return [each.page_id for each in outlook.incident.publications]
        return fields.chosen(view, ids.PAGES)

    async def _restate(self, body: Payload) -> None:
        form = maintenances.read_schedule(body["view"])
        pages = await self._context.page_choices()
        await self._context.update(body, schedules.restated(body["view"], form, pages))


def _preview(view: Payload, zone: str, now: datetime) -> Block:
    match view["callback_id"]:
        case ids.SCHEDULE:
            form = maintenances.read_schedule(view)
            when = words.window(form.starts, form.ends) if form.starts and form.ends else ""
            status = MaintenanceStatus.SCHEDULED.label
            return results.preview(form.name, status, form.message, when)
        case ids.MAINTENANCE_UPDATE:
            said = maintenances.read_update(view)
            return results.preview(None, said.status.label, said.message)
        case ids.REPORT:
            name: str | None = incidents.read_report(view).name
        case _:
            name = None
    fields = replace(incidents.read_fields(view), zone=zone)
    return results.preview(name, fields.status.label, fields.message, promised=chosen(fields, now))
