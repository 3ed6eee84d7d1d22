"""What the dashboard shows, usually and at the longest."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.dashboard import Dashboard, PageOverview
from bot.domain.pages import Component, Page
from bot.domain.reminders.watches import Freshness
from bot.slack.views import dashboard, lines
from tests.slack.longest import LONG, MANY_PAGES, NAME, SENTENCE
from tests.slack.maintenance_longest import LONG_RUNNING
from tests.slack.maintenance_states import maintenance
from tests.slack.states import API, MAJOR, MONITORING, NOW, OWED, PARTIAL, WEB, Case, incident

SHOP = Page("instatus:shop", "Shop & Co", "https://status.shop.example")
BANK = Page("local:bank", "Bank <b>")
SEEN = PageOverview(SHOP, NOW, 3, [replace(API, status=MAJOR), replace(WEB, status=PARTIAL)])
WELL = PageOverview(BANK, NOW, 2, [])
OPEN = [incident(), incident(id="i2", status=MONITORING), OWED]
LATE = {"i1": Freshness.OVERDUE, "i2": Freshness.DUE, "m1": Freshness.DUE}
LONG_LIST = [Component(f"c{n}", NAME, NAME, MAJOR) for n in range(5000)]
LONG_PAGES = [PageOverview(each.page, NOW, 5000, LONG_LIST) for each in MANY_PAGES]

TYPICAL: Mapping[str, Mapping[str, Case]] = {
    "dashboard.dashboard": {
        "quiet": lambda: dashboard.dashboard(Dashboard([WELL])),
        "no page": lambda: dashboard.dashboard(Dashboard([])),
        "an outage": lambda: dashboard.dashboard(
            Dashboard([SEEN, WELL], OPEN, [maintenance()], LATE)
        ),
    },
    "dashboard.components": {
        "two pages": lambda: dashboard.components(
            [replace(SEEN, shown=[API, *SEEN.shown]), replace(WELL, total=0)]
        ),
        "no page": lambda: dashboard.components([]),
    },
    "dashboard.guide": {"help": lambda: dashboard.guide("/sp-statuspage")},
    "lines.to_read": {
        "an outage": lambda: lines.to_read(
            dashboard.dashboard(Dashboard([SEEN], OPEN[:1])), "Guests <may> not. Ask a member."
        ),
    },
}

LONGEST: Mapping[str, Mapping[str, Case]] = {
    "dashboard.dashboard": {
        "everything": lambda: dashboard.dashboard(
            Dashboard(LONG_PAGES, [LONG] * 60, [LONG_RUNNING] * 60, LATE)
        ),
    },
    "dashboard.components": {
        "everything": lambda: dashboard.components(LONG_PAGES),
        "one page": lambda: dashboard.components(LONG_PAGES[:1]),
    },
    "dashboard.guide": {"help": lambda: dashboard.guide("/" + "s" * 31)},
    "lines.to_read": {
        "everything": lambda: lines.to_read(
            dashboard.dashboard(Dashboard(LONG_PAGES, [LONG] * 60, [LONG_RUNNING] * 60, LATE)),
            SENTENCE,
        ),
    },
}
