"""Submitted forms: each is kept before Slack has its answer, and nobody waits for a vendor."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.promises import chosen
from bot.domain.submissions import (
    AnySubmission,
    Form,
    Person,
    ReportForm,
    StatusForAll,
    Submission,
    UpdateForm,
)
from bot.errors import FormError, NotAllowed, Overtaken, StoreUnavailable
from bot.slack.context import ListenerContext
from bot.slack.forms import ids
from bot.slack.forms import incidents as incident_forms
from bot.slack.forms import maintenances as maintenance_forms
from bot.slack.forms.fields import shown_problems
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.listeners import incidents, maintenances
from bot.slack.router import Payload, Router
from bot.slack.views import fields, results
from bot.slack.views import incidents as incident_views

_NO_FIRST_STEP = (
    "Foghorn no longer has the first step of this form, so it cannot publish it. Close both steps "
    "and open the form again."
)
_Refusal = FormError | StoreUnavailable


def register(router: Router, context: ListenerContext) -> None:
    """Listen to every form that is submitted."""
    listeners = {
        ids.REPORT: report,
        ids.INCIDENT_UPDATE: incident_update,
        ids.EACH: each,
        ids.PICK: pick,
        ids.SCHEDULE: schedule,
        ids.MAINTENANCE_UPDATE: maintenance_update,
        ids.PICK_MAINTENANCE: pick_maintenance,
    }
    for callback_id, listener in listeners.items():
        router.submissions[callback_id] = partial(_judged, context, listener)


_Submitted = Callable[[ListenerContext, Payload, Person, AsyncAck], Awaitable[None]]
"""What is done with a form that this person has submitted."""


async def _judged(
    context: ListenerContext, listener: _Submitted, body: Payload, ack: AsyncAck
) -> None:
    """Hand a form to its listener if its author may publish and it can be read; else say why."""
    try:
        await listener(context, body, await context.author(body), ack)
    except (NotAllowed, FormError) as error:
        problems = error.fields if isinstance(error, FormError) else {ids.MESSAGE: str(error)}
        await ack(response_action="errors", errors=shown_problems(body["view"], problems))


async def report(context: ListenerContext, body: Payload, author: Person, ack: AsyncAck) -> None:
    """*Report an incident* was submitted."""
    await _first_step(context, body, author, incident_forms.read_report(body["view"]), ack)


async def incident_update(
    context: ListenerContext, body: Payload, author: Person, ack: AsyncAck
) -> None:
    """*Post an update* was submitted."""
    await _first_step(context, body, author, incident_forms.read_update(body["view"]), ack)


async def each(context: ListenerContext, body: Payload, author: Person, ack: AsyncAck) -> None:
    """The second step was submitted: a status for each component."""
    root = form_metadata(body["view"]).root_view_id
    form = await context.queries.step(root)
    if not isinstance(form, ReportForm | UpdateForm):
        raise FormError({ids.MESSAGE: _NO_FIRST_STEP})
    fields = replace(form.fields, each=incident_forms.read_each(body["view"]))
    submission = _submission(body, author, replace(form, fields=fields), root)
    await _keep(context, body, submission, ack)


async def pick(context: ListenerContext, body: Payload, _author: Person, ack: AsyncAck) -> None:
    """One of several open incidents was picked."""
    view = body["view"]
    status = IncidentStatus.RESOLVED if form_metadata(view).resolves else None
    picked = incident_forms.read_picked(view)
    shown = await incidents.update_view(context, picked, status)
    await ack(response_action="update", view=shown)


async def schedule(context: ListenerContext, body: Payload, author: Person, ack: AsyncAck) -> None:
    """*Schedule maintenance* was submitted."""
    view = body["view"]
    context.background.forget(view["id"])
    submission = _submission(body, author, maintenance_forms.read_schedule(view), view["id"])
    if problems := maintenance_forms.schedule_problems(view):
        await _refuse(context, view, submission, problems, ack)
    else:
        await _keep(context, body, submission, ack)


async def maintenance_update(
    context: ListenerContext, body: Payload, author: Person, ack: AsyncAck
) -> None:
    """*Update maintenance* was submitted."""
    view = body["view"]
    form = maintenance_forms.read_update(view)
    await _keep(context, body, _submission(body, author, form, view["id"]), ack)


async def pick_maintenance(
    context: ListenerContext, body: Payload, _author: Person, ack: AsyncAck
) -> None:
    """One of several open maintenances was picked."""
    view = body["view"]
    picked = incident_forms.read_picked(view)
    try:
        shown = await maintenances.update_view(context, picked, form_metadata(view))
    except FormError as error:
        await ack(response_action="errors", errors=_problems(view, error))
    else:
        await ack(response_action="update", view=shown)


async def _refuse(
    context: ListenerContext,
    view: Payload,
    submission: AnySubmission,
    problems: Mapping[str, str],
    ack: AsyncAck,
) -> None:
    """Name what is wrong with the form itself together with what the rules say of it."""
    found = dict(problems)
    try:
        await context.intake.check(submission)
    except FormError as error:
        found = error.fields | found
    except StoreUnavailable:
        pass  # what is wrong is wrong without the store, too
    await _answer(context, view, submission, FormError(found), ack)


async def _first_step(
    context: ListenerContext,
    body: Payload,
    author: Person,
    form: ReportForm | UpdateForm,
    ack: AsyncAck,
) -> None:
    # The times in a text are those of the person's zone.
    fields = replace(form.fields, zone=context.access.zone(author.id))
    form = await _asked_before(context, body["view"]["id"], replace(form, fields=fields))
    submission = _submission(body, author, form, body["view"]["id"])
    asks_each = fields.component_status is StatusForAll.EACH and fields.components
    if asks_each and fields.status is not IncidentStatus.RESOLVED:
        await _ask_each(context, body, submission, form, ack)
    else:
        await _keep(context, body, submission, ack)


async def _asked_before(
    context: ListenerContext, view_id: str, form: ReportForm | UpdateForm
) -> ReportForm | UpdateForm:
    """Return a form that says whether the person was asked about its start, and sent it again."""
    if not isinstance(form, ReportForm) or not form.started:
        return form
    before = await context.queries.step(view_id)
    asked = isinstance(before, ReportForm) and before.started == form.started
    return replace(form, long_ago=asked)


async def _ask_each(
    context: ListenerContext,
    body: Payload,
    submission: AnySubmission,
    form: ReportForm | UpdateForm,
    ack: AsyncAck,
) -> None:
    view, keys = body["view"], form.fields.components
    one_for_all = replace(form.fields, component_status=ComponentStatus.DEGRADED)
    checked = replace(submission, form=replace(form, fields=one_for_all))
    if problems := _too_many(keys):
        await _refuse(context, view, checked, problems, ack)
        return
    try:
        await context.intake.check(checked)
        await context.queries.keep_step(view["id"], form)
    except (FormError, StoreUnavailable) as error:
        await _answer(context, view, submission, error, ack)
        return
    components = await context.queries.components(keys)
    if isinstance(form, UpdateForm) and (
        outlook := await context.queries.outlook(form.incident_id, None)
    ):
        # What an incident does already is where the choice for each starts.
        form = replace(form, fields=replace(form.fields, each=outlook.fields.each))
    first = form_metadata(view)
    metadata = FormMetadata(
        first.channel, first.subject_id, replaces=first.replaces, root_view_id=view["id"]
    )
    second_step = incident_views.each(components, form.fields, metadata)
    await ack(response_action="push", view=second_step)


async def _keep(
    context: ListenerContext, body: Payload, submission: AnySubmission, ack: AsyncAck
) -> None:
    """Keep what was submitted and say so; else leave the form open with what is wrong."""
    form, view = submission.form, body["view"]
    try:
        await context.submit(submission)
    except (FormError, StoreUnavailable) as error:
        await _answer(context, view, submission, error, ack)
        return
    promised = None
    if isinstance(form, ReportForm | UpdateForm):
        promised = chosen(form.fields, context.clock.now())
    await ack(response_action="update", view=results.publishing(promised))
    if root := form_metadata(view).root_view_id:
        # The form beneath must not be sent again.
        context.background.start(context.show(root, results.publishing()))


async def _answer(
    context: ListenerContext,
    view: Payload,
    submission: AnySubmission,
    error: _Refusal,
    ack: AsyncAck,
) -> None:
    """Leave the form open with what is wrong, or lay one over it that is up to date."""
    form, first = submission.form, view["callback_id"] == ids.INCIDENT_UPDATE
    if isinstance(form, ReportForm) and isinstance(error, FormError) and form.started:
        # Sent once more with the same start, it has been asked about.
        with suppress(StoreUnavailable):
            await context.queries.keep_step(view["id"], form)
    # The second step would only show what the first one reads.
    shown = {part["block_id"] for part in view["blocks"]} | {view["callback_id"]}
    asks = ids.EACH not in shown and ids.PAGES not in shown
    if isinstance(error, FormError) and ids.PAGES in error.fields and asks:
        choices = await context.page_choices()
        await ack(response_action="update", view=fields.with_pages(view, choices))
        return
    laid_over = first and form_metadata(view).root_view_id
    if not isinstance(error, Overtaken) or not isinstance(form, UpdateForm) or laid_over:
        await ack(response_action="errors", errors=_problems(view, error))
        return
    root = view["id"] if first else form_metadata(view).root_view_id
    overtake = incidents.Overtake(form.fields, error.by, root)
    resolves = form.fields.status is IncidentStatus.RESOLVED
    status = IncidentStatus.RESOLVED if resolves else None
    fresh = await incidents.update_view(context, form.incident_id, status, overtake)
    # Laid over and not in its place: Slack would keep what was chosen there before.
    await ack(response_action="push" if first else "update", view=fresh)


def _too_many(components: Sequence[str]) -> dict[str, str]:
    if len(components) <= (most := incident_views.EACH_LIMIT):
        return {}
    reason = f"With “Set each” choose at most {most} components, or one status for all."
    return {ids.COMPONENTS: reason}


def _submission(body: Payload, author: Person, form: Form, root_view_id: str) -> AnySubmission:
    """Return the submission; the view that the person started from makes it unique."""
    return Submission(
        key=f"view:{root_view_id}",
        author=author,
        form=form,
        view_id=body["view"]["id"],
        replaces=form_metadata(body["view"]).replaces or None,
    )


def _problems(view: Payload, error: _Refusal) -> dict[str, str]:
    if isinstance(error, FormError):
        return shown_problems(view, error.fields)
    reason = f"{error} Your text is still here: try again in a moment."
    return shown_problems(view, {ids.MESSAGE: reason})
