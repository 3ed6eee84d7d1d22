"""The history: every month has a page of its own, the newest three have one together."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.formatting import month as month_name
from bot.statuspage.served.history_entries import HistoryEntry, history_entries, newest_first
from bot.statuspage.served.html import render

_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class HistoryMonth:
    """A month, what began in it (newest first), and its own page."""

    name: str
    path: str
    entries: tuple[HistoryEntry, ...]


def months(state: SiteState) -> list[date]:
    """Return the first day of every month that has a page, the newest first."""
    began = [one.start for one in history_entries(state)]
    began += [component.since for component in state.site.components]
    newest = _month(state.at)
    month = min((newest, *map(_month, began)))
    found = []
    while month <= newest:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found[::-1]


def month_path(month: date) -> str:
    return f"/history/{month.year:04}-{month.month:02}"


def history(state: SiteState) -> bytes:
    return _render(state, "History", "/history", 0, _TOGETHER)


def month_page(state: SiteState, month: date) -> bytes:
    heading = f"History of {month_name(month)}"
    return _render(state, heading, month_path(month), months(state).index(month), 1)


def _render(state: SiteState, heading: str, path: str, first: int, many: int) -> bytes:
    """Return a page with `many` months, from the one with this number on."""
    known = months(state)
    shown: dict[date, list[HistoryEntry]] = {month: [] for month in known[first : first + many]}
    for one in history_entries(state):
        if (month := _month(one.start)) in shown:
            shown[month].append(one)
    older = known[first + many :]
    return render(
        "history.html",
        state,
        here="/history",
        heading=heading,
        path=path,
        months=[_history_month(month, *listed) for month, listed in shown.items()],
        newer=_history_month(known[first - 1]) if first else None,
        older=_history_month(older[0]) if older else None,
    )


def _history_month(month: date, *listed: HistoryEntry) -> HistoryMonth:
    return HistoryMonth(month_name(month), month_path(month), tuple(newest_first(listed)))


def _month(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)
