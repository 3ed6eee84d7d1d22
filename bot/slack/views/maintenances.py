"""The form *Update maintenance*, whose labels are fixed by the manual, and the choice of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.submissions import MaintenanceUpdateForm
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields as common
from bot.slack.views import words
from bot.slack.views.fields import PageChoice

_NEWS_TEXT = "What customers should know now"
_TOLD = "With “Notify subscribers” ticked, subscribers of the page hear of it at once."
_BUTTONS = {
    MaintenanceStatus.IN_PROGRESS: "Start",
    MaintenanceStatus.COMPLETED: "Complete",
    MaintenanceStatus.CANCELLED: "Cancel maintenance",
}


@dataclass(frozen=True, slots=True)
class MaintenanceUpdateState:
    """What the form *Update maintenance* is filled with.

    `statuses` are those it can have, the present one first.
    """

    maintenance: Maintenance
    metadata: FormMetadata
    form: MaintenanceUpdateForm
    statuses: Sequence[MaintenanceStatus]
    pages: Sequence[PageChoice]
    note: str = ""


def update(state: MaintenanceUpdateState) -> Block:
    """Return the form *Update maintenance*."""
    maintenance, form = state.maintenance, state.form
    last = blocks.cut_markup(mrkdwn.from_markdown(maintenance.message), 1500)
    window = words.both_windows(maintenance.starts_at, maintenance.ends_at)
    options = [blocks.option(each.label, each.value) for each in state.statuses]
    hint = common.zone_hint(state.metadata.zone)
    parts = [
        *common.note(state.note),
        blocks.section(f"*{blocks.escape(maintenance.name)}*\n{window}"),
        *blocks.quote(last),
        blocks.entry(
            ids.STATUS,
            "Status",
            blocks.select(options, words.chosen(options, form.status.value) or options[0]),
            dispatch_action=True,
        ),
        common.message(form.message, _NEWS_TEXT),
        blocks.entry(ids.ENDS, "Ends at", blocks.instant_picker(form.ends), hint=hint),
        common.notify(ticked=form.notify),
        blocks.context(common.publishes_to(state.pages), _TOLD + common.capped(state.pages)),
        blocks.actions(blocks.button("Preview", ids.PREVIEW)),
    ]
    return blocks.modal(
        ids.MAINTENANCE_UPDATE,
        "Update maintenance",
        parts,
        submit=submit_label(form.status, state.statuses[0]),
        close="Close",
        metadata=state.metadata.dump(),
    )


def submit_label(status: MaintenanceStatus, present: MaintenanceStatus) -> str:
    """Return the button's word: what it does."""
    return "Publish" if status is present else _BUTTONS.get(status, "Publish")


def relabelled(view: Block, status: MaintenanceStatus) -> Block:
    """Return an open update form as Slack sent it, its button named after the chosen status."""
    field = next(each for each in view["blocks"] if each.get("block_id") == ids.STATUS)
    present = MaintenanceStatus(field["element"]["options"][0]["value"])
    label = submit_label(status, present)
    return blocks.as_sent(view) | {"submit": blocks.plain(label, 24)}


def pick(maintenances: Sequence[Maintenance], question: str, metadata: FormMetadata) -> Block:
    """Return the question which of several maintenances is meant."""
    options = [
        blocks.option(
            each.name,
            each.id,
            f"{each.status.label}, {words.window(each.starts_at, each.ends_at)}",
        )
        for each in maintenances[: blocks.OPTIONS_LIMIT]
    ]
    parts = [blocks.entry(ids.PICKED, question, blocks.select(options, options[0]))]
    if len(maintenances) > len(options):
        rest = f"And {len(maintenances) - len(options)} more: say words of its name in the command."
        parts.append(blocks.context(rest))
    return blocks.modal(
        ids.PICK_MAINTENANCE,
        "Choose a maintenance",
        parts,
        submit="Next",
        metadata=metadata.dump(),
    )
