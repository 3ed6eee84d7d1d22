import re
from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.reminders.promises import promised
from bot.domain.texts.time_grammar import (
    AMOUNT_IN_TEXT,
    TIME_OF_DAY,
    amount,
    setting_duration,
    setting_time,
    split_end,
    time_of_day,
    typed_duration,
    typed_time,
    without_lead,
)
from bot.domain.times import typed
from tests.domain.stories import at

NOW, END = at("12:10"), at("14:00")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("90s", timedelta(seconds=90)),
        ("30m", timedelta(minutes=30)),
        (" 24 h ", timedelta(hours=24)),
        ("100000s", timedelta(seconds=100_000)),
        ("30d", timedelta(days=30)),
        ("0m", timedelta()),
    ],
)
def test_a_setting_names_one_unit_by_its_symbol(text: str, span: timedelta) -> None:
    assert setting_duration(text) == span


@pytest.mark.parametrize("text", ["", "30", "30M", "1h30m", "2 hours", "-1m", "1.5h", "1234567s"])
def test_a_setting_names_nothing_else(text: str) -> None:
    assert setting_duration(text) is None


@pytest.mark.parametrize(("text", "at"), [("09:00", time(9)), (" 9:30 ", time(9, 30))])
def test_a_setting_names_hours_and_minutes(text: str, at: time) -> None:
    assert setting_time(text) == at


@pytest.mark.parametrize("text", ["", "9", "24:00", "9:60", "9:5", "9 am", "09:00 UTC", "09:00:00"])
def test_a_setting_names_no_other_time(text: str) -> None:
    assert setting_time(text) is None


@pytest.mark.parametrize("unit", ["m", "min", "mins", "minute", "minutes", "Min"])
def test_a_minute_is_written_the_same_everywhere(unit: str) -> None:
    _everywhere(f"45 {unit}", timedelta(minutes=45))


@pytest.mark.parametrize(
    "text", ["1h30m", "1 h 30 min", "1 hour 30 minutes", "1 hour and 30 minutes", "1 hr, 30 mins"]
)
def test_hours_and_minutes_are_both_counted_everywhere(text: str) -> None:
    _everywhere(text, timedelta(minutes=90))


@pytest.mark.parametrize("unit", ["h", "hr", "hrs", "hour", "hours", "Hrs"])
def test_an_hour_is_written_the_same_everywhere(unit: str) -> None:
    _everywhere(f"2 {unit}", timedelta(hours=2))


def _everywhere(text: str, span: timedelta) -> None:
    assert typed_duration(text) == span
    assert typed(text, "UTC", NOW, END) == END + span
    assert split_end(f"database {text}") == ("database", text)
    assert (match := re.fullmatch(AMOUNT_IN_TEXT, text, re.IGNORECASE))
    assert amount(match) == span
    assert promised(f"Next update in {text}.", NOW, "UTC") == NOW + span


@pytest.mark.parametrize("text", ["15:30", "3:30 pm", "3:30pm", "3:30 PM", "3:30 p.m.", "3:30 p.m"])
@pytest.mark.parametrize(
    ("zone", "ahead"),
    [
        ("", None),
        (" UTC", 0),
        (" utc", 0),
        ("Z", 0),
        (" GMT", 0),
        (" UTC+1", 1),
        (" UTC -01:00", -1),
    ],
)
def test_a_time_of_day_is_written_the_same_everywhere(
    text: str, zone: str, ahead: int | None
) -> None:
    written = text + zone
    instant = at("15:30") - timedelta(hours=ahead or 0)
    named = None if ahead is None else timezone(timedelta(hours=ahead))
    assert typed_time(written) == (time(15, 30), named)
    assert typed(written, "UTC", NOW, END) == instant
    assert split_end(f"database until {written}") == ("database", f"until {written}")
    assert (match := re.match(TIME_OF_DAY, written, re.IGNORECASE))
    assert time_of_day(match) == time(15, 30)
    assert promised(f"Next update by {written}", NOW, "UTC") == instant


@pytest.mark.parametrize("text", ["12 am", "12 p.m.", "0:00", "1 am"])
def test_noon_and_midnight_are_told_apart(text: str) -> None:
    times = {"12 am": time(0), "12 p.m.": time(12), "0:00": time(0), "1 am": time(1)}
    assert typed_time(text) == (times[text], None)


@pytest.mark.parametrize(
    "text", ["5", "24:00", "14:60", "0 am", "13 pm", "3 amz0n", "3:30 pmz0n", "9:00 UTC+15"]
)
def test_what_no_clock_shows_is_no_time(text: str) -> None:
    assert typed_time(text) is None


@pytest.mark.parametrize("lead", ["+", "+ ", "until ", "Till ", "to  ", "by ", "for "])
def test_the_word_that_leads_to_an_end_belongs_to_it(lead: str) -> None:
    _words, end = split_end(f"database {lead}30m")
    assert (_words, end) == ("database", " ".join(f"{lead}30m".split()))
    assert without_lead(end) == "30m"


@given(st.timedeltas(timedelta(), timedelta(days=9999)))
def test_a_duration_is_read_as_it_was_written(span: timedelta) -> None:
    minutes = span // timedelta(minutes=1)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    for written in (f"{days}d{hours}h{rest}m", f"{days} days {hours} hrs {rest}"):
        assert typed_duration(written) == timedelta(minutes=minutes)


@given(st.times())
def test_a_time_is_read_as_it_was_written(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)
    on = datetime.combine(NOW, minute)
    assert setting_time(f"{on:%H:%M}") == minute
    assert typed_time(f"{on:%H:%M}") == (minute, None)
    assert typed_time(f"{on:%I:%M %p}") == (minute, None)


@given(st.text())
def test_any_text_is_read_without_harm(text: str) -> None:
    setting_duration(text), setting_time(text)
    typed_duration(text), typed_time(without_lead(text)), split_end(text)
