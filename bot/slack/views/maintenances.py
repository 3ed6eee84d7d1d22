"""The forms about maintenances; their labels are fixed by the manual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import times
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus, Notice, drivers
from bot.domain.maintenances.recurrence import MOST_WINDOWS
from bot.domain.pages import Component
from bot.domain.subjects import Driver, Step
from bot.domain.submissions import MaintenanceUpdateForm, Repeat, Rhythm, ScheduleForm
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields as common
from bot.slack.views import lines, maintenance_messages
from bot.slack.views.fields import PageChoice

_NOTICES = {
    Notice.NOW: "Now",
    Notice.BEFORE: "1 hour before",
    Notice.AT_START: "At start",
    Notice.AT_END: "At end",
}
_RHYTHMS = {Rhythm.WEEKLY: "Every week", Rhythm.MONTHLY: "Every month on this weekday"}
_ONCE = "once"
_PLANNED_TEXT = "What is done, what customers notice while it runs, and whom to ask"
_NEWS_TEXT = "What customers should know now"
_TAKES = {
    Automation.START: ("starts", "start"),
    Automation.START_AND_FINISH: ("starts and finishes", "start and finish"),
}
_SUBMIT = {
    MaintenanceStatus.IN_PROGRESS: "Start",
    MaintenanceStatus.COMPLETED: "Complete",
    MaintenanceStatus.CANCELLED: "Cancel maintenance",
}


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """What the form *Schedule maintenance* is filled with.

    `form` holds what is filled in already, `components` the chosen ones by their keys, `note` a
    line on top of the form.
    """

    pages: Sequence[PageChoice]
    metadata: FormMetadata
    form: ScheduleForm
    components: Mapping[str, Component] = field(default_factory=dict)
    note: str = ""


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


def schedule(state: ScheduleState) -> Block:
    """Return the form *Schedule maintenance*."""
    form = state.form
    parts = [
        *common.note(state.note),
        *common.pages(state.pages, form.pages, dispatch=True),
        blocks.entry(ids.NAME, "Maintenance name", blocks.text_input(form.name)),
        common.message(form.message, _PLANNED_TEXT),
        common.components(state.components),
        _instant(ids.STARTS, "Starts at", form.starts, form.zone),
        _instant(ids.ENDS, "Ends at", form.ends, form.zone),
        _automation(form.automation),
        _notices(form.notices, state.pages),
        *_repeat(form.repeat),
        _where(form, state.pages),
        common.preview_button(),
    ]
    return common.form(ids.SCHEDULE, "Schedule maintenance", parts, state.metadata, "Schedule")


def restated(view: Block, form: ScheduleForm, pages: Sequence[PageChoice]) -> Block:
    """Return an open schedule form as Slack sent it, which says what its fields now mean."""
    where, made = _where(form, pages), common.as_sent(view, "Schedule")
    parts = [where if each.get("block_id") == ids.WHERE else each for each in made["blocks"]]
    return made | {"blocks": parts}


def update(state: MaintenanceUpdateState) -> Block:
    """Return the form *Update maintenance*."""
    maintenance, form = state.maintenance, state.form
    last = blocks.cut_markup(mrkdwn.from_markdown(maintenance.message), 1500)
    window = maintenance_messages.window(maintenance)
    options = [blocks.option(each.label, each.value) for each in state.statuses]
    status = blocks.select(options, form.status.value, state.statuses[0].value)
    ends, hint = blocks.instant_picker(form.ends), common.zone_hint(state.metadata.zone)
    parts = [
        *common.note(state.note),
        common.literal(maintenance.name),
        blocks.section(window),
        *blocks.quote(last),
        blocks.entry(ids.STATUS, "Status", status, dispatch=True),
        common.message(form.message, _NEWS_TEXT),
        blocks.entry(ids.ENDS, "Ends at", ends, hint=hint),
        common.notify(ticked=form.notify),
        blocks.context(common.publishes_to(state.pages), common.ticked_tells(state.pages)),
        common.preview_button(),
    ]
    title, submit = "Update maintenance", submit_label(form.status, state.statuses[0])
    return common.form(ids.MAINTENANCE_UPDATE, title, parts, state.metadata, submit, close="Close")


def submit_label(status: MaintenanceStatus, present: MaintenanceStatus) -> str:
    """Return the button's word: what it does."""
    return "Publish" if status is present else _SUBMIT.get(status, "Publish")


def relabelled(view: Block, status: MaintenanceStatus) -> Block:
    """Return an open update form as Slack sent it, its button named after the chosen status."""
    field = next(each for each in view["blocks"] if each.get("block_id") == ids.STATUS)
    present = MaintenanceStatus(field["element"]["options"][0]["value"])
    return common.as_sent(view, submit_label(status, present))


