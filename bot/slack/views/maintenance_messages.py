"""Messages about maintenances: the parent, private lists and answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.domain.maintenances import Maintenance, MaintenanceStatus
from bot.domain.maintenances.series import Recurrence
from bot.domain.parent_messages import ParentMessage
from bot.domain.receipts import ShownComponent
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import Driver, Publication, Step
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import lines, series
from bot.slack.views.lines import Message

_SCHEDULED, _RUNNING = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
_STEPS = {Step.START: "Starts", Step.FINISH: "Finishes"}
_COMING = {_SCHEDULED: (Step.START, Step.FINISH), _RUNNING: (Step.FINISH,)}
_BY = {Driver.HAND: "by hand", Driver.FOGHORN: "Foghorn", Driver.PAGE: "the page"}
_LATE = {Freshness.DUE: "🟠 *{} due* since", Freshness.OVERDUE: "🔴 *{} overdue* since"}
_LISTED = 10
_LISTED_SERIES = 3
_NOTHING_LATE: Mapping[str, Freshness] = MappingProxyType({})
_NAME_LIMIT = 150


def parent(maintenance: Maintenance, message: ParentMessage) -> Message:
    """Return the one message that stands for a maintenance and is edited in place."""
    sign = lines.SIGNS[maintenance.status]
    live = lines.is_live(maintenance)
    state = maintenance.status.label if live else lines.not_live(message)
    pages = lines.pages(maintenance.publications, lines.PAGES_LIMIT)
    parts = [
        blocks.header(f"{sign if live else '⏳'} {maintenance.name}"),
        blocks.section(f"*{state}* · {pages}\n*When:* {window(maintenance)}"),
        *_components(maintenance, message.components),
        *lines.delivery_statuses(message.statuses),
        blocks.context(
            _driven(maintenance),
            _clock(maintenance, message.freshness),
            f"Owner: {blocks.short(maintenance.owner_name)}",
            _place(maintenance, message.series),
        ),
        *_buttons(maintenance, 5),
        *(series.further(message.series, maintenance) if message.series else []),
    ]
    return lines.notification(state, maintenance.name), parts


def listed(
    maintenances: Sequence[Maintenance],
    recurring: Sequence[Recurrence],
    now: datetime,
    late: Mapping[str, Freshness] = _NOTHING_LATE,
) -> Message:
    """Return what runs and what is planned with its buttons, for one person's eyes."""
    if not maintenances and not recurring:
        text = "No maintenance is planned or running. `/maintenance` schedules one."
        return text, [blocks.section(text)]
    shown = maintenances[:_LISTED]
    parts = [block for one in shown for block in summary(one, late.get(one.id))]
    more = "more: `/maintenance update words` finds them by name."
    parts += blocks.and_more(len(maintenances) - len(shown), more)
    for one in recurring[:_LISTED_SERIES]:
        parts += series.coming(one, now)
    parts += blocks.and_more(len(recurring) - _LISTED_SERIES, "more series.")
    return f"{len(maintenances)} planned or running", parts


def summary(maintenance: Maintenance, freshness: Freshness | None) -> list[Block]:
    """Return a maintenance in three lines, and its buttons."""
    sign = lines.SIGNS[maintenance.status]
    name = blocks.short(maintenance.name, _NAME_LIMIT)
    pages = lines.pages(maintenance.publications, blocks.SHORT_LIMIT)
    head = f"{sign} *{name}* · {maintenance.status.label}"
    clock = _clock(maintenance, freshness or Freshness.FRESH)
    return [
        blocks.section(f"{head}\n{window(maintenance)} · {pages}\n{clock}"),
        *_buttons(maintenance, 1),
    ]


def guide(command: str) -> Message:
    """Return what the command can do, in its own name."""
    text = (
        f"*`{command} [name]`* opens the form to schedule maintenance\n"
        f"*`{command} list`* shows what is planned or running\n"
        f"*`{command} update [words]`* posts an update; the words pick the maintenance by its "
        "name\n"
        f"*`{command} start [words]`* starts it now\n"
        f"*`{command} complete [words]`* completes it\n"
        f"*`{command} extend [words] [30m|2h|14:30]`* gives it another end, in your time zone\n"
        f"*`{command} cancel [words]`* cancels it\n"
        "Each opens a form first: nothing is published before you send it."
    )
    return "How to publish maintenances", [blocks.section(text)]


