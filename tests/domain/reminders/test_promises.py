from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.incidents import IncidentStatus
from bot.domain.reminders.promises import holding, promised
from tests.domain.stories import RUNNING, at, incident, maintenance

BERLIN = "Europe/Berlin"
NOW = at("12:10")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Next update by 14:30 UTC.", "14:30"),
        ("We are looking into it. Next update: by 14:30 UTC", "14:30"),
        ("next update at 14:30 utc", "14:30"),
        ("Next update by 14:30Z", "14:30"),
        ("Next update at 14:30 GMT.", "14:30"),
        ("Another update will follow by 14:30 UTC, thank you for your patience.", "14:30"),
        ("Next update by 16:30", "14:30"),
        ("Next update by 16:30 CEST (14:30 UTC).", "14:30"),
        ("Next update at 4:30 pm", "14:30"),
        ("Next update at 4:30 p.m. and not before.", "14:30"),
        ("Next update by 14:30 UTC today.", "14:30"),
        ("Next update by 14:30 UTC on 4 May.", "14:30"),
        ("Next update by 4 May 2026, 14:30 UTC.", "14:30"),
        ("We will post an update in 30 minutes.", "12:40"),
        ("We’ll update you within the hour.", "13:10"),
        ("We'll share another update in an hour", "13:10"),
        ("We will provide updates every 30 minutes.", "12:40"),
        ("We will provide regular updates every 2 hours.", "14:10"),
        ("We will be providing another update within the next 45 mins.", "12:55"),
        ("The next status update will come in half an hour.", "12:40"),
        ("Further updates to follow in two hours", "14:10"),
        ("We will report back in about fifteen minutes!", "12:25"),
        ("Customers may see errors; next update by 14:30 UTC", "14:30"),
        ("There is no change. Next update by 14:30 UTC.", "14:30"),
        ("No change, next update by 14:30 UTC.", "14:30"),
        ("**Next update** by 14:30 UTC", "14:30"),
        ("Next update in 30 minutes. We will provide updates every 2 hours.", "12:40"),
        ("Next update: 14:30 UTC", "14:30"),
        ("**Next update:** 14:30 UTC", "14:30"),
        ("*Next update*: 14:30 UTC", "14:30"),
        ("__Next update__ – 14:30 UTC", "14:30"),
        ("Next update: **14:30 UTC**", "14:30"),
        ("Next update - 14:30 UTC", "14:30"),
        ("NEXT UPDATE — 2:30 PM UTC", "14:30"),
        ("Next update 14:30 UTC", "14:30"),
        ("Next update (14:30 UTC)", "14:30"),
        ("Next update by: 14:30 UTC", "14:30"),
        ("| Next update | 14:30 UTC |", "14:30"),
        ("Next update:\n\n14:30 UTC", "14:30"),
        ("Next update ETA: 14:30 UTC", "14:30"),
        ("Next update expected: 14:30 (UTC)", "14:30"),
        ("Next update due no later than 14:30 UTC", "14:30"),
        ("### Next update\n14:30 UTC\nThank you for your patience", "14:30"),
        ("- Since Sunday 19:00 UTC\n- Next update: 14:30 UTC\n- Started: 11:00 UTC", "14:30"),
        ("Next update: 14:30 UTC / 16:30 CEST", "14:30"),
        ("Next update: 14:30 UTC (Berlin: 16:30)", "14:30"),
        ("Next update: 4 May 2026, 14:30 UTC", "14:30"),
        ("Next update: May 4th, 2026 at 14:30 UTC", "14:30"),
        ("Next update: 2026-05-04 14:30 UTC", "14:30"),
        ("Next update: 14:30 UTC, 4 May", "14:30"),
        ("Next update by 14:30 UTC on May 4", "14:30"),
        ("Next update: in 30 minutes", "12:40"),
        ("**Next update:** 30 minutes", "12:40"),
        ("Next update by 15:30 UTC+1.", "14:30"),
        ("Next update by 15:30 UTC +1", "14:30"),
        ("Next update by 15:30 utc + 1", "14:30"),
        ("Next update by 15:30 UTC+01:00", "14:30"),
        ("Next update: 15:30 (UTC+0100)", "14:30"),
        ("Next update at 8:00 pm GMT+5:30", "14:30"),
        ("Next update by 10:30 UTC-4", "14:30"),
        ("Next update by 10:30 UTC\N{MINUS SIGN}4", "14:30"),
        ("Next update by 10:30 UTC-04:00", "14:30"),
        ("Next update by 00:30 UTC+10 on 5 May.", "14:30"),
        ("Next update in 1 hour 30 minutes.", "13:40"),
        ("Next update in 1 hour and 30 minutes.", "13:40"),
        ("Next update in 1h30m.", "13:40"),
        ("Next update in 1 hr, 30 mins", "13:40"),
        ("Next update in an hour and thirty minutes", "13:40"),
        ("Next update in an hour and a half.", "13:40"),
        ("Next update within two and a half hours.", "14:40"),
        ("Next update in 1.5 hours.", "13:40"),
        ("We will post an update in 2 hours 20 minutes, or earlier.", "14:30"),
        ("We will provide updates every 2 hours until 18:00 UTC.", "14:10"),
    ],
)
def test_a_promise_in_a_public_text_is_recognised(text: str, when: str) -> None:
    assert promised(text, NOW, BERLIN) == at(when)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "We are looking into it.",
        "We will keep you updated.",
        "Next update soon.",
        "The next update will come shortly.",
        "The servers were restarted in 30 minutes.",
        "An update was posted at 14:30 UTC.",
        "We will install the update at 14:30 UTC.",
        "We will update the database at 14:30 UTC.",
        "The database will be back up within the hour for half of you.",
        "The next update was posted at 14:30 UTC.",
        "The next update is not due in 30 minutes.",
        "There will be no further updates at 14:30 UTC.",
        "Next update by 12:10 UTC.",
        "Next update by 11:00 UTC.",
        "Next update at 14:30 EST.",
        "Next update tomorrow at 14:30 UTC.",
        "Next update by 14:30 UTC tomorrow.",
        "Next update by 14:30 UTC on 5 May.",
        "Next update by 14:30 tomorrow.",
        "Next update by 14:30 on 5 May.",
        "Next update on Monday at 14:30 UTC.",
        "On Monday our next update comes at 14:30 UTC.",
        "Next update on 9 May at 14:30 UTC.",
        "Next update in 3 days.",
        "Next update in 48 hours.",
        "Next update in 0 minutes.",
        "Next update in 9999 hours.",
        "Next update by 25:00 UTC.",
        "Next update at 100% of the sites.",
        "Next update. At 14:30 UTC the backup began.",
        "Next update\n\nby 14:30 UTC",
        "Next update: tbd. Last update: 11:30 UTC",
        "Next update: tbd, last update: 14:30 UTC",
        "Next update: not before 14:30 UTC",
        "Update: 14:30 UTC",
        "Next update: 14:30 EST",
        "Next update: 2:30 PM ET",
        "Next update: 2:30 pm est",
        "Next update: 2:30 PM Eastern",
        "Next update at 2:30 pm pacific time",
        "Next update: 14:30 (Tokyo)",
        "Next update: 14:30+01:00",
        "Next update: 14:30:00 UTC",
        "Next update: 14.30 UTC",
        "Next update: 14h30 UTC",
        "Next update: 1430 UTC",
        "Next update: 14:30 UTC+15",
        "Next update: 14:30 UTC+1:99",
        "Next update: 14:30 – 15:00 UTC",
        "Next update: 14:30-15:00 UTC",
        "Next update: 14:30 UTC – 15:00 UTC",
        "Next update: 14:30 or 15:00 UTC",
        "Next update between 14:30 and 15:00 UTC",
        "Next update: 14:30/15:30 CEST",
        "Next update: 5 May 2026, 14:30 UTC",
        "Next update: 4 May 2027, 14:30 UTC",
        "Next update: May 5 at 14:30 UTC",
        "Next update: 5/5 14:30 UTC",
        "Next update on 05/05 at 14:30 UTC",
        "Next update on the 5th at 14:30 UTC",
        "Next update: Tue 14:30 UTC",
        "Next update by 14:30 UTC on Tuesday",
        "Next update by 14:30 UTC next week",
        "Next update: 4 May 2026",
        "Next update at 2:30 in the afternoon.",
        "Next update in 30 to 60 minutes.",
        "Next update in 30-60 minutes.",
        "Next update in 30 minutes to an hour.",
        "Next update in an hour or two.",
        "Next update in 1 hour 30.",
        "Next update in 1 day 2 hours.",
        "Next update in 1,5 hours.",
        "Next update within 30 minutes of the restart.",
        "Next update in 30 minutes after the fix is live.",
        "Next update in 1 hour 30 minutes 20 seconds.",
    ],
)
def test_what_may_mean_something_else_is_no_promise(text: str) -> None:
    assert promised(text, NOW, BERLIN) is None


