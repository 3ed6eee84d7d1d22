from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import incident_rules
from bot.domain.incidents import IncidentStatus
from bot.domain.pages import Capabilities, ComponentStatus, Page
from bot.domain.submissions import IncidentFields, ReportForm, StatusForAll

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
INVESTIGATING, RESOLVED = IncidentStatus.INVESTIGATING, IncidentStatus.RESOLVED
OPERATIONAL, DEGRADED = ComponentStatus.OPERATIONAL, ComponentStatus.DEGRADED
PARTIAL, MAJOR = ComponentStatus.PARTIAL_OUTAGE, ComponentStatus.MAJOR_OUTAGE
CHOSEN = {"k1": "c1", "k2": "c2"}


def page(name: int | None = None, message: int | None = None) -> Capabilities:
    return Capabilities(
        name_limit=name,
        message_limit=message,
        backdates=True,
        edits_updates=True,
        deletes_updates=True,
        deletes_incidents=True,
        shares_component_status=True,
        takes_create_key=True,
    )


def fields(
    component_status: ComponentStatus | StatusForAll = DEGRADED,
    status: IncidentStatus = INVESTIGATING,
    message: str = "Sorry.",
    **each: ComponentStatus,
) -> IncidentFields:
    return IncidentFields(status, message, ("k1", "k2"), component_status, each)


def report(name: str = "N", message: str = "M", started: datetime | None = None) -> ReportForm:
    return ReportForm(fields(message=message), name, ("p",), "C", started)


def test_a_short_report_is_enough() -> None:
    assert incident_rules.report_problems(report(), [page(), page(1, 1)]) == {}


def test_every_bad_field_is_named_at_once() -> None:
    problems = incident_rules.report_problems(report(name=" \n", message="\t"), [page()])
    assert set(problems) == {"name", "message"}


def test_the_strictest_page_sets_the_limits() -> None:
    limits = [page(), page(name=80, message=300), page(name=100, message=200)]
    problems = incident_rules.report_problems(report("N" * 81, "M" * 201), limits)
    assert problems == {
        "name": "81 characters; this page takes at most 80.",
        "message": "201 characters; this page takes at most 200.",
    }
    assert incident_rules.report_problems(report("N" * 80, "M" * 200), limits) == {}


DAY = timedelta(days=1)
SHOP = Page("instatus:shop", "Shop", since=NOW - timedelta(days=10))
SENT_AGAIN = "If it is meant, send the form once more."
TAKE_LATER = "Choose a later start, or leave it empty for now."


@pytest.mark.parametrize(
    ("started", "said"),
    [
        (None, None),
        (NOW - timedelta(hours=23), None),
        (NOW + timedelta(minutes=1), None),
        (NOW + timedelta(minutes=1, seconds=1), "This is in the future. Leave it empty for now."),
        (NOW - DAY - timedelta(hours=1), f"That is 1 day 1 h ago. {SENT_AGAIN}"),
        (NOW - 10 * DAY, f"That is 10 days ago. {SENT_AGAIN}"),
        (NOW - 11 * DAY, f"Shop has its first day on 19 Feb 2026, after this. {TAKE_LATER}"),
        (NOW - 31 * DAY, f"That is 31 days ago; at most 30 days are possible. {TAKE_LATER}"),
        (
            datetime(1990, 1, 1, tzinfo=UTC),
            f"That is 36 years ago; at most 30 days are possible. {TAKE_LATER}",
        ),
    ],
)
def test_a_start_lies_in_the_past_but_not_too_far(
    started: datetime | None, said: str | None
) -> None:
    limit = timedelta(days=30)
    found = incident_rules.start_problems(report(started=started), [SHOP], limit, NOW)
    assert found.get("started") == said
    if started and said and SENT_AGAIN in said:
        meant = replace(report(started=started), long_ago=True)
        assert incident_rules.start_problems(meant, [SHOP], limit, NOW) == {}


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        pytest.param(fields(PARTIAL), {}, {"c1": PARTIAL, "c2": PARTIAL}, id="one for all"),
        pytest.param(
            fields(StatusForAll.EACH, k1=MAJOR, k2=DEGRADED),
            {"c1": DEGRADED},
            {"c1": MAJOR, "c2": DEGRADED},
            id="each its own",
        ),
        pytest.param(
            fields(StatusForAll.KEEP),
            {"c1": MAJOR},
            {"c1": MAJOR, "c2": OPERATIONAL},
            id="as it was",
        ),
        pytest.param(
            fields(PARTIAL),
            {"c3": MAJOR},
            {"c1": PARTIAL, "c2": PARTIAL, "c3": OPERATIONAL},
            id="no longer chosen",
        ),
        pytest.param(
            fields(MAJOR, RESOLVED),
            {"c3": MAJOR},
            {"c1": OPERATIONAL, "c2": OPERATIONAL, "c3": OPERATIONAL},
            id="resolved",
        ),
        pytest.param(
            fields(StatusForAll.EACH, RESOLVED, k1=MAJOR, k2=MAJOR),
            {},
            {"c1": OPERATIONAL, "c2": OPERATIONAL},
            id="resolved one by one",
        ),
    ],
)
def test_what_an_incident_does_to_components(
    given: IncidentFields, before: dict[str, ComponentStatus], after: dict[str, ComponentStatus]
) -> None:
    assert incident_rules.impacts(given, CHOSEN, before) == after


def test_without_components_an_incident_touches_none() -> None:
    assert incident_rules.impacts(fields(), {}, {}) == {}


@pytest.mark.parametrize(
    ("given", "before", "asked"),
    [
        (fields(StatusForAll.KEEP), {"c1": MAJOR, "c2": DEGRADED}, False),
        (fields(StatusForAll.KEEP), {"c1": MAJOR}, True),
        (fields(StatusForAll.KEEP), {"c1": MAJOR, "c2": OPERATIONAL}, True),
        (fields(PARTIAL), {"c1": MAJOR}, False),
        (fields(StatusForAll.KEEP, RESOLVED), {"c1": MAJOR}, False),
    ],
)
def test_a_component_that_is_new_cannot_stay_as_it_is(
    *, given: IncidentFields, before: dict[str, ComponentStatus], asked: bool
) -> None:
    problems = incident_rules.added_problems(given, CHOSEN, before, {"c2": "Mail"})
    assert ("component_status" in problems) is asked
    if asked:
        assert "New in this incident: “Mail”." in problems["component_status"]


def test_components_must_be_on_the_page_and_have_a_status() -> None:
    known = ["k1", "k2", "k3"]
    assert incident_rules.component_problems(fields(), known) == {}
    assert set(incident_rules.component_problems(fields(), ["k1"])) == {"components"}
    half = fields(StatusForAll.EACH, k1=MAJOR)
    assert set(incident_rules.component_problems(half, known)) == {"component_status"}
    assert (
        incident_rules.component_problems(fields(StatusForAll.EACH, k1=MAJOR, k2=MAJOR), known)
        == {}
    )
    assert incident_rules.component_problems(fields(StatusForAll.EACH, RESOLVED), known) == {}


def test_resolving_one_by_one_needs_no_statuses() -> None:
    resolved = fields(StatusForAll.EACH, RESOLVED)
    assert incident_rules.component_problems(resolved, ["k1", "k2"]) == {}
    assert incident_rules.impacts(resolved, CHOSEN, {"c1": MAJOR}) == {
        "c1": OPERATIONAL,
        "c2": OPERATIONAL,
    }
