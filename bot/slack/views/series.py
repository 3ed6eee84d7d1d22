"""Series of maintenances: their coming windows, and the form for another last day."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain import times
from bot.domain.maintenances import Maintenance, recurrence
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
    "No further window is scheduled. Those that are on the page and have not begun are cancelled "
    "there; one that runs goes on to its end."
)


def coming(series: Recurrence, now: datetime) -> list[Block]:
    """Return the coming windows of a series, with what can be done about them."""
    windows = [each for each in series.kept if each.ends_at > now]
    name = f"🔁 *{blocks.short(series.name)}* · {blocks.escape(_rhythm(series))}"
    following = next((each for each in windows if _waits(each) and each.starts_at > now), None)
    return [_listed(name, series, windows), *_buttons(series, following)]


def further(series: Recurrence, current: Maintenance) -> list[Block]:
    """Return the windows of a series after the one that its message is about."""
    windows = [each for each in series.kept if each.number > (current.number or 0)]
    if series.ended:
        return []
    name = f"🔁 *Next windows* · {blocks.escape(_rhythm(series))}"
    following = next((each for each in windows if _waits(each)), None)
    return [_listed(name, series, windows), *_buttons(series, following)]


def _listed(head: str, series: Recurrence, windows: Sequence[SeriesWindow]) -> Block:
    shown = windows[:_SHOWN_WINDOWS]
    text = [_line(window, len(series.windows)) for window in shown] or ["No window is to come."]
    return blocks.section(lines.bulleted([head, *text], len(windows) - len(shown)))


def _buttons(series: Recurrence, following: SeriesWindow | None) -> list[Block]:
    """Return what can be done with a series whose next window is `following`."""
    if series.ended:
        return []
    about = next((each.subject_id for each in series.windows if each.subject_id), None)
    sure = blocks.confirmation("End the series?", _ENDED, "End it")
    rest = [blocks.button("End series", ids.END_SERIES, series.id, confirm=sure)]
    if about:
        rest.append(blocks.button("Change end date", ids.CHANGE_END, about))
    return [blocks.actions(*_skip(series, following), *rest)]


def _skip(series: Recurrence, following: SeriesWindow | None) -> list[Block]:
    if not following:
        return []
    skipped = (
        f"Window {following.number} does not take place; if it is on the page already, it is "
        "cancelled there. The others stay as they are."
    )
    sure = blocks.confirmation("Skip the next window?", skipped, "Skip it")
    value = f"{series.id}:{following.number}"
    return [blocks.button("Skip next", ids.SKIP_NEXT, value, confirm=sure)]


def last_day(series: Recurrence, metadata: FormMetadata) -> Block:
    """Return the form that gives a series another last day."""
    starts = (times.wall_time(each.starts_at, series.form.zone) for each in series.kept)
    last = max(starts, default=None)
    hint = (
        "The last day on which a window may start. It counts. Later ones that have not begun are "
        "cancelled, on the page too."
    )
    until = blocks.day_picker(last.date() if last else None)
    parts = [
        blocks.section(f"*{blocks.short(series.name)}*\n{blocks.escape(_rhythm(series))}"),
        blocks.entry(ids.UNTIL, "Until", until, hint=hint),
    ]
    return fields.form(ids.LAST_DAY, "Change end date", parts, metadata, "Change")


def _waits(window: SeriesWindow) -> bool:
    return window.state in (WindowState.PLANNED, WindowState.SCHEDULED)


def _rhythm(series: Recurrence) -> str:
    return recurrence.in_words(series.rhythm, series.windows[0].starts_at, series.form.zone)


def _line(window: SeriesWindow, total: int) -> str:
    when = lines.both_windows(window.starts_at, window.ends_at)
    return f"• {window.number} of {total}: {when} · {_STATES[window.state]}"