def test_a_time_over_midnight_is_the_day_it_names() -> None:
    late = at("22:30")
    assert promised("Next update by 00:30 UTC on 5 May.", late, "UTC") == at("5 00:30")
    assert promised("Next update by 00:30 UTC tomorrow.", late, "UTC") == at("5 00:30")
    assert promised("Next update by 00:30 UTC today.", late, "UTC") is None
    assert promised("Next update by 00:30 UTC on 4 May.", late, "UTC") is None


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "Next update by 02:30"),
        (datetime(2027, 10, 30, 23, 30, tzinfo=UTC), "Next update by 02:30"),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_no_promise(now: datetime, text: str) -> None:
    assert promised(text, now, BERLIN) is None
    assert promised(f"{text} UTC", now, BERLIN) == now.replace(hour=2) + timedelta(
        days=now.hour // 23
    )


def test_the_zones_own_name_is_taken_only_while_it_holds() -> None:
    assert promised("Next update by 14:30 CET", NOW, BERLIN) is None
    assert promised("Next update by 14:30 EST", NOW, "UTC") is None
    assert promised("Next update by 8:30 am edt", NOW, "America/New_York") == at("12:30")
    assert promised("Next update by 16:30 CEST+1", NOW, BERLIN) is None


def test_a_day_that_is_named_may_be_further_ahead_than_a_time_alone() -> None:
    late = at("22:30")
    assert promised("Next update: 5 May 2026, 14:30 UTC", late, BERLIN) == at("5 14:30")
    assert promised("Next update: 14:30 UTC", late, BERLIN) is None


