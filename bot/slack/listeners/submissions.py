"""Submitted forms: each is kept before Slack has its answer, and nobody waits for a vendor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from slack_bolt.async_app import AsyncAck

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.promises import chosen
from bot.domain.submissions import (
    AnySubmission,
    Form,
    ReportForm,
    StatusForAll,
    Submission,
    UpdateForm,
)
from bot.errors import FormError, NotAllowed, Overtaken, StoreUnavailable
from bot.slack import payloads
from bot.slack.calls import call
from bot.slack.context import ListenerContext, Payload
from bot.slack.forms import ids, maintenances
from bot.slack.forms import incidents as forms_incidents
from bot.slack.forms.fields import shown_problems
from bot.slack.forms.metadata import FormMetadata, form_metadata
from bot.slack.listeners import incidents
from bot.slack.listeners import maintenances as maintenance_doors
from bot.slack.router import Router
from bot.slack.views import incidents as form_views
from bot.slack.views import results

F = TypeVar("F", ReportForm, UpdateForm)


def register(router: Router, context: ListenerContext) -> None:
    """Listen to every form that is submitted."""
    desk = SubmissionListeners(context)
    router.submissions[ids.REPORT] = desk.report
    router.submissions[ids.INCIDENT_UPDATE] = desk.progress
    router.submissions[ids.EACH] = desk.each
    router.submissions[ids.PICK] = desk.pick
    router.submissions[ids.SCHEDULE] = desk.schedule
    router.submissions[ids.MAINTENANCE_UPDATE] = desk.maintenance_progress
    router.submissions[ids.PICK_MAINTENANCE] = desk.pick_maintenance


class SubmissionListeners:
    """Each method reads a form, asks one service, and answers with one view."""

    def __init__(self, context: ListenerContext) -> None:
        """Take what listeners work with."""
        self._context = context

    async def report(self, body: Payload, ack: AsyncAck) -> None:
        """*Report an incident* was submitted."""
        await self._first_step(
            body, self._placed(body, forms_incidents.read_report(body["view"])), ack
        )

    async def progress(self, body: Payload, ack: AsyncAck) -> None:
        """*Post an update* was submitted."""
        await self._first_step(
            body, self._placed(body, forms_incidents.read_update(body["view"])), ack
        )

    async def each(self, body: Payload, ack: AsyncAck) -> None:
        """The second step was submitted: a status for each component."""
        root = form_metadata(body["view"]).root_view_id
        form = await self._context.queries.step(root)
        if not isinstance(form, ReportForm | UpdateForm):
            raise TypeError(form)
        fields = replace(form.fields, each=forms_incidents.read_each(body["view"]))
        submission = _submission(body, replace(form, fields=fields), root)
        await self._keep_and_cover(body, submission, ack)

    async def _keep_and_cover(
        self, body: Payload, submission: AnySubmission, ack: AsyncAck
    ) -> None:
        """Keep what was submitted, and cover the form beneath, which must not be sent again."""
        root = form_metadata(body["view"]).root_view_id
        if await self._keep(body, submission, ack) and root:
            covered = call(
                self._context.client.views_update, view_id=root, view=results.publishing()
            )
            self._context.background.start(self._context.quietly(covered))

    async def pick(self, body: Payload, ack: AsyncAck) -> None:
        """One of several open incidents was picked."""
        view = body["view"]
        status = IncidentStatus.RESOLVED if form_metadata(view).resolves else None
        await ack(
            response_action="update",
            view=await incidents.update_view(
                self._context, forms_incidents.read_picked(view), status
            ),
        )

    async def schedule(self, body: Payload, ack: AsyncAck) -> None:
        """*Schedule maintenance* was submitted."""
        view = body["view"]
        self._context.background.forget(view["id"])
        submission = _submission(body, maintenances.read_schedule(view), view["id"])
        if problems := maintenances.schedule_problems(view):
            await self._refuse(view, submission, problems, ack)
        else:
            await self._keep(body, submission, ack)

    async def maintenance_progress(self, body: Payload, ack: AsyncAck) -> None:
        """*Update maintenance* was submitted."""
        view = body["view"]
        form = maintenances.read_update(view)
        await self._keep(body, _submission(body, form, view["id"]), ack)

    async def pick_maintenance(self, body: Payload, ack: AsyncAck) -> None:
        """One of several open maintenances was picked."""
        view = body["view"]
        picked = forms_incidents.read_picked(view)
        try:
            shown = await maintenance_doors.update_view(self._context, picked, form_metadata(view))
        except FormError as error:
            await ack(response_action="errors", errors=_problems(view, error))
        else:
            await ack(response_action="update", view=shown)

    async def _refuse(
        self, view: Payload, submission: AnySubmission, problems: Mapping[str, str], ack: AsyncAck
    ) -> None:
        """Name what is wrong with the form itself together with what the rules say of it."""
        found = dict(problems)
        try:
            await self._context.intake.check(submission)
        except FormError as error:
            found = error.fields | found
        except StoreUnavailable:
            pass  # what is wrong is wrong without the store, too
        await ack(response_action="errors", errors=_problems(view, FormError(found)))

    def _placed(self, body: Payload, form: F) -> F:
        """Say in which zone the times are that stand in a text."""
        zone = self._context.access.zone(payloads.person(body).id)
        return replace(form, fields=replace(form.fields, zone=zone))

    async def _first_step(
        self, body: Payload, form: ReportForm | UpdateForm, ack: AsyncAck
    ) -> None:
        submission = _submission(body, form, body["view"]["id"])
        fields = form.fields
        asks_each = fields.component_status is StatusForAll.EACH and fields.components
        if asks_each and fields.status is not IncidentStatus.RESOLVED:
            await self._ask_each(body, submission, form, ack)
        else:
            await self._keep_and_cover(body, submission, ack)

    async def _ask_each(
        self, body: Payload, submission: AnySubmission, form: ReportForm | UpdateForm, ack: AsyncAck
    ) -> None:
        view = body["view"]
        one_for_all = replace(form.fields, component_status=ComponentStatus.DEGRADED)
        try:
            _check_few(form.fields.components)
            await self._context.intake.check(
                replace(submission, form=replace(form, fields=one_for_all))
            )
            await self._context.queries.keep_step(view["id"], form)
        except (FormError, StoreUnavailable) as error:
            await self._answer(view, submission, error, ack)
            return
        components = await self._context.queries.components(form.fields.components)
        metadata = FormMetadata(
            channel=form_metadata(view).channel,
            subject_id=form_metadata(view).subject_id,
            replaces=form_metadata(view).replaces,
            root_view_id=view["id"],
        )
        await ack(response_action="push", view=form_views.each(components, form.fields, metadata))

    async def _keep(self, body: Payload, submission: AnySubmission, ack: AsyncAck) -> bool:
        """Keep what was submitted and say so; else leave the form open with what is wrong."""
        try:
            self._context.access.judge(submission.author.id)
            await self._context.intake.submit(submission)
        except (FormError, StoreUnavailable, NotAllowed) as error:
            await self._answer(body["view"], submission, error, ack)
            return False
        await ack(response_action="update", view=results.publishing(self._promise(submission)))
        return True

    async def _answer(
        self,
        view: Payload,
        submission: AnySubmission,
        error: FormError | StoreUnavailable | NotAllowed,
        ack: AsyncAck,
    ) -> None:
        """Leave the form open with what is wrong, or lay one over it that is up to date."""
        form, first = submission.form, view["callback_id"] == ids.INCIDENT_UPDATE
        laid_over = first and form_metadata(view).root_view_id
        if not isinstance(error, Overtaken) or not isinstance(form, UpdateForm) or laid_over:
            await ack(response_action="errors", errors=_problems(view, error))
            return
        root = view["id"] if first else form_metadata(view).root_view_id
        overtake = incidents.Overtake(form.fields, error.by, root)
        resolves = form.fields.status is IncidentStatus.RESOLVED
        status = IncidentStatus.RESOLVED if resolves else None
        fresh = await incidents.update_view(self._context, form.incident_id, status, overtake)
        # Laid over and not in its place: Slack would keep what was chosen there before.
        await ack(response_action="push" if first else "update", view=fresh)

    def _promise(self, submission: AnySubmission) -> datetime | None:
        form = submission.form
        if not isinstance(form, ReportForm | UpdateForm):
            return None
        return chosen(form.fields, self._context.clock.now())


def _check_few(components: Sequence[str]) -> None:
    if len(components) > (most := form_views.EACH_LIMIT):
        reason = f"With “Set each” choose at most {most} components, or one status for all."
        raise FormError({ids.COMPONENTS: reason})


def _submission(body: Payload, form: Form, root_view_id: str) -> AnySubmission:
    """Return the submission; the view that the person started from makes it unique."""
    return Submission(
        key=f"view:{root_view_id}",
        author=payloads.person(body),
        form=form,
        view_id=body["view"]["id"],
        replaces=form_metadata(body["view"]).replaces or None,
    )


def _problems(view: Payload, error: FormError | StoreUnavailable | NotAllowed) -> dict[str, str]:
    if isinstance(error, FormError):
        return shown_problems(view, error.fields)
    kept = (
        " Your text is still here: try again in a moment."
        if isinstance(error, StoreUnavailable)
        else ""
    )
    return shown_problems(view, {ids.MESSAGE: f"{error}{kept}"})
