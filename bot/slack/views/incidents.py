"""The forms about incidents; their labels are fixed by the manual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.pages import Component, ComponentStatus
from bot.domain.submissions import IncidentFields, StatusForAll
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields as common
from bot.slack.views.fields import PageChoice

EACH_LIMIT = 90
"""Components that fit into the second step, since a form has at most a hundred blocks."""

STATUSES = [each for each in IncidentStatus if each is not IncidentStatus.UNKNOWN]
_NO_IMPACT = (ComponentStatus.UNDER_MAINTENANCE, ComponentStatus.UNKNOWN)
IMPACTS = [each for each in ComponentStatus if each not in _NO_IMPACT]
_PROMISES = (15, 30, 60, 120, 240, 480, 1440)
"""Minutes until the next update."""
_MILDEST = ComponentStatus.DEGRADED
_HOLDING_TEXT = "What customers notice, since when, and when they will hear from us again"


@dataclass(frozen=True, slots=True)
class ReportState:
    """What the form *Report an incident* is filled with.

    `components` are the chosen ones by their keys, `note` a line on top of the form.
    """

    pages: Sequence[PageChoice]
    metadata: FormMetadata
    name: str = ""
    fields: IncidentFields | None = None
    chosen_pages: Sequence[str] = ()
    components: Mapping[str, Component] = field(default_factory=dict)
    started: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class UpdateState:
    """What the form *Post an update* is filled with; `fields` holds the likely next choices."""

    incident: Incident
    metadata: FormMetadata
    fields: IncidentFields
    pages: Sequence[PageChoice]
    components: Mapping[str, Component] = field(default_factory=dict)
    note: str = ""


def report(state: ReportState) -> Block:
    """Return the form *Report an incident*."""
    fields = state.fields or IncidentFields(IncidentStatus.INVESTIGATING, "")
    parts = [
        *common.note(state.note),
        *common.pages(state.pages, state.chosen_pages),
        blocks.entry(ids.NAME, "Incident name", blocks.text_input(state.name)),
        _status_field(fields.status),
        common.message(fields.message, _HOLDING_TEXT),
        common.components(state.components),
        _component_status_field(fields, IMPACTS[1:]),
        common.notify(ticked=fields.notify),
        _started_field(state),
        _promise_field(fields),
        _where(state.pages),
        common.preview_button(),
    ]
    return common.form(ids.REPORT, "Report an incident", parts, state.metadata, "Publish")


def update(state: UpdateState) -> Block:
    """Return the form *Post an update*."""
    fields = state.fields
    parts = [
        *common.note(state.note),
        blocks.section(f"*{blocks.escape(state.incident.name)}*"),
        *blocks.quote(blocks.cut_markup(mrkdwn.from_markdown(state.incident.message), 1500)),
        _status_field(fields.status, dispatch=True),
        common.message(fields.message, _HOLDING_TEXT),
        common.components(state.components),
        _component_status_field(fields, IMPACTS, keeps=len(state.components) > 0),
        common.notify(ticked=fields.notify),
        _promise_field(fields),
        _where(state.pages),
        common.preview_button(),
    ]
    submit = submit_label(fields.status)
    return common.form(ids.INCIDENT_UPDATE, "Post an update", parts, state.metadata, submit)


def submit_label(status: IncidentStatus) -> str:
    """Return the button's word: what it does."""
    return "Resolve" if status is IncidentStatus.RESOLVED else "Publish"


def relabelled(view: Block, status: IncidentStatus) -> Block:
    """Return an open update form as Slack sent it, its button named after the chosen status."""
    return blocks.as_sent(view, submit_label(status))


def each(
    components: Mapping[str, Component], fields: IncidentFields, metadata: FormMetadata
) -> Block:
    """Return the second step: a status for each chosen component."""
    options = _impact_options(IMPACTS)
    parts = [
        blocks.entry(
            key,
            f"{component.name} · {component.group}" if component.group else component.name,
            blocks.select(options, fields.each.get(key, _MILDEST).value),
        )
        for key, component in components.items()
    ]
    return common.form(ids.EACH, "Component status", parts, metadata, "Publish", close="Back")


def pick(incidents: Sequence[Incident], metadata: FormMetadata) -> Block:
    """Return the question which of several open incidents is meant."""
    question = "Which incident is resolved?" if metadata.resolves else "Which incident has news?"
    choices = [(incident.name, incident.id, incident.status.label) for incident in incidents]
    return common.pick(ids.PICK, "Choose an incident", question, choices, metadata)


def _status_field(status: IncidentStatus, *, dispatch: bool = False) -> Block:
    options = [blocks.option(each.label, each.value) for each in STATUSES]
    element = blocks.select(options, status.value)
    return blocks.entry(ids.STATUS, "Status", element, dispatch=dispatch)


def _impact_options(impacts: Sequence[ComponentStatus]) -> list[Block]:
    return [blocks.option(impact.label, impact.value) for impact in impacts]


def _component_status_field(
    fields: IncidentFields, impacts: Sequence[ComponentStatus], *, keeps: bool = False
) -> Block:
    options = [
        *([blocks.option("As on the page now", StatusForAll.KEEP.value)] if keeps else []),
        *_impact_options(impacts),
        blocks.option("Set each…", StatusForAll.EACH.value),
    ]
    # What a kept form chose may be no choice any more, and a field that is empty stops it.
    element = blocks.select(options, fields.component_status.value, _MILDEST.value)
    return blocks.entry(ids.COMPONENT_STATUS, "Component status", element)


def _started_field(state: ReportState) -> Block:
    fixed = [each.page.name for each in state.pages if not each.capabilities.backdates]
    names = blocks.cut(", ".join(fixed), 200)
    hint = f"{names}: always shows the time of publishing." if fixed else ""
    element = blocks.instant_picker(state.started)
    return blocks.entry(ids.STARTED, "Started at", element, optional=True, hint=hint)


def _promise_field(fields: IncidentFields) -> Block:
    options = [
        blocks.option("As the message says, else as usual", ids.BY_TEXT),
        blocks.option("As usual for this status", ids.AS_USUAL),
        *(blocks.option(_span(minutes), str(minutes)) for minutes in _PROMISES),
    ]
    unnamed = ids.BY_TEXT if fields.by_text else ids.AS_USUAL
    element = blocks.select(options, str(fields.next_update or unnamed), ids.BY_TEXT)
    return blocks.entry(ids.NEXT_UPDATE, "Next update in", element)


def _span(minutes: int) -> str:
    if minutes < 60:  # noqa: PLR2004 -- minutes of an hour
        return f"{minutes} minutes"
    hours = minutes // 60
    return "1 hour" if hours == 1 else f"{hours} hours"


def _where(pages: Sequence[PageChoice]) -> Block:
    """Say where it will be published and who hears of it."""
    return blocks.context(common.publishes(pages), common.ticked_tells(pages))