@given(st.text(alphabet="next updaby in0123459:TUCm.\n", max_size=80))
def test_any_text_is_read_without_harm(text: str) -> None:
    found = promised(f"Next update {text}", NOW, BERLIN)
    assert found is None or NOW < found <= NOW + timedelta(hours=24)


def test_a_long_text_is_read_quickly() -> None:
    text = f"next update {'1 hour ' * 4000}{'14:30 UTC ' * 4000}{'** ' * 4000}"
    assert promised(text, NOW, BERLIN) is None
    text = "we will update " * 4000 + "next " * 4000 + "in " * 4000
    assert promised(text, NOW, BERLIN) is None


@pytest.mark.parametrize(
    ("status", "still"),
    [
        (IncidentStatus.INVESTIGATING, "We are still investigating this."),
        (IncidentStatus.IDENTIFIED, "We are still working on a fix."),
        (IncidentStatus.MONITORING, "We are still monitoring the fix."),
        (IncidentStatus.UNKNOWN, "We are still working on this."),
    ],
)
def test_the_holding_text_says_what_still_goes_on_and_until_when(
    status: IncidentStatus, still: str
) -> None:
    text, due = holding(incident(status), timedelta(minutes=30), at("14:37"))
    assert (text, due) == (f"{still} Next update by 15:10 UTC.", at("15:10"))


def test_a_maintenance_has_its_own_holding_texts() -> None:
    running = maintenance(status=RUNNING)
    text, _ = holding(running, timedelta(minutes=15), at("15:59"))
    assert text == "The maintenance is still in progress. Next update by 16:15 UTC."
    text, _ = holding(running, timedelta(minutes=15), at("16:01"))
    assert text == "The maintenance is taking longer than planned. Next update by 16:20 UTC."


def test_a_short_silence_is_promised_to_the_minute_and_never_less_than_asked() -> None:
    now = at("14:00") + timedelta(seconds=20)
    assert holding(incident(), timedelta(seconds=2), now)[1] == at("14:01")
    assert holding(incident(), timedelta(minutes=15), now)[1] == at("14:20")
    assert holding(incident(), timedelta(minutes=15), at("14:00"))[1] == at("14:15")


@given(
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01")),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=11)),
)
def test_the_holding_text_is_a_promise_that_is_recognised(
    moment: datetime, silence: timedelta
) -> None:
    now = moment.replace(tzinfo=UTC)
    text, due = holding(incident(), silence, now)
    assert promised(text, now, BERLIN) == due
    assert silence <= due - now <= silence + timedelta(minutes=5)
