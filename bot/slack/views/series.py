"""Series of maintenances: their coming windows, and the form for another last day."""

from datetime import datetime

from bot.domain import times
from bot.domain.maintenances import recurrence
from bot.domain.maintenances.series import Recurrence, SeriesWindow, WindowState
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields, lines

_SHOWN_WINDOWS = 5
_STATES = {
    WindowState.PLANNED: "not on the page yet",
    WindowState.SCHEDULED: "on the page",
    WindowState.SKIPPED: "skipped",
    WindowState.MISSED: "missed",
}
_ENDED = (
    "No further window is scheduled. Those that are on the page already stay: cancel them one "
    "by one."
)


def coming(series: Recurrence, now: datetime) -> list[Block]:
    """Return the coming windows of a series, with what can be done about them."""
    windows = [
        each
        for each in series.windows
        if each.ends_at > now and each.state is not WindowState.DROPPED
    ]
    shown = windows[:_SHOWN_WINDOWS]
    text = [f"🔁 *{blocks.short(series.name)}* · {blocks.escape(_rhythm(series))}"]
    text += [_line(window, len(series.windows)) for window in shown] or ["No window is to come."]
    following = next((each for each in windows if _can_be_skipped(each, now)), None)
    about = next((each.subject_id for each in series.windows if each.subject_id), None)
    parts = [blocks.section(lines.bulleted(text, len(windows) - len(shown)))]
    if following and not series.ended:
        parts += buttons(series.id, following.number, about or "")
    return parts


def buttons(series_id: str, following: int, about: str = "") -> list[Block]:
    """Return what can be done with a series whose next window has this number.

    `about` is our id of one of its maintenances.
    """
    skipped = (
        f"Window {following} does not take place; if it is on the page already, it is cancelled "
        "there. The others stay as they are."
    )
    sure = blocks.confirmation("Skip the next window?", skipped, "Skip it")
    skip = blocks.button("Skip next", ids.SKIP_NEXT, f"{series_id}:{following}", confirm=sure)
    sure = blocks.confirmation("End the series?", _ENDED, "End it")
    end = blocks.button("End series", ids.END_SERIES, series_id, confirm=sure)
    change = [blocks.button("Change end date", ids.CHANGE_END, about)] if about else []
    return [blocks.actions(skip, end, *change)]


def last_day(series: Recurrence, metadata: FormMetadata) -> Block:
    """Return the form that gives a series another last day."""
    left = [each for each in series.windows if each.state is not WindowState.DROPPED]
    last = max((times.wall_time(each.starts_at, series.form.zone) for each in left), default=None)
    hint = "The last day on which a window may start. It counts."
    until = blocks.day_picker(last.date() if last else None)
    parts = [
        blocks.section(f"*{blocks.short(series.name)}*\n{blocks.escape(_rhythm(series))}"),
        blocks.entry(ids.UNTIL, "Until", until, hint=hint),
    ]
    return fields.form(ids.LAST_DAY, "Change end date", parts, metadata, "Change")


def _can_be_skipped(window: SeriesWindow, now: datetime) -> bool:
    waits = window.state in (WindowState.PLANNED, WindowState.SCHEDULED)
    return waits and window.starts_at > now


def _rhythm(series: Recurrence) -> str:
    return recurrence.in_words(series.rhythm, series.windows[0].starts_at, series.form.zone)


def _line(window: SeriesWindow, total: int) -> str:
    when = lines.both_windows(window.starts_at, window.ends_at)
    return f"• {window.number} of {total}: {when} · {_STATES[window.state]}"
