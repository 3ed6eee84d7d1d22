"""The history: every month has a page of its own, the newest three have one together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.formatting import month as month_name
from bot.statuspage.served.history_entries import HistoryEntry, history_entries, newest_first
from bot.statuspage.served.html import render

_TOGETHER = 3

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """A month, what began in it (newest first), and its own page."""

    name: str
    path: str
    entries: tuple[HistoryEntry, ...]


def months(state: SiteState) -> list[Month]:
    """Return every month that has a page, the newest first."""
    listed = [_month(one.start) for one in history_entries(state)]
    listed += [_month(component.since) for component in state.site.components]
    newest_month = _month(state.at)
    year, month = min((*listed, newest_month))
    found = []
    while (year, month) <= newest_month:
        found.append((year, month))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 (December)
    return found[::-1]


def month_path(month: Month) -> str:
    """Return the permanent path of a month."""
    return f"/history/{month[0]:04}-{month[1]:02}"


def history(state: SiteState) -> bytes:
    """Return the newest months."""
    known = months(state)
    older = known[_TOGETHER] if len(known) > _TOGETHER else None
    shown = _fill(state, known[:_TOGETHER])
    return _render(state, "History", "/history", shown, older=older)


def month_page(state: SiteState, month: Month) -> bytes:
    """Return the page of a month."""
    known = months(state)
    place = known.index(month)
    return _render(
        state,
        f"History of {_name(month)}",
        month_path(month),
        _fill(state, [month]),
        newer=known[place - 1] if place else None,
        older=known[place + 1] if place + 1 < len(known) else None,
    )


def _render(  # noqa: PLR0913 (what the template takes)
    state: SiteState,
    heading: str,
    here: str,
    shown: list[HistoryMonth],
    *,
    newer: Month | None = None,
    older: Month | None = None,
) -> bytes:
    return render(
        "history.html",
        state,
        here="/history",
        heading=heading,
        path=here,
        months=shown,
        newer=_link(newer),
        older=_link(older),
    )


def _fill(state: SiteState, wanted: Iterable[Month]) -> list[HistoryMonth]:
    found: dict[Month, list[HistoryEntry]] = {month: [] for month in wanted}
    for one in history_entries(state):
        if (month := _month(one.start)) in found:
            found[month].append(one)
    return [
        HistoryMonth(_name(month), month_path(month), tuple(newest_first(listed)))
        for month, listed in found.items()
    ]


def _link(month: Month | None) -> HistoryMonth | None:
    return HistoryMonth(_name(month), month_path(month), ()) if month else None


def _name(month: Month) -> str:
    return month_name(date(*month, 1))


def _month(at: datetime) -> Month:
    at = at.astimezone(UTC)
    return at.year, at.month