def nothing_matches(name: str, verb: str, typed: str) -> Message:
    """Return that there is nothing to do this to, with a way to schedule what was typed."""
    missing = {
        "start": "is waiting to be started",
        "complete": "is running, so there is nothing to complete",
    }
    state = missing.get(verb, "is planned or running")
    again = blocks.button("Schedule maintenance", ids.OPEN_SCHEDULE, blocks.cut(typed, 1900))
    text = f"No maintenance{lines.in_its_name(name)} {state}."
    return text, blocks.with_button(text, again)


def window(maintenance: Maintenance) -> str:
    """Return when it is planned, and when it really was."""
    one = maintenance
    return lines.real_window(one.starts_at, one.ends_at, one.began_at, one.ended_at)


def _components(maintenance: Maintenance, found: Sequence[ShownComponent]) -> list[Block]:
    """Return the components; their status only while the maintenance is what gives it to them."""
    if maintenance.status is _RUNNING or not found:
        return lines.components(found)
    names = ", ".join(blocks.short(each.name) for each in found)
    return [blocks.section(f"*Components:* {blocks.cut_markup(names, lines.COMPONENTS_LIMIT)}")]


def _driven(maintenance: Maintenance) -> str:
    """Say who takes the steps that are still to come."""
    coming = _COMING.get(maintenance.status, ())
    return " · ".join(
        f"{_STEPS[step]} {_driver(step, maintenance.publications)}" for step in coming
    )


def _driver(step: Step, publications: Sequence[Publication]) -> str:
    drivers = [each.drivers.get(step, Driver.HAND) for each in publications]
    if set(drivers) <= {Driver.HAND}:
        return "by hand"
    if len(set(drivers)) == 1:
        return f"by itself ({_BY[drivers[0]]} does it)"
    each_page = ", ".join(
        f"{blocks.escape(publication.page_name)}: {_BY[driver]}"
        for publication, driver in zip(publications, drivers, strict=True)
    )
    return blocks.cut_markup(f"({each_page})", blocks.SHORT_LIMIT)


def _place(maintenance: Maintenance, recurrence: Recurrence | None) -> str:
    if not recurrence or not recurrence.kept:
        return ""
    return f"Window {maintenance.number} of {recurrence.kept[-1].number}"


def _clock(maintenance: Maintenance, freshness: Freshness) -> str:
    """Say when customers last heard something, and which step is late."""
    heard = lines.last_heard(maintenance)
    if not maintenance.is_open or freshness is Freshness.FRESH:
        return heard
    starts = maintenance.status is _SCHEDULED
    step, at = ("start", maintenance.starts_at) if starts else ("end", maintenance.ends_at)
    return f"{heard} · {_LATE[freshness].format(step)} {blocks.date(at)}"


def _buttons(maintenance: Maintenance, pages: int) -> list[Block]:
    key = maintenance.id
    buttons = lines.view_pages(maintenance.publications, pages)
    step: Block | None = None
    rest: list[tuple[str, str]] = []
    if maintenance.is_open and maintenance.status is _SCHEDULED:
        step = blocks.button("Start now", ids.START_NOW, key, style="primary")
    elif maintenance.is_open and maintenance.status is _RUNNING:
        step = blocks.button("Complete", ids.COMPLETE, key, style="primary")
        rest = [("Turn into incident", ids.TURN)]
    if step:
        update = blocks.button("Post update", ids.POST_UPDATE, key)
        rest = [("Extend", ids.EXTEND), *rest, ("Cancel", ids.CANCEL), *lines.LOOKED_AFTER]
        buttons = [step, update, *buttons, *lines.more(key, *rest)]
    return [blocks.actions(*buttons)] if buttons else []
