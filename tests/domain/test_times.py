from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import caveat, in_utc, in_words, instant, typed, wall_time, zone_named
from bot.errors import FormError

BERLIN, NEW_YORK, KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"
ZONES = sorted(available_timezones() - {"localtime"})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Just before, just after, and well away from each clock change of two years.
ONE_MEANING = [
    (BERLIN, "2026-03-29 01:59", "2026-03-29 00:59"),
    (BERLIN, "2026-03-29 03:00", "2026-03-29 01:00"),
    (BERLIN, "2026-10-25 01:59", "2026-10-24 23:59"),
    (BERLIN, "2026-10-25 03:00", "2026-10-25 02:00"),
    (BERLIN, "2027-03-28 01:59", "2027-03-28 00:59"),
    (BERLIN, "2027-03-28 03:00", "2027-03-28 01:00"),
    (BERLIN, "2027-10-31 01:59", "2027-10-30 23:59"),
    (BERLIN, "2027-10-31 03:00", "2027-10-31 02:00"),
    (BERLIN, "2027-07-01 00:30", "2027-06-30 22:30"),
    (BERLIN, "2027-12-31 23:30", "2027-12-31 22:30"),
    (NEW_YORK, "2026-03-08 01:59", "2026-03-08 06:59"),
    (NEW_YORK, "2026-03-08 03:00", "2026-03-08 07:00"),
    (NEW_YORK, "2026-11-01 00:59", "2026-11-01 04:59"),
    (NEW_YORK, "2026-11-01 02:00", "2026-11-01 07:00"),
    (NEW_YORK, "2027-03-14 01:59", "2027-03-14 06:59"),
    (NEW_YORK, "2027-03-14 03:00", "2027-03-14 07:00"),
    (NEW_YORK, "2027-11-07 00:59", "2027-11-07 04:59"),
    (NEW_YORK, "2027-11-07 02:00", "2027-11-07 07:00"),
    (NEW_YORK, "2027-07-01 22:30", "2027-07-02 02:30"),
    (KOLKATA, "2026-03-29 02:30", "2026-03-28 21:00"),
    (KOLKATA, "2026-11-01 01:30", "2026-10-31 20:00"),
    (KOLKATA, "2027-03-28 02:30", "2027-03-27 21:00"),
    (KOLKATA, "2027-10-31 02:30", "2027-10-30 21:00"),
    ("UTC", "2028-02-29 12:00", "2028-02-29 12:00"),
]


@pytest.mark.parametrize(("zone", "shown", "meant"), ONE_MEANING)
def test_a_wall_time_is_one_instant_and_the_instant_that_wall_time(
    zone: str, shown: str, meant: str
) -> None:
    assert instant(wall(shown), zone) == utc(meant)
    assert instant(wall(shown), zone).tzinfo is UTC
    assert wall_time(utc(meant), zone) == wall(shown)


SKIPPED = [
    (BERLIN, "2026-03-29", "29 Mar 2026"),
    (BERLIN, "2027-03-28", "28 Mar 2027"),
    (NEW_YORK, "2026-03-08", "8 Mar 2026"),
    (NEW_YORK, "2027-03-14", "14 Mar 2027"),
]


@pytest.mark.parametrize(("zone", "day", "words"), SKIPPED)
@pytest.mark.parametrize("at", ["02:00", "02:30", "02:59"])
def test_a_time_that_clocks_skip_is_refused_with_the_choices(
    zone: str, day: str, words: str, at: str
) -> None:
    with pytest.raises(FormError) as caught:
        instant(wall(f"{day} {at}"), zone)
    assert caught.value.fields == {
        "starts": f"{words}, {at} does not exist in {zone}: clocks go from 02:00 to 03:00. "
        "Choose 01:59 or earlier, or 03:00 or later."
    }


IN_BERLIN, IN_NEW_YORK = (
    "01:59 or earlier, or 03:00 or later",
    "00:59 or earlier, or 02:00 or later",
)
TWICE = [
    (BERLIN, "2026-10-25 02:00", "00:00 UTC (CEST)", "01:00 UTC (CET)", IN_BERLIN),
    (BERLIN, "2026-10-25 02:59", "00:59 UTC (CEST)", "01:59 UTC (CET)", IN_BERLIN),
    (BERLIN, "2027-10-31 02:30", "00:30 UTC (CEST)", "01:30 UTC (CET)", IN_BERLIN),
    (NEW_YORK, "2026-11-01 01:00", "05:00 UTC (EDT)", "06:00 UTC (EST)", IN_NEW_YORK),
    (NEW_YORK, "2026-11-01 01:59", "05:59 UTC (EDT)", "06:59 UTC (EST)", IN_NEW_YORK),
    (NEW_YORK, "2027-11-07 01:30", "05:30 UTC (EDT)", "06:30 UTC (EST)", IN_NEW_YORK),
]


@pytest.mark.parametrize(("zone", "shown", "once", "again", "choices"), TWICE)
def test_a_time_that_clocks_show_twice_is_refused_with_the_choices(
    zone: str, shown: str, once: str, again: str, choices: str
) -> None:
    with pytest.raises(FormError) as caught:
        instant(wall(shown), zone, "ends")
    reason = caught.value.fields["ends"]
    assert f"exists twice in {zone}: as {once} and as {again}. " in reason
    assert reason.endswith(f"Choose {choices}.")
    both = [utc(f"{shown[:10]} {each[:5]}") for each in (once, again)]
    assert {wall_time(each, zone) for each in both} == {wall(shown)}


