"""The form *Schedule maintenance*; its labels are fixed by the manual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.maintenances import Automation, Notice, drivers
from bot.domain.maintenances.recurrence import MOST_WINDOWS
from bot.domain.pages import Component
from bot.domain.subjects import Driver, Step
from bot.domain.submissions import Repeat, Rhythm, ScheduleForm
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields as common
from bot.slack.views import words
from bot.slack.views.fields import PageChoice

NOTICES = {
    Notice.NOW: "Now",
    Notice.BEFORE: "1 hour before",
    Notice.AT_START: "At start",
    Notice.AT_END: "At end",
}
RHYTHMS = {Rhythm.WEEKLY: "Every week", Rhythm.MONTHLY: "Every month on this weekday"}
ONCE = "once"
_PLANNED_TEXT = "What is done, what customers notice while it runs, and whom to ask"
_TAKES = {
    Automation.START: ("starts", "start"),
    Automation.START_AND_FINISH: ("starts and finishes", "start and finish"),
}


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """What the form *Schedule maintenance* is filled with.

    `form` holds what is said already, `components` the chosen ones by their keys, `note` a line on
    top of the form.
    """

    pages: Sequence[PageChoice]
    metadata: FormMetadata
    form: ScheduleForm
    components: Mapping[str, Component] = field(default_factory=dict)
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
        blocks.actions(blocks.button("Preview", ids.PREVIEW)),
    ]
    return blocks.modal(
        ids.SCHEDULE,
        "Schedule maintenance",
        parts,
        submit="Schedule",
        metadata=state.metadata.dump(),
    )


def restated(view: Block, form: ScheduleForm, pages: Sequence[PageChoice]) -> Block:
    """Return an open schedule form as Slack sent it, which says what its fields now mean."""
    where = _where(form, pages)
    parts = [where if each.get("block_id") == ids.WHERE else each for each in view["blocks"]]
    return blocks.as_sent(view) | {"blocks": parts, "submit": blocks.plain("Schedule", 24)}


def _instant(name: str, label: str, chosen: datetime | None, zone: str) -> Block:
    hint = common.zone_hint(zone)
    element = blocks.instant_picker(chosen)
    return blocks.entry(name, label, element, hint=hint, dispatch_action=True)


def _automation(automation: Automation) -> Block:
    options = [blocks.option(each.label, each.value) for each in Automation]
    element = blocks.select(options, words.chosen(options, automation.value))
    return blocks.entry(ids.AUTOMATION, "Start and finish", element, dispatch_action=True)


def _notices(notices: Sequence[Notice], pages: Sequence[PageChoice]) -> Block:
    options = [blocks.option(text, notice.value) for notice, text in NOTICES.items()]
    ticked = [option for option in options if Notice(option["value"]) in notices]
    element = blocks.checkboxes(options, ticked)
    more: Block = {"dispatch_action": True}
    if silent := [each for each in pages if not each.capabilities.notices_ahead]:
        names = blocks.cut(", ".join(each.page.name for each in silent), 300)
        text = f"{names}: without reminders of its own, so “1 hour before” is a post of Foghorn's."
        more["hint"] = blocks.plain(text, 2000)
    return blocks.entry(ids.NOTIFY, "Notify subscribers", element, optional=True, **more)


def _repeat(repeat: Repeat | None) -> list[Block]:
    once = blocks.option("Does not repeat", ONCE)
    options = [once, *(blocks.option(text, each.value) for each, text in RHYTHMS.items())]
    chosen = words.chosen(options, repeat.rhythm.value) if repeat else once
    count, until = (repeat.count, repeat.until) if repeat else (None, None)
    number = blocks.number_input(count, 1, MOST_WINDOWS)
    hint = blocks.plain("The last day on which a window may start, if it repeats.", 2000)
    return [
        blocks.entry(ids.REPEAT, "Repeats", blocks.select(options, chosen), optional=True),
        blocks.entry(
            ids.TIMES,
            "Number of windows",
            number,
            optional=True,
            hint=blocks.plain("In all, the first one counted, if it repeats.", 2000),
        ),
        blocks.entry(ids.UNTIL, "Until", blocks.day_picker(until), optional=True, hint=hint),
    ]


def _where(form: ScheduleForm, pages: Sequence[PageChoice]) -> Block:
    """Say where it is published, who drives it, who hears of it, and when it is in UTC."""
    chosen = common.chosen_pages(pages, form.pages)
    when = ""
    if form.starts and form.ends:
        when = words.both_windows(form.starts, form.ends)
    elif form.starts:
        when = f"From {form.starts:%Y-%m-%d %H:%M} UTC ({blocks.date(form.starts)})"
    made = blocks.context(
        when,
        common.publishes_to(chosen),
        _drive(form, chosen),
        _hears(form.notices, chosen),
    )
    return made | {"block_id": ids.WHERE}


def _drive(form: ScheduleForm, chosen: Sequence[PageChoice]) -> str:
    """Say who starts and who finishes it, page by page."""
    if form.automation is Automation.BY_HAND:
        return "Somebody starts and completes it by hand, with the buttons of its message."
    takes, take = _TAKES[form.automation]
    itself = [each for each in chosen if _page_drives(form, each)]
    ours = [each for each in chosen if each not in itself]
    said = []
    if itself:
        do = f"{takes} it by itself" if len(itself) == 1 else f"{take} it by themselves"
        said.append(f"{common.names(itself)} {do}, and Foghorn looks whether that happened")
    if ours:
        said.append(f"{common.names(ours)}: Foghorn {takes} it and posts the update")
    rest = ". Somebody completes it by hand" if form.automation is Automation.START else ""
    return f"{'; '.join(said)}{rest}."


def _page_drives(form: ScheduleForm, choice: PageChoice) -> bool:
    found = drivers(form.automation, form.notices, choice.capabilities)
    return found[Step.START] is Driver.PAGE


def _hears(notices: Iterable[Notice], chosen: Sequence[PageChoice]) -> str:
    """Say when subscribers hear of it."""
    ticked = [NOTICES[each].lower() for each in notices]
    if not ticked:
        return "Nobody is told: it is on the page for whoever looks."
    return f"Subscribers of the page hear of it: {', '.join(ticked)}.{common.capped(chosen)}"
