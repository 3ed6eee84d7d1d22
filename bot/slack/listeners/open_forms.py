"""What open forms ask for: components to choose from, a preview, their button's other word."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from slack_bolt.async_app import AsyncAck

from bot.errors import FormError
from bot.slack import blocks
from bot.slack.context import ListenerContext, at_once
from bot.slack.forms import fields, ids
from bot.slack.forms import incidents as incident_forms
from bot.slack.forms import maintenances as maintenance_forms
from bot.slack.forms.metadata import form_metadata
from bot.slack.listeners import previews
from bot.slack.router import Payload, Router
from bot.slack.views import fields as field_views
from bot.slack.views import incidents, maintenances

_RESTATING = (ids.PAGES, ids.STARTS, ids.ENDS, ids.AUTOMATION, ids.NOTIFY)
"""The fields of *Schedule maintenance* on which its last line depends."""

_DEBOUNCE_SECONDS = 0.3


def register(router: Router, context: ListenerContext) -> None:
    """Listen to what happens inside open forms, and to links."""
    router.options[ids.COMPONENTS] = partial(search, context)
    router.actions[ids.PREVIEW] = at_once(context, previews.show)
    for field in (ids.STATUS, ids.COMPONENT_STATUS):
        router.actions[field] = partial(status_changed, context)
    router.actions[ids.SAY] = partial(say, context)
    router.actions[ids.VIEW_PAGE] = nothing_to_do
    router.actions.update(dict.fromkeys(_RESTATING, partial(restate, context)))


async def status_changed(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """The form's button says what it does, and an update asks for what its status needs."""
    await ack()
    shown = body["view"]
    try:
        if shown["callback_id"] == ids.MAINTENANCE_UPDATE:
            status = maintenance_forms.read_update(shown).status
            view = maintenances.relabelled(shown, status)
        else:
            view = incidents.restated(shown, incident_forms.read_fields(shown))
    except FormError:
        return  # said when it is submitted
    if view["submit"]["text"] != (shown.get("submit") or {}).get("text"):
        context.background.start(context.update(body, view))


async def say(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """The sentence that resolves is put into the message, for the person to go on from."""
    await ack()
    view = body["view"]
    shown = incidents.said(view, incident_forms.read_fields(view).message)
    context.background.start(context.update(body, shown))


async def restate(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """*Schedule maintenance* says what its fields now mean: the times in UTC, who drives it."""
    await ack()
    # An update of its own for each of several quick changes would find the form changed.
    work = partial(_restate, context, body)
    context.background.debounce(body["view"]["id"], work, _DEBOUNCE_SECONDS)


async def nothing_to_do(body: Payload, ack: AsyncAck) -> None:
    """A link was clicked; Slack wants to hear that we know."""
    del body
    await ack()


async def search(context: ListenerContext, body: Payload, ack: AsyncAck) -> None:
    """Components with what was typed in their name or group, from the store's snapshot."""
    typed = blocks.cut(fields.typed(body.get("value")), 200)
    pages = await _pages(context, body.get("view") or {})
    found = await context.queries.search(typed, pages, blocks.OPTIONS_LIMIT)
    groups = field_views.component_options(found.components, found.total)
    await (ack(option_groups=groups) if groups else ack(options=[]))


async def _pages(context: ListenerContext, view: Payload) -> Sequence[str]:
    """Return the pages whose components a form can choose from; all when it does not say."""
    incident_id = form_metadata(view).subject_id
    if incident_id and (outlook := await context.queries.outlook(incident_id, None)):
        return [each.page_id for each in outlook.incident.publications]
    return fields.chosen(view, ids.PAGES)


async def _restate(context: ListenerContext, body: Payload) -> None:
    with suppress(FormError):  # said when it is submitted
        form = maintenance_forms.read_schedule(body["view"])
        pages = await context.page_choices()
        await context.update(body, maintenances.restated(body["view"], form, pages))
