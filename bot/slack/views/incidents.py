"""The forms *Report an incident* and *Post an update*; their labels are fixed by the manual."""

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
from bot.slack.views import words
from bot.slack.views.fields import PageChoice

EACH_LIMIT = 90
"""Components that fit into the second step, since a form has at most a hundred blocks."""

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
        _component_status_field(fields, words.IMPACTS[1:]),
        common.notify(ticked=fields.notify),
        _started_field(state),
        _promise_field(fields),
        _where(state.pages),
        blocks.actions(blocks.button("Preview", ids.PREVIEW)),
    ]
    return blocks.modal(
        ids.REPORT, "Report an incident", parts, submit="Publish", metadata=state.metadata.dump()
    )


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
        _component_status_field(fields, words.IMPACTS, keeps=len(state.components) > 0),
        common.notify(ticked=fields.notify),
        _promise_field(fields),
        _where(state.pages),
        blocks.actions(blocks.button("Preview", ids.PREVIEW)),
    ]
    return blocks.modal(
        ids.INCIDENT_UPDATE,
        "Post an update",
        parts,
        submit=submit_label(fields.status),
        metadata=state.metadata.dump(),
    )


def submit_label(status: IncidentStatus) -> str:
    """Return the button's word: what it does."""
    return "Resolve" if status is IncidentStatus.RESOLVED else "Publish"


def relabelled(view: Block, status: IncidentStatus) -> Block:
    """Return an open update form as Slack sent it, its button named after the chosen status."""
    return blocks.as_sent(view) | {"submit": blocks.plain(submit_label(status), 24)}


def each(
    components: Mapping[str, Component], fields: IncidentFields, metadata: FormMetadata
) -> Block:
    """Return the second step: a status for each chosen component."""
    options = words.impact_options()
    parts = [
        blocks.entry(
            key,
            f"{component.name} · {component.group}" if component.group else component.name,
            blocks.select(options, words.chosen(options, fields.each.get(key, _MILDEST).value)),
        )
        for key, component in components.items()
    ]
    return blocks.modal(
        ids.EACH,
        "Component status",
        parts,
        submit="Publish",
        close="Back",
        metadata=metadata.dump(),
    )


def pick(incidents: Sequence[Incident], metadata: FormMetadata) -> Block:
    """Return the question which of several open incidents is meant."""
    options = [
        blocks.option(incident.name, incident.id, incident.status.label)
        for incident in incidents[: blocks.OPTIONS_LIMIT]
    ]
    question = "Which incident is resolved?" if metadata.resolves else "Which incident has news?"
    parts = [blocks.entry(ids.PICKED, question, blocks.select(options, options[0]))]
    if len(incidents) > len(options):
        rest = f"And {len(incidents) - len(options)} more: say words of its name in the command."
        parts.append(blocks.context(rest))
    return blocks.modal(
        ids.PICK,
        "Choose an incident",
        parts,
        submit="Next",
        metadata=metadata.dump(),
    )


def _status_field(status: IncidentStatus, *, dispatch: bool = False) -> Block:
    options = words.status_options()
    element = blocks.select(options, words.chosen(options, status.value))
    more = {"dispatch_action": True} if dispatch else {}
    return blocks.entry(ids.STATUS, "Status", element, **more)


def _component_status_field(
    fields: IncidentFields, impacts: Sequence[ComponentStatus], *, keeps: bool = False
) -> Block:
    options = [
        *([blocks.option("As on the page now", StatusForAll.KEEP.value)] if keeps else []),
        *words.impact_options(impacts),
        blocks.option("Set each…", StatusForAll.EACH.value),
    ]
    # What a kept form chose may be no choice any more, and a field that is empty stops it.
    chosen = words.chosen(options, fields.component_status.value)
    element = blocks.select(options, chosen or words.chosen(options, _MILDEST.value))
    return blocks.entry(ids.COMPONENT_STATUS, "Component status", element)


def _started_field(state: ReportState) -> Block:
    fixed = [each.page.name for each in state.pages if not each.capabilities.backdates]
    more = {}
    if fixed:
        names = blocks.cut(", ".join(fixed), 200)
        more["hint"] = blocks.plain(f"{names}: always shows the time of publishing.", 2000)
    element = blocks.instant_picker(state.started)
    return blocks.entry(ids.STARTED, "Started at", element, optional=True, **more)


def _promise_field(fields: IncidentFields) -> Block:
    options = words.promise_options()
    unnamed = ids.BY_TEXT if fields.by_text else ids.AS_USUAL
    wanted = unnamed if fields.next_update is None else str(fields.next_update)
    element = blocks.select(options, words.chosen(options, wanted) or options[0])
    return blocks.entry(ids.NEXT_UPDATE, "Next update in", element)


def _where(pages: Sequence[PageChoice]) -> Block:
    """Say where it will be published and who hears of it."""
    notice = "With “Notify subscribers” ticked, subscribers of the page hear of it at once."
    return blocks.context(common.publishes(pages), notice + common.capped(pages))