def pick(maintenances: Sequence[Maintenance], question: str, metadata: FormMetadata) -> Block:
    """Return the question which of several maintenances is meant."""
    choices = [
        (
            (each.name, lines.page_names(each), times.window(each.starts_at, each.ends_at)),
            each.id,
            f"{each.status.label}, {times.window(each.starts_at, each.ends_at)}",
        )
        for each in maintenances
    ]
    return common.pick(ids.PICK_MAINTENANCE, "Choose a maintenance", question, choices, metadata)


def _instant(name: str, label: str, chosen: datetime | None, zone: str) -> Block:
    element = blocks.instant_picker(chosen)
    return blocks.entry(name, label, element, dispatch=True, hint=common.zone_hint(zone))


def _automation(automation: Automation) -> Block:
    options = [blocks.option(each.label, each.value) for each in Automation]
    element = blocks.select(options, automation.value)
    return blocks.entry(ids.AUTOMATION, "Start and finish", element, dispatch=True)


def _notices(notices: Sequence[Notice], pages: Sequence[PageChoice]) -> Block:
    options = [blocks.option(text, notice.value) for notice, text in _NOTICES.items()]
    ticked = [option for option in options if Notice(option["value"]) in notices]
    silent = [each.page.name for each in pages if not each.capabilities.notices_ahead]
    names = blocks.cut(", ".join(silent), 300)
    hint = f"{names}: without reminders of its own, so “1 hour before” is a post of Foghorn's."
    return blocks.entry(
        ids.NOTIFY,
        "Notify subscribers",
        blocks.checkboxes(options, ticked),
        optional=True,
        dispatch=True,
        hint=hint if silent else "",
    )


def _repeat(repeat: Repeat | None) -> list[Block]:
    options = [
        blocks.option("Does not repeat", _ONCE),
        *(blocks.option(text, each.value) for each, text in _RHYTHMS.items()),
    ]
    rhythm = blocks.select(options, repeat.rhythm.value if repeat else _ONCE)
    number = blocks.number_input(repeat.count if repeat else None, 1, MOST_WINDOWS)
    until = blocks.day_picker(repeat.until if repeat else None)
    counted = "In all, the first one counted, if it repeats."
    last = "The last day on which a window may start, if it repeats."
    return [
        blocks.entry(ids.REPEAT, "Repeats", rhythm, optional=True),
        blocks.entry(ids.TIMES, "Number of windows", number, optional=True, hint=counted),
        blocks.entry(ids.UNTIL, "Until", until, optional=True, hint=last),
    ]


def _where(form: ScheduleForm, pages: Sequence[PageChoice]) -> Block:
    """Say where it is published, who drives it, who hears of it, and when it is in UTC."""
    chosen = common.chosen_pages(pages, form.pages)
    when = ""
    if form.starts and form.ends:
        when = lines.both_windows(form.starts, form.ends)
    elif form.starts:
        when = f"From {times.utc(form.starts)} ({blocks.date(form.starts)})"
    made = blocks.context(
        when, common.publishes_to(chosen), _drive(form, chosen), hears(form.notices, chosen)
    )
    return made | {"block_id": ids.WHERE}


def _drive(form: ScheduleForm, chosen: Sequence[PageChoice]) -> str:
    """Say who starts and who finishes it, page by page."""
    if form.automation is Automation.BY_HAND:
        return "Somebody starts and completes it by hand, with the buttons of its message."
    takes, take = _TAKES[form.automation]
    itself = [each for each in chosen if _page_drives(form, each)]
    ours = [each for each in chosen if each not in itself]
    sentences = []
    if itself:
        do = f"{takes} it by itself" if len(itself) == 1 else f"{take} it by themselves"
        sentences.append(f"{common.names(itself)} {do}, and Foghorn looks whether that happened")
    if ours:
        sentences.append(f"{common.names(ours)}: Foghorn {takes} it and posts the update")
    rest = ". Somebody completes it by hand" if form.automation is Automation.START else ""
    return f"{'; '.join(sentences)}{rest}."


def _page_drives(form: ScheduleForm, choice: PageChoice) -> bool:
    found = drivers(form.automation, form.notices, choice.capabilities)
    return found[Step.START] is Driver.PAGE


def hears(notices: Iterable[Notice], chosen: Sequence[PageChoice]) -> str:
    """Say when subscribers hear of it."""
    ticked = [_NOTICES[each].lower() for each in notices]
    if not ticked:
        return "Nobody is told: it is on the page for whoever looks."
    return common.tells(f"Subscribers of the page hear of it: {', '.join(ticked)}.", chosen)
