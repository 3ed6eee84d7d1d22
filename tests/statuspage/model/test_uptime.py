from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import Interval
from bot.statuspage.model.uptime import Uptime, uptimes
from bot.statuspage.served.uptime_bars import uptime_bar
from tests.statuspage.sites import (
    DEGRADED,
    MAJOR,
    NOW,
    PARTIAL,
    UNDER_MAINTENANCE,
    at,
    component_record,
    maintenance,
    site,
)

TODAY = NOW.date()
HOUR = timedelta(hours=1)


def interval(status: ComponentStatus, start: datetime, end: datetime | None) -> Interval:
    return Interval("api", status, start, end, "i1")


def uptime(*intervals: Interval, since: str = "2025-01-01 00:00", now: datetime = NOW) -> Uptime:
    return uptimes(site(component_record(since=at(since)), intervals=intervals), now)["api"]


def colours(found: Uptime) -> dict[date, ComponentStatus]:
    return {day.day: day.status for day in found.bad_days}


def test_without_trouble_it_is_100_and_no_day_is_bad() -> None:
    found = uptime()
    assert (found.percent, found.bad_days, found.days) == ("100", (), 90)


@pytest.mark.parametrize(
    ("status", "percent"),
    [(MAJOR, "95.00"), (PARTIAL, "98.50"), (DEGRADED, "100"), (UNDER_MAINTENANCE, "100")],
)
def test_a_major_outage_counts_whole_and_a_partial_one_three_tenths(
    status: ComponentStatus, percent: str
) -> None:
    started = at("2026-11-20 00:00") - 100 * HOUR
    found = uptime(
        interval(status, started, started + 5 * HOUR),
        since=f"{started:%Y-%m-%d %H:%M}",
        now=started + 100 * HOUR,
    )
    assert found.percent == percent


def test_one_second_in_ninety_days_is_not_rounded_up() -> None:
    found = uptime(interval(MAJOR, at("2026-11-01 12:00"), at("2026-11-01 12:00") + HOUR / 3600))
    assert found.percent == "99.99"
    assert found.bad_days == ()


@pytest.mark.parametrize(("seconds", "many"), [(59, 0), (60, 1)])
def test_a_day_is_coloured_from_a_minute_on(seconds: int, many: int) -> None:
    start = at("2026-11-01 12:00")
    assert (
        len(uptime(interval(PARTIAL, start, start + timedelta(seconds=seconds))).bad_days) == many
    )


def test_a_day_has_the_colour_of_the_worst_and_ends_at_midnight_utc() -> None:
    found = uptime(
        interval(DEGRADED, at("2026-11-01 10:00"), at("2026-11-02 00:30")),
        interval(MAJOR, at("2026-11-01 23:00"), at("2026-11-01 23:30")),
        interval(PARTIAL, at("2026-11-02 00:10"), at("2026-11-02 00:10") + HOUR / 120),
    )
    assert colours(found) == {date(2026, 11, 1): MAJOR, date(2026, 11, 2): DEGRADED}


def test_what_overlaps_is_counted_once_as_the_worst() -> None:
    start = at("2026-11-10 00:00")
    twice = [interval(MAJOR, start, start + 10 * HOUR) for _ in range(2)]
    found = uptime(*twice, interval(PARTIAL, start, start + 10 * HOUR))
    assert found == uptime(interval(MAJOR, start, start + 10 * HOUR))
    assert sum(found.bad_days[0].lasted.values(), timedelta()) == 10 * HOUR


def test_what_still_lasts_counts_until_now() -> None:
    found = uptime(interval(MAJOR, NOW - 2 * HOUR, None))
    assert found.bad_days[-1].lasted == {MAJOR: 2 * HOUR}


def test_there_is_no_data_before_a_component_was_there() -> None:
    found = uptime(interval(MAJOR, at("2026-11-01 00:00"), None), since="2026-11-20 09:00")
    assert (found.first, found.days, found.percent) == (TODAY, 1, "0.00")
    assert uptime_bar("API", found).start == 89 * 4


def test_a_window_that_opens_by_itself_colours_its_day() -> None:
    ran = maintenance(starts=at("2026-11-19 01:00"), ends=at("2026-11-19 03:00"))
    found = uptimes(site(maintenances=(ran,)), NOW)["api"]
    assert colours(found) == {date(2026, 11, 19): UNDER_MAINTENANCE}
    assert (found.problem_days, found.maintenance_days) == (0, 1)


def test_the_label_is_a_whole_sentence() -> None:
    start = at("2026-11-10 00:00")
    found = uptime(interval(MAJOR, start, start + HOUR))
    assert uptime_bar("API", found).sentence == "API: 99.95 % over 90 days, 1 day with problems"


moments = st.integers(0, 100 * 24 * 3600).map(lambda seconds: NOW - timedelta(seconds=seconds))
spans = st.builds(
    lambda status, one, two: interval(status, min(one, two), max(one, two)),
    st.sampled_from([DEGRADED, PARTIAL, MAJOR, UNDER_MAINTENANCE]),
    moments,
    moments,
)


@given(st.lists(spans, max_size=8))
def test_no_day_is_longer_than_a_day_and_no_figure_is_flattered(intervals: list[Interval]) -> None:
    found = uptime(*intervals)
    assert all(sum(day.lasted.values(), timedelta()) <= 24 * HOUR for day in found.bad_days)
    assert all(TODAY - timedelta(days=89) <= day.day <= TODAY for day in found.bad_days)
    assert found.percent is not None
    down = any(
        one.status in (PARTIAL, MAJOR)
        and one.end
        and one.end > one.start
        and one.end > at("2026-08-23 00:00")
        for one in intervals
    )
    assert (found.percent == "100") is not down
