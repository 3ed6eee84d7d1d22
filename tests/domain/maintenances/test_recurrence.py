from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.maintenances.recurrence import MOST_WINDOWS, Window, in_words, windows
from bot.domain.submissions import Repeat, Rhythm
from bot.domain.times import wall_time
from bot.errors import FormError

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"
WEEKLY, MONTHLY = Rhythm.WEEKLY, Rhythm.MONTHLY
TWO_YEARS = st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refused(starts: str, ends: str, repeat: Repeat, zone: str = "UTC") -> dict[str, str]:
    with pytest.raises(FormError) as caught:
        windows(utc(starts), utc(ends), repeat, zone)
    return caught.value.fields


def days(start: str, repeat: Repeat, zone: str = "UTC") -> list[str]:
    starts = utc(start)
    found = windows(starts, starts + timedelta(hours=1), repeat, zone)
    return [f"{wall_time(each.starts, zone):%Y-%m-%d}" for each in found]


def test_a_night_stays_the_same_night_when_clocks_change() -> None:
    found = windows(utc("2027-03-20 21:00"), utc("2027-03-21 03:00"), Repeat(WEEKLY, 3), BERLIN)
    assert found == (
        Window(1, utc("2027-03-20 21:00"), utc("2027-03-21 03:00")),
        Window(2, utc("2027-03-27 21:00"), utc("2027-03-28 02:00")),
        Window(3, utc("2027-04-03 20:00"), utc("2027-04-04 02:00")),
    )


@pytest.mark.parametrize(
    ("zone", "starts", "second"),
    [
        (BERLIN, "2026-03-25 21:00", "2026-04-01 20:00"),
        (BERLIN, "2026-10-21 20:00", "2026-10-28 21:00"),
        (BERLIN, "2027-03-24 21:00", "2027-03-31 20:00"),
        (BERLIN, "2027-10-27 20:00", "2027-11-03 21:00"),
        (NEW_YORK, "2026-03-05 03:00", "2026-03-12 02:00"),
        (NEW_YORK, "2026-10-29 02:00", "2026-11-05 03:00"),
        (NEW_YORK, "2027-03-11 03:00", "2027-03-18 02:00"),
        (NEW_YORK, "2027-11-04 02:00", "2027-11-11 03:00"),
        (KOLKATA, "2027-03-24 16:30", "2027-03-31 16:30"),
        (KOLKATA, "2027-10-27 16:30", "2027-11-03 16:30"),
    ],
)
def test_ten_in_the_evening_stays_ten_in_the_evening(zone: str, starts: str, second: str) -> None:
    begin = utc(starts)
    _first, then = windows(begin, begin + timedelta(hours=4), Repeat(WEEKLY, 2), zone)
    assert f"{wall_time(then.starts, zone):%H:%M}" == "22:00"
    assert then == Window(2, utc(second), utc(second) + timedelta(hours=4))


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("2026-11-10", ["2026-11-10", "2026-12-08", "2027-01-12"]),
        ("2026-12-01", ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ("2026-12-22", ["2026-12-22", "2027-01-26", "2027-02-23", "2027-03-23"]),
        ("2026-12-29", ["2026-12-29", "2027-01-26", "2027-02-23", "2027-03-30"]),
        ("2027-02-23", ["2027-02-23", "2027-03-30", "2027-04-27"]),
    ],
)
def test_a_monthly_window_keeps_its_weekday_the_last_stays_the_last(
    first: str, expected: list[str]
) -> None:
    assert days(f"{first} 10:00", Repeat(MONTHLY, len(expected))) == expected


def test_the_weekday_is_the_one_of_the_zone() -> None:
    # Tuesday 23:30 UTC is Wednesday morning in Kolkata, the second one of November.
    assert days("2026-11-10 23:30", Repeat(MONTHLY, 2), KOLKATA) == ["2026-11-11", "2026-12-09"]


@pytest.mark.parametrize(
    ("repeat", "how_many"),
    [
        (Repeat(WEEKLY, until=date(2026, 11, 24)), 3),
        (Repeat(WEEKLY, until=date(2026, 11, 23)), 2),
        (Repeat(WEEKLY, until=date(2026, 11, 10)), 1),
        (Repeat(WEEKLY, 2, date(2026, 12, 31)), 2),
        (Repeat(WEEKLY, 9, date(2026, 11, 24)), 3),
        (Repeat(WEEKLY, 1), 1),
        (Repeat(WEEKLY, MOST_WINDOWS), MOST_WINDOWS),
        (Repeat(WEEKLY, until=date(2028, 10, 31)), MOST_WINDOWS),
    ],
)
def test_a_series_ends_with_its_count_or_on_its_last_day(repeat: Repeat, how_many: int) -> None:
    assert len(days("2026-11-10 10:00", repeat)) == how_many


def test_the_last_day_is_the_zones_own() -> None:
    # The third window starts on the 25th in Berlin, still the 24th in UTC.
    until = Repeat(WEEKLY, until=date(2026, 11, 24))
    assert days("2026-11-10 23:30", until, BERLIN) == ["2026-11-11", "2026-11-18"]


