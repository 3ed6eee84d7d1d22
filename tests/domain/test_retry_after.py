"""How long somebody outside asks us to wait is read in every form, and never for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.retry_after import LONGEST_WAIT, read_date, seconds_to_wait

NOW = datetime(2026, 5, 4, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "seconds"),
    [
        (("30", "90"), 30),
        ((" 30 ", None), 30),
        (("0", "90"), 0),
        (("1.5", None), 1.5),
        (("1.", None), 1),
        ((".5", None), 0.5),
        (("later", "90"), 90),
        ((None, "2026-05-04T14:00:20Z"), 20),
        ((None, "2026-05-04T14:00:20.5+00:00"), 20.5),
        ((None, "Mon, 04 May 2026 14:01:00 UTC"), 60),
        (("Mon, 04 May 2026 14:01:00 GMT", None), 60),
        (("Mon, 04 May 2026 16:01:00 +0200", None), 60),
        (("Monday, 04-May-26 14:01:00 GMT", None), 60),
        (("Mon May  4 14:01:00 2026", None), 60),
        (("Mon, 04 May 2026 13:00:00 GMT", None), 0),
        (("-5", None), None),
        (("-5", "90"), 90),
        (("+5", None), None),
        (("nan", "inf"), None),
        (("1e3", "1,5"), None),
        (("٣٠", "30 s"), None),
        (("Mon, 99 May 2026 14:01:00 GMT", ""), None),
        ((None, None), None),
    ],
)
def test_the_first_readable_wish_counts(
    wishes: tuple[str | None, ...], seconds: float | None
) -> None:
    assert seconds_to_wait(wishes, NOW) == seconds


@pytest.mark.parametrize(
    "huge",
    ["3601", "999999999", "9" * 400, "9" * 20 + ".5", "Fri, 31 Dec 9999 23:59:59 GMT"],
)
def test_nobody_is_waited_for_longer_than_an_hour_at_a_time(huge: str) -> None:
    assert seconds_to_wait((huge,), NOW) == LONGEST_WAIT == 3600


def test_a_date_says_nothing_to_whom_does_not_know_the_time() -> None:
    assert seconds_to_wait(("Mon, 04 May 2026 14:01:00 GMT", "9"), None) == 9


def test_a_date_without_zone_is_in_utc() -> None:
    assert read_date("2026-05-04T14:00:00") == NOW
    assert read_date("2026-05-04T16:00:00+02:00") == NOW
    assert seconds_to_wait(("2026-05-04T14:00:09",), NOW - timedelta(seconds=1)) == 10
