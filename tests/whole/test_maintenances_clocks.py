"""Clock changes: a time that does not exist, or exists twice, is refused with the choices named."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.whole.works import MINUTE, NAME, SCHEDULED, Works, open_works

pytestmark = pytest.mark.anyio

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"

# Zone, the first of four weekly windows, the time of day that one of them has, and what is refused.
GAPS = [
    (BERLIN, "2027-03-07 02:30", 4, "28 Mar 2027, 02:30 does not exist in Europe/Berlin"),
    (NEW_YORK, "2027-02-28 02:30", 3, "14 Mar 2027, 02:30 does not exist in America/New_York"),
]
OVERLAPS = [
    (BERLIN, "2027-10-10 02:30", 4, "00:30 UTC (CEST) and as 01:30 UTC (CET)"),
    (NEW_YORK, "2027-10-24 01:30", 3, "05:30 UTC (EDT) and as 06:30 UTC (EST)"),
]
CHOICES = {
    (BERLIN, "02:30"): "Choose 01:59 or earlier, or 03:00 or later.",
    (NEW_YORK, "02:30"): "Choose 01:59 or earlier, or 03:00 or later.",
    (NEW_YORK, "01:30"): "Choose 00:59 or earlier, or 02:00 or later.",
}


@pytest.fixture(params=["local"])
async def works(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Works]:
    async with open_works(request.param, tmp_path) as running:
        yield running


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


async def live_in(works: Works, zone: str, day: datetime) -> None:
    """Have Ann's clock in this zone, some days before that day."""
    users = works.rig.slack.workspace.users
    users["U0ANN"] = replace(users["U0ANN"], tz=zone)
    await works.reach(day - timedelta(days=2))


@pytest.mark.parametrize(("zone", "first", "number", "reason"), [*GAPS, *OVERLAPS])
@pytest.mark.parametrize("field", ["Starts at", "Ends at"])
async def test_a_series_with_a_window_in_a_clock_change_is_refused(  # noqa: PLR0913, PLR0917
    works: Works, zone: str, first: str, number: int, reason: str, field: str
) -> None:
    at = local(first, zone)
    await live_in(works, zone, at)
    window = (at, at + 120 * MINUTE) if field == "Starts at" else (at - 120 * MINUTE, at)
    form = await works.filled("API", starts=window[0], ends=window[1], times=4)
    found = (await form.submit()).errors
    assert list(found) == [field]
    assert found[field].startswith(f"Window {number}: ")
    assert reason in found[field]
    assert found[field].endswith(CHOICES[zone, first[-5:]])
    assert (form.value("Maintenance name"), await works.on_page()) == (NAME, [])


@pytest.mark.parametrize("first", ["2027-03-07 02:30", "2027-10-10 01:30"])
async def test_a_zone_without_clock_changes_takes_every_window(works: Works, first: str) -> None:
    at = local(first, KOLKATA)
    await live_in(works, KOLKATA, at)
    await works.schedule("API", starts=at, times=5)
    for week in (1, 2):
        await works.come(at + week * timedelta(weeks=1))
    starts = [each.starts for each in await works.on_page()]
    assert starts == [at.astimezone(UTC) + week * timedelta(weeks=1) for week in range(5)]


async def test_a_series_keeps_its_time_of_day_over_a_clock_change(works: Works) -> None:
    at = local("2027-03-21 22:00", BERLIN)
    await live_in(works, BERLIN, at)
    await works.schedule("API", starts=at, ends=at + 240 * MINUTE, times=2)
    windows = [(each.starts, each.ends) for each in await works.on_page()]
    assert [f"{one:%d %H:%M} {other:%H:%M}" for one, other in windows] == [
        "21 21:00 01:00",
        "28 20:00 00:00",
    ]


async def answered(works: Works, words: str) -> str:
    """Type the command and return what the person then sees."""
    before = len(works.rig.slack.private("ann"))
    await works.rig.ann.types(f"/maintenance {words}")
    await works.rig.slack.until(
        lambda: len(works.rig.slack.private("ann")) > before, what="an answer"
    )
    return works.rig.slack.private("ann")[-1].shown


NIGHTS = [
    (BERLIN, "2027-03-28 00:00", "02:30", "does not exist in Europe/Berlin"),
    (BERLIN, "2027-10-31 00:00", "02:30", "Or write 00:30 UTC or 01:30 UTC."),
    (NEW_YORK, "2027-03-14 00:00", "02:30", "does not exist in America/New_York"),
    (NEW_YORK, "2027-11-07 00:00", "01:30", "Or write 05:30 UTC or 06:30 UTC."),
]


@pytest.mark.parametrize(("zone", "night", "typed", "reason"), NIGHTS)
async def test_extending_into_a_clock_change_is_refused_with_the_choices(
    works: Works, zone: str, night: str, typed: str, reason: str
) -> None:
    at = local(night, zone)
    await live_in(works, zone, at)
    await works.schedule("API", starts=at, ends=at + 30 * MINUTE)
    shown = await answered(works, f"extend database {typed}")
    assert reason in shown
    assert CHOICES[zone, typed] in shown
    assert (await works.only()).status is SCHEDULED


EXTENDED = [
    (KOLKATA, "2027-03-28 00:00", "02:30", "2027-03-27 21:00"),
    (BERLIN, "2027-03-28 00:00", "03:00", "2027-03-28 01:00"),
    (BERLIN, "2027-10-31 00:00", "01:30 UTC", "2027-10-31 01:30"),
    (NEW_YORK, "2027-11-07 00:00", "02:00", "2027-11-07 07:00"),
]


@pytest.mark.parametrize(("zone", "night", "typed", "meant"), EXTENDED)
async def test_extending_to_a_time_with_one_meaning_takes_it(
    works: Works, zone: str, night: str, typed: str, meant: str
) -> None:
    at = local(night, zone)
    await live_in(works, zone, at)
    await works.schedule("API", starts=at, ends=at + 30 * MINUTE)
    await works.rig.ann.types(f"/maintenance extend database {typed}")
    form = await works.rig.ann.modal("Update maintenance")
    await form.submit()
    await works.rig.all_done()
    assert (await works.only()).ends == datetime.fromisoformat(meant).replace(tzinfo=UTC)
