from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Interval, Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.model.uptime import uptimes
from tests.statuspage import histories
from tests.statuspage.sites import MAJOR, NOW, at, maintenance, site

SECOND = timedelta(seconds=1)
OUTAGE = Interval("api", MAJOR, at("2026-11-20 09:01") + 7 * SECOND, None, "i1")
later = st.integers(0, 4 * 86_400).map(lambda seconds: NOW + seconds * SECOND)


@given(histories.sites(), later)
def test_nothing_moves_between_two_moments(of: Site, now: datetime) -> None:
    change_times = ChangeTimes(of)
    last, following = change_times.last(now), change_times.following(now)
    assert last <= now < following
    assert change_times.last(following - SECOND / 1000) == last
    assert change_times.last(following) == following
    seen, true = compute_state(of, last), compute_state(of, now)
    assert (seen.statuses, seen.running, seen.upcoming) == (
        true.statuses,
        true.running,
        true.upcoming,
    )


@pytest.mark.parametrize(("seconds", "many"), [(59, 0), (60, 1)])
def test_a_bad_day_is_coloured_as_soon_as_it_is_worth_it(seconds: int, many: int) -> None:
    window = maintenance(starts=OUTAGE.start)
    for of in (
        site(intervals=(OUTAGE,)),
        site(maintenances=(window,)),
    ):
        last = ChangeTimes(of).last(OUTAGE.start + seconds * SECOND)
        assert len(uptimes(of, last)["api"].bad_days) == many


def test_figures_of_what_lasts_are_drawn_again_every_five_minutes() -> None:
    lasting, calm = ChangeTimes(site(intervals=(OUTAGE,))), ChangeTimes(site())
    assert lasting.last(NOW) == at("2026-11-20 09:40")
    assert lasting.following(NOW) == at("2026-11-20 09:45")
    assert calm.last(NOW) == at("2026-11-20 00:00")
    assert calm.following(NOW) == at("2026-11-21 00:00")


@pytest.mark.parametrize("status", [MaintenanceStatus.CANCELLED, MaintenanceStatus.COMPLETED])
def test_what_is_over_moves_nothing(status: MaintenanceStatus) -> None:
    over = maintenance(status=status, finished=at("2026-11-19 10:00"))
    assert ChangeTimes(site(maintenances=(over,))).following(NOW) == at("2026-11-21 00:00")


def test_a_window_that_only_ends_by_itself_moves_at_its_end() -> None:
    never = maintenance(auto_start=False)
    assert ChangeTimes(site(maintenances=(never,))).following(NOW) == never.ends