@pytest.mark.parametrize(
    ("zone", "shown", "words"),
    [
        ("Africa/Cairo", "2026-04-24 00:30", "Choose 23 Apr 2026, 23:59 or earlier, or 01:00 or"),
        ("America/Nuuk", "2026-03-28 23:30", "from 23:00 to 29 Mar 2026, 00:00. Choose 22:59 or"),
        ("Australia/Lord_Howe", "2026-04-05 01:40", "as 14:40 UTC (+11) and as 15:10 UTC (+1030)"),
        ("Pacific/Apia", "2011-12-30 12:00", "from 00:00 to 31 Dec 2011, 00:00"),
    ],
)
def test_changes_at_midnight_by_half_an_hour_and_by_a_day_are_told_rightly(
    zone: str, shown: str, words: str
) -> None:
    with pytest.raises(FormError) as caught:
        instant(wall(shown), zone)
    assert words in caught.value.fields["starts"]


@given(st.sampled_from(ZONES), st.datetimes(wall("1980-01-01"), wall("2035-01-01")))
def test_every_instant_comes_back_from_its_wall_time_or_is_one_of_two(
    zone: str, moment: datetime
) -> None:
    at = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    try:
        found = instant(wall_time(at, zone), zone).isoformat()
    except FormError as refused:
        found = str(refused)
    assert found == at.isoformat() or f"as {at:%H:%M} UTC" in found


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "America", "../x", "a\0b", "x" * 5000])
def test_an_unknown_zone_reads_as_utc_and_says_so(name: str) -> None:
    assert zone_named(name) == ZoneInfo("UTC")
    assert instant(wall("2027-03-28 02:30"), name) == utc("2027-03-28 02:30")
    assert caveat(name) == (
        f"Foghorn does not know the time zone “{name}”, so these times are in UTC."
    )


@pytest.mark.parametrize("name", ["UTC", BERLIN, KOLKATA])
def test_a_known_zone_needs_no_word(name: str) -> None:
    assert caveat(name) is None


NOW, END = utc("2026-05-04 12:10:20"), utc("2026-05-04 14:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30m", 30),
        ("90m", 90),
        ("45", 45),
        ("+45 min", 45),
        ("2h", 120),
        ("2 hours", 120),
        ("1h30m", 90),
        ("1h30", 90),
        (" 1H 30 Minutes ", 90),
        ("by 1 hour", 60),
        ("1d", 1440),
        ("1 day 2h", 1560),
    ],
)
def test_a_typed_span_counts_from_the_planned_end(text: str, minutes: int) -> None:
    assert typed(text, BERLIN, NOW, END) == END + timedelta(minutes=minutes)


def test_a_typed_span_counts_from_now_once_the_planned_end_has_passed() -> None:
    assert typed("30m", BERLIN, NOW, utc("2026-05-04 11:00")) == utc("2026-05-04 12:41")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("16:30", "2026-05-04 14:30"),
        ("until 16:30", "2026-05-04 14:30"),
        ("4:30pm", "2026-05-04 14:30"),
        ("4 PM", "2026-05-04 14:00"),
        ("12am", "2026-05-04 22:00"),
        ("16:30 UTC", "2026-05-04 16:30"),
        ("16:30Z", "2026-05-04 16:30"),
        ("14:11", "2026-05-04 12:11"),
        ("14:10", "2026-05-05 12:10"),
        ("9:00", "2026-05-05 07:00"),
    ],
)
def test_a_typed_time_of_day_is_the_next_one(text: str, end: str) -> None:
    assert typed(text, BERLIN, NOW, END) == utc(end)


@pytest.mark.parametrize(
    "text", ["", "soon", "0m", "24:00", "14:60", "13pm", "0am", "-30m", "30x", "14:30 CET", "5 6"]
)
def test_anything_else_is_answered_with_what_can_be_written(text: str) -> None:
    with pytest.raises(FormError, match=r"\(30m, 2h, 1h30m\) or when it ends \(14:30, or 14:30 UT"):
        typed(text, BERLIN, NOW, END)


def test_a_typed_time_that_tonight_skips_is_refused() -> None:
    with pytest.raises(FormError, match="28 Mar 2027, 02:30 does not exist") as caught:
        typed("02:30", BERLIN, utc("2027-03-27 20:00"), END)
    assert list(caught.value.fields) == ["ends"]
    assert "Or write" not in caught.value.fields["ends"]
    assert typed("02:30", BERLIN, utc("2027-03-28 01:00"), END) == utc("2027-03-29 00:30")


def test_a_typed_time_that_tonight_has_twice_can_be_written_in_utc() -> None:
    with pytest.raises(FormError, match=r"exists twice .* Or write 00:30 UTC or 01:30 UTC\."):
        typed("02:30", BERLIN, utc("2027-10-30 20:00"), END)
    assert typed("01:30 UTC", BERLIN, utc("2027-10-30 20:00"), END) == utc("2027-10-31 01:30")


def test_between_the_two_only_the_second_is_still_to_come() -> None:
    assert typed("02:30", BERLIN, utc("2027-10-31 00:45"), END) == utc("2027-10-31 01:30")
    assert typed("02:30", BERLIN, utc("2027-10-31 01:30"), END) == utc("2027-11-01 01:30")


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=27, seconds=59), "27 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(hours=24), "1 day"),
        (timedelta(hours=26, minutes=59), "1 day 2 h"),
        (timedelta(days=3, hours=23), "3 days"),
    ],
)
def test_a_span_is_said_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words


def test_an_instant_is_said_in_utc_with_its_day_when_it_is_another() -> None:
    berlin = utc("2026-05-04 22:30").astimezone(ZoneInfo(BERLIN))
    assert in_utc(berlin, NOW) == "22:30 UTC"
    assert in_utc(utc("2026-05-05 00:30"), berlin) == "5 May 2026, 00:30 UTC"
