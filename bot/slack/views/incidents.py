"""The forms about incidents; their labels are fixed by the manual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from bot.domain import times
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.pages import Component, ComponentStatus
from bot.domain.submissions import IncidentFields, StatusForAll
from bot.domain.texts.names import cut_apart
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.fields import field_name
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields as common
from bot.slack.views import lines
from bot.slack.views.fields import PageChoice

EACH_LIMIT = 90
"""Components that fit into the second step, since a form has at most a hundred blocks."""

STATUSES = [each for each in IncidentStatus if each is not IncidentStatus.UNKNOWN]
_NO_IMPACT = (ComponentStatus.UNDER_MAINTENANCE, ComponentStatus.UNKNOWN)
IMPACTS = [each for each in ComponentStatus if each not in _NO_IMPACT]
_PROMISES = (15, 30, 60, 120, 240, 480, 1440)
"""Minutes until the next update."""
_MILDEST = ComponentStatus.DEGRADED
RESOLVED = "This incident has been resolved."
"""What can be said with one click of an incident that is over."""
_SAYING = {"block_id": ids.SAY}
_BY_STATUS = (ids.SAY, ids.COMPONENT_STATUS, ids.NEXT_UPDATE, ids.RESOLVING)
"""The parts of an update form that only some statuses have."""
_NOTHING_SENT: Mapping[str, Block] = MappingProxyType({})
_RESOLVING = (
    "Resolving makes these components operational again, except those that another incident or a "
    "maintenance still affects."
)
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
    submit = submit_label(fields)
    return common.form(ids.REPORT, "Report an incident", parts, state.metadata, submit)


def update(state: UpdateState) -> Block:
    """Return the form *Post an update*."""
    fields = state.fields
    parts = [
        *common.note(state.note),
        common.literal(state.incident.name),
        *blocks.quote(blocks.cut_markup(mrkdwn.from_markdown(state.incident.message), 1500)),
        _status_field(fields.status, dispatch=True),
        common.message(fields.message, _HOLDING_TEXT),
        common.components(state.components),
        common.notify(ticked=fields.notify),
        _where(state.pages),
        common.preview_button(),
    ]
    parts = _with_what_the_status_asks(parts, fields)
    submit = submit_label(fields)
    return common.form(ids.INCIDENT_UPDATE, "Post an update", parts, state.metadata, submit)


def _with_what_the_status_asks(
    parts: Sequence[Block], fields: IncidentFields, sent: Mapping[str, Block] = _NOTHING_SENT
) -> list[Block]:
    """Return the parts of an update form with those that only some statuses have.

    `sent` are those that stand in the open form already, by their names.
    """
    resolves, made = fields.status is IncidentStatus.RESOLVED, []
    for part in parts:
        made.append(part)
        name = part.get("block_id")
        if _is_message(part) and resolves:
            made.append(blocks.actions(blocks.button(f"Say “{RESOLVED}”", ids.SAY)) | _SAYING)
        elif name == ids.COMPONENTS and resolves:
            made.append(blocks.context(_RESOLVING) | {"block_id": ids.RESOLVING})
        elif name == ids.COMPONENTS:
            keeps = "initial_options" in part["element"]
            field = _component_status_field(fields, IMPACTS, keeps=keeps)
            made.append(sent.get(ids.COMPONENT_STATUS, field))
        elif name == ids.NOTIFY and not resolves:
            made.append(sent.get(ids.NEXT_UPDATE, _promise_field(fields)))
    return made


def submit_label(fields: IncidentFields) -> str:
    """Return the button's word: what it does."""
    if fields.status is IncidentStatus.RESOLVED:
        return "Resolve"
    return "Next" if fields.component_status is StatusForAll.EACH else "Publish"


def restated(view: Block, fields: IncidentFields) -> Block:
    """Return an open form as Slack sent it, with what its status and its button now ask for."""
    made = common.as_sent(view, submit_label(fields))
    if view["callback_id"] == ids.REPORT:
        return made
    sent = {part["block_id"]: part for part in made["blocks"] if part.get("block_id")}
    rest = [part for part in made["blocks"] if part.get("block_id") not in _BY_STATUS]
    if ids.COMPONENT_STATUS not in sent:
        fields = replace(fields, component_status=StatusForAll.KEEP)
    return made | {"blocks": _with_what_the_status_asks(rest, fields, sent)}


def said(view: Block, message: str) -> Block:
    """Return an open update form with the sentence that resolves below what was typed."""
    text = message if RESOLVED in message else f"{message.rstrip()}\n\n{RESOLVED}".lstrip()
    made = common.as_sent(view, view["submit"]["text"])
    parts = [common.with_text(part, text) if _is_message(part) else part for part in made["blocks"]]
    return made | {"blocks": parts}


def _is_message(part: Block) -> bool:
    return field_name(part.get("block_id", "")) == ids.MESSAGE


def each(
    components: Mapping[str, Component], fields: IncidentFields, metadata: FormMetadata
) -> Block:
    """Return the second step: a status for each chosen component."""
    options = _impact_options(IMPACTS)
    labels = cut_apart(common.component_names(components), blocks.INPUT_LABEL_LIMIT)
    parts = [
        blocks.entry(key, label, blocks.select(options, fields.each.get(key, _MILDEST).value))
        for key, label in zip(components, labels, strict=True)
    ]
    return common.form(ids.EACH, "Component status", parts, metadata, "Publish", close="Back")


def pick(incidents: Sequence[Incident], metadata: FormMetadata) -> Block:
    """Return the question which of several open incidents is meant."""
    question = "Which incident is resolved?" if metadata.resolves else "Which incident has news?"
    choices = [
        ((each.name, lines.page_names(each), times.utc(each.started_at)), each.id, _state(each))
        for each in incidents
    ]
    return common.pick(ids.PICK, "Choose an incident", question, choices, metadata)


def _state(incident: Incident) -> str:
    return f"{incident.status.label} since {times.utc(incident.started_at)}"


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
    return blocks.entry(ids.COMPONENT_STATUS, "Component status", element, dispatch=True)


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
