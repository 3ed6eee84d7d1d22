"""Everything that the page consists of: each path with its kind, its age and how to make it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.statuspage.dialects import incidentio, instatus, statuspage
from bot.statuspage.dialects.json_values import Json
from bot.statuspage.model.links import path
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served import history, html
from bot.statuspage.served.badge import badge
from bot.statuspage.served.calendar import calendar
from bot.statuspage.served.feeds import atom, rss
from bot.statuspage.served.home import home

Make = Callable[[SiteState], bytes]

HTML = "text/html; charset=utf-8"
_SHORT, _FEED, _CALENDAR, FOR_EVER = 30, 120, 900, 31_536_000


@dataclass(frozen=True, slots=True)
class Item:
    """One thing at one path; `age` is in seconds.

    `shared` lets scripts of other sites read it. `reloads` has browsers load it again while
    something is open, which a page must let its readers stop: `/still` is the same at rest.
    """

    media: str
    make: Make
    age: int = _SHORT
    shared: bool = False
    reloads: bool = False


def _data(shape: Callable[[SiteState], Json]) -> Item:
    def make(state: SiteState) -> bytes:
        text = json.dumps(shape(state), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")

    return Item("application/json; charset=utf-8", make, shared=True)


_RSS = Item("application/rss+xml; charset=utf-8", rss, _FEED, shared=True)
_STYLE = Item("text/css; charset=utf-8", lambda _: html.stylesheet(), FOR_EVER)
_ATOM = Item("application/atom+xml; charset=utf-8", atom, _FEED, shared=True)

ALWAYS: Mapping[str, Item] = {
    "/": Item(HTML, home, reloads=True),
    "/still": Item(HTML, partial(home, still=True)),
    "/history": Item(HTML, history.history),
    **{path: _data(shape) for path, shape in statuspage.PATHS.items()},
    "/api/v1/summary": _data(incidentio.summary),
    "/summary.json": _data(instatus.summary),
    "/feed.rss": _RSS,
    "/history.rss": _RSS,
    "/feed.atom": _ATOM,
    "/history.atom": _ATOM,
    "/calendar.ics": Item("text/calendar; charset=utf-8", calendar, _CALENDAR, shared=True),
    "/badge.svg": Item("image/svg+xml", badge, shared=True),
}
"""What every page has, whatever has happened on it."""


missing_page: Make = partial(html.render, "missing.html", here="")
"""What is shown where nothing is."""


def catalogue(state: SiteState) -> dict[str, Item]:
    """Return everything that there is, by path."""
    site = state.site
    return {
        **ALWAYS,
        html.stylesheet_path(): _STYLE,
        **{
            history.month_path(month): Item(HTML, partial(history.month_page, month=month))
            for month in history.months(state)
        },
        **{path(one): _page("incident.html", incident=one) for one in site.incidents},
        **{path(one): _page("maintenance.html", maintenance=one) for one in site.maintenances},
    }


def _page(template: str, **values: object) -> Item:
    return Item(HTML, lambda state: html.render(template, state, here="", **values))
