from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.incidents import IncidentStatus, PageIncident, Update
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import ReadBack, differences

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
INVESTIGATING, MONITORING = IncidentStatus.INVESTIGATING, IncidentStatus.MONITORING
MAJOR, DEGRADED = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.DEGRADED
WANTED = ReadBack(
    "Checkout is down",
    MONITORING,
    "A fix is live.",
    {"c1": MAJOR, "c2": DEGRADED},
    notified=True,
    author="Ann",
    published_at=NOW,
)


def page(
    name: str = "Checkout is down",
    updates: tuple[tuple[IncidentStatus, str], ...] = ((MONITORING, "A fix is live."),),
    **shown: ComponentStatus,
) -> PageIncident:
    listed = tuple(Update(f"u{n}", *update, NOW) for n, update in enumerate(updates))
    return PageIncident("r1", name, MONITORING, NOW, listed, shown=shown)


def found(
    shown: PageIncident, expected: dict[str, ComponentStatus] | None = None
) -> tuple[str, ...]:
    return differences(WANTED, shown, expected or {}, {"c1": "API"})


def test_a_page_that_says_what_was_wanted_does_not_differ() -> None:
    expected = {"c1": MAJOR, "c2": DEGRADED}
    assert found(page(c1=MAJOR, c2=DEGRADED), expected) == ()


@pytest.mark.parametrize(
    "updates",
    [
        ((INVESTIGATING, "We look."), (MONITORING, "\n A fix is live. \n")),
        ((INVESTIGATING, "A fix is live."), (MONITORING, "A fix is live.")),
        ((MONITORING, "A fix is live."), (IncidentStatus.RESOLVED, "All is well.")),
        ((MONITORING, "A fix is live.  \r\n"),),
    ],
    ids=["spaces around", "same words twice", "somebody went on", "other ends of lines"],
)
def test_what_was_wanted_may_stand_among_other_updates(
    updates: tuple[tuple[IncidentStatus, str], ...],
) -> None:
    assert found(page(updates=updates)) == ()


def test_a_page_that_puts_letters_together_does_not_differ() -> None:
    wanted = replace(WANTED, name="Zu\u0308rich", message="Zu\u0308rich\nis slow.")
    shown = page("Zürich", ((MONITORING, "Zürich \r\nis slow."),))
    assert differences(wanted, shown, {}, {}) == ()


def test_each_thing_that_differs_is_said() -> None:
    shown = page("Checkout", ((INVESTIGATING, "A fix is live."),), c1=DEGRADED, c2=MAJOR)
    assert found(shown, {"c1": MAJOR, "c2": DEGRADED}) == (
        "The name on the page is “Checkout”, not “Checkout is down”.",
        "The update stands as Investigating, not Monitoring.",
        "API shows Degraded performance, not Major outage.",
        "c2 shows Major outage, not Degraded performance.",
    )


@pytest.mark.parametrize("updates", [(), ((MONITORING, "A fix is alive."),)])
def test_a_message_that_is_not_there_is_said(
    updates: tuple[tuple[IncidentStatus, str], ...],
) -> None:
    missing = "The message is not among the updates that the page shows."
    assert found(page(updates=updates)) == (missing,)


def test_a_component_that_the_page_does_not_show_is_no_difference() -> None:
    assert found(page(c3=MAJOR), {"c1": MAJOR}) == ()