@pytest.mark.parametrize(
    ("repeat", "wrong"),
    [
        (Repeat(WEEKLY), {"times": "Say how many windows there are, or choose a last day."}),
        (Repeat(WEEKLY, 0), {"times": "Write a number from 1 to 104."}),
        (Repeat(WEEKLY, 105), {"times": "Write a number from 1 to 104."}),
        (
            Repeat(WEEKLY, until=date(2028, 11, 7)),
            {"until": "More than 104 windows. Choose an earlier last day."},
        ),
        (
            Repeat(MONTHLY, 200, until=date(2026, 11, 9)),
            {
                "times": "Write a number from 1 to 104.",
                "until": "The last day is before the first window. Choose a later one.",
            },
        ),
    ],
)
def test_a_series_without_a_sensible_end_is_refused(repeat: Repeat, wrong: dict[str, str]) -> None:
    assert refused("2026-11-10 10:00", "2026-11-10 11:00", repeat) == wrong


def test_a_window_whose_start_a_day_does_not_have_is_named() -> None:
    assert refused("2027-03-14 01:30", "2027-03-14 04:00", Repeat(WEEKLY, 5), BERLIN) == {
        "starts": "Window 3: 28 Mar 2027, 02:30 does not exist in Europe/Berlin: clocks go "
        "from 02:00 to 03:00. Choose 01:59 or earlier, or 03:00 or later."
    }


def test_a_window_whose_end_a_day_has_twice_is_named_at_the_end() -> None:
    wrong = refused("2026-10-18 00:00", "2026-10-18 05:30", Repeat(WEEKLY, 5), NEW_YORK)
    assert list(wrong) == ["ends"]
    assert wrong["ends"].startswith("Window 3: 1 Nov 2026, 01:30 exists twice in America/")


def test_the_first_bad_start_and_the_first_bad_end_are_told_together() -> None:
    wrong = refused("2027-03-14 01:30", "2027-03-21 01:30", Repeat(WEEKLY, 60), BERLIN)
    assert wrong["starts"].startswith("Window 3: 28 Mar 2027, 02:30 does not exist in Europe/B")
    assert wrong["ends"].startswith("Window 2: 28 Mar 2027, 02:30 does not exist in Europe/B")


def test_a_first_window_that_is_clear_by_its_instant_is_taken_as_it_is() -> None:
    starts, ends = utc("2027-10-31 01:30"), utc("2027-10-31 05:00")
    first, second = windows(starts, ends, Repeat(WEEKLY, 2), BERLIN)
    assert (first.starts, first.ends) == (starts, ends)
    assert second.starts == utc("2027-11-07 01:30")


def test_a_window_that_runs_backwards_on_the_clock_cannot_come_back() -> None:
    wrong = refused("2027-10-31 00:45", "2027-10-31 01:15", Repeat(WEEKLY, 2), BERLIN)
    assert wrong["ends"].startswith("Clocks go back between start and end")


def test_windows_do_not_overlap() -> None:
    wrong = refused("2026-11-10 10:00", "2026-11-17 10:01", Repeat(WEEKLY, 2))
    assert wrong == {"ends": "A window of a weekly maintenance cannot be longer than a week."}
    wrong = refused("2026-12-31 10:00", "2027-01-28 11:00", Repeat(MONTHLY, 2))
    assert wrong == {"ends": "Window 2 would start before window 1 ends."}


@pytest.mark.parametrize(
    ("rhythm", "starts", "words"),
    [
        (WEEKLY, "2026-11-10 23:30", "every Wednesday at 00:30 (Europe/Berlin)"),
        (MONTHLY, "2026-11-10 09:00", "on the second Tuesday of every month at 10:00 (Europe/Ber"),
        (MONTHLY, "2026-11-24 09:00", "on the last Tuesday of every month at 10:00 (Europe/Berli"),
    ],
)
def test_how_often_it_comes_back_is_said_in_words(rhythm: Rhythm, starts: str, words: str) -> None:
    assert in_words(rhythm, utc(starts), BERLIN).startswith(words)


@given(
    zone=st.sampled_from([BERLIN, NEW_YORK, KOLKATA, "Australia/Lord_Howe", "Africa/Cairo"]),
    moment=TWO_YEARS,
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=6)),
    rhythm=st.sampled_from(Rhythm),
    count=st.integers(1, MOST_WINDOWS),
)
def test_every_window_has_the_first_ones_times_of_day(
    zone: str, moment: datetime, length: timedelta, rhythm: Rhythm, count: int
) -> None:
    starts = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    try:
        found = windows(starts, starts + length, Repeat(rhythm, count), zone)
    except FormError as wrong:
        assume(not wrong.fields)
        return
    walls = [(wall_time(each.starts, zone), wall_time(each.ends, zone)) for each in found]
    assert [each.number for each in found] == list(range(1, count + 1))
    assert (
        len({(start.time(), start.weekday(), end.time(), end - start) for start, end in walls}) == 1
    )
    assert all(one.starts < one.ends <= other.starts for one, other in pairwise(found))
    gaps = {(other - one).days for (one, _), (other, _) in pairwise(walls)}
    assert gaps <= ({7} if rhythm is WEEKLY else {28, 35})


@given(TWO_YEARS, st.integers(0, 700))
def test_the_last_day_cuts_the_series_and_changes_nothing_before(moment: datetime, n: int) -> None:
    starts = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    ends, last = starts + timedelta(hours=1), (starts + timedelta(days=n)).date()
    whole = windows(starts, ends, Repeat(MONTHLY, MOST_WINDOWS), "UTC")
    cut = windows(starts, ends, Repeat(MONTHLY, until=last), "UTC")
    assert cut == tuple(each for each in whole if each.starts.date() <= last)
