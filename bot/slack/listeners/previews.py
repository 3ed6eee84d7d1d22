"""The preview of an open form: what customers would see and hear of it as it is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain import times
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.maintenances.recurrence import windows
from bot.domain.pages import Component, ComponentStatus
from bot.domain.reminders.promises import chosen
from bot.domain.submissions import IncidentFields, ScheduleForm, StatusForAll
from bot.errors import FormError
from bot.slack.context import ListenerContext
from bot.slack.forms import ids
from bot.slack.forms import incidents as incident_forms
from bot.slack.forms import maintenances as maintenance_forms
from bot.slack.router import Payload
from bot.slack.views import fields, maintenances, results
from bot.slack.views.fields import PageChoice
from bot.slack.views.results import Preview

_WORKED_ON = "Under maintenance while it runs"


async def show(context: ListenerContext, body: Payload, _value: str) -> None:
    """Show what would be published of the form as it is filled in now."""
    zone = context.access.zone((await context.author(body)).id)
    view = body["view"]
    match view["callback_id"]:
        case ids.REPORT:
            made = await _report(context, view, zone)
        case ids.SCHEDULE:
            made = await _schedule(context, view)
        case ids.MAINTENANCE_UPDATE:
            made = await _maintenance_update(context, view)
        case _:
            made = await _update(context, view, zone)
    await context.push(body, results.preview(made))


async def _report(context: ListenerContext, view: Payload, zone: str) -> Preview:
    form = incident_forms.read_report(view)
    pages = fields.chosen_pages(await context.page_choices(), form.pages)
    found = await context.queries.components(form.fields.components)
    return replace(_incident(context, form.fields, pages, found, {}, zone), name=form.name)


async def _update(context: ListenerContext, view: Payload, zone: str) -> Preview:
    form = incident_forms.read_update(view)
    outlook = await context.queries.outlook(form.incident_id, None)
    if not outlook:
        raise LookupError(form.incident_id)
    left = [key for key in outlook.components if key not in form.fields.components]
    found = await context.queries.components([*form.fields.components, *left])
    pages, before = context.pages_of(outlook.incident), outlook.fields.each
    return _incident(context, form.fields, pages, found, before, zone)


def _incident(  # noqa: PLR0913, PLR0917 -- all that a preview is made of
    context: ListenerContext,
    form: IncidentFields,
    pages: Sequence[PageChoice],
    found: Mapping[str, Component],
    before: Mapping[str, ComponentStatus],
    zone: str,
) -> Preview:
    names = fields.component_names(found)
    becomes = [_becomes(form, key, each, before) for key, each in found.items()]
    return Preview(
        name=None,
        status=form.status.label,
        message=form.message,
        components=list(zip(names, becomes, strict=True)),
        facts=_facts(form.message, pages, notify=form.notify),
        promised=chosen(replace(form, zone=zone), context.clock.now()),
    )


def _becomes(
    form: IncidentFields, key: str, component: Component, before: Mapping[str, ComponentStatus]
) -> str:
    """Say what a component shows then, and what it shows now if that is something else."""
    wanted: ComponentStatus | StatusForAll | None = form.component_status
    if form.status is IncidentStatus.RESOLVED or key not in form.components:
        wanted = ComponentStatus.OPERATIONAL
    elif wanted is StatusForAll.KEEP:
        wanted = before.get(key)
    if not isinstance(wanted, ComponentStatus):
        return "still to be chosen"
    now = component.status
    return wanted.label if wanted is now else f"{wanted.label} (now {now.label})"


async def _schedule(context: ListenerContext, view: Payload) -> Preview:
    form = maintenance_forms.read_schedule(view)
    pages = fields.chosen_pages(await context.page_choices(), form.pages)
    found = await context.queries.components(form.components)
    facts = (
        fields.publishes_to(pages),
        maintenances.hears(form.notices, pages),
        fields.rendering(form.message, pages),
    )
    return Preview(
        name=form.name,
        status=MaintenanceStatus.SCHEDULED.label,
        message=form.message,
        when=_windows(form),
        components=[(name, _WORKED_ON) for name in fields.component_names(found)],
        facts=facts,
    )


def _windows(form: ScheduleForm) -> Sequence[str]:
    """Return every window in UTC, or what is wrong with them."""
    if not form.starts or not form.ends:
        return ()
    if not form.repeat:
        return (times.window(form.starts, form.ends),)
    try:
        found = windows(form.starts, form.ends, form.repeat, form.zone)
    except FormError as error:
        return (str(error),)
    total = len(found)
    return [f"{each.number} of {total}: {times.window(each.starts, each.ends)}" for each in found]


async def _maintenance_update(context: ListenerContext, view: Payload) -> Preview:
    form = maintenance_forms.read_update(view)
    outlook = await context.queries.prospect(form.maintenance_id)
    if not outlook:
        raise LookupError(form.maintenance_id)
    pages = context.pages_of(outlook.maintenance)
    then = _WORKED_ON
    if form.status.is_over:
        then = ComponentStatus.OPERATIONAL.label
    elif form.status is MaintenanceStatus.IN_PROGRESS:
        then = ComponentStatus.UNDER_MAINTENANCE.label
    window = [times.window(outlook.maintenance.starts_at, form.ends)] if form.ends else []
    return Preview(
        name=None,
        status=form.status.label,
        message=form.message,
        when=window,
        components=[(name, then) for name in fields.component_names(outlook.components)],
        facts=_facts(form.message, pages, notify=form.notify),
    )


def _facts(message: str, pages: Sequence[PageChoice], *, notify: bool) -> tuple[str, ...]:
    hears = fields.tells("Subscribers of the page hear of it at once.", pages)
    silent = "Subscribers are not told: it is on the page for whoever looks."
    return (
        fields.publishes_to(pages),
        hears if notify else silent,
        fields.rendering(message, pages),
    )
