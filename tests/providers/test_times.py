"""How providers' times are read, and how long they ask to wait."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.providers.times import read_date, seconds_to_wait

NOW = datetime(2026, 5, 4, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wishes", "seconds"),
    [
        (("30", "90"), 30),
        (("later", "90"), 90),
        ((None, "2026-05-04T14:00:20Z"), 20),
        ((None, "2026-05-04T14:00:20.5+00:00"), 20.5),
        ((None, "Mon, 04 May 2026 14:01:00 UTC"), 60),
        (("Mon, 04 May 2026 14:01:00 GMT", None), 60),
        (("Mon, 04 May 2026 13:00:00 GMT", None), 0),
        (("-5", None), None),
        (("nan", "inf"), None),
        ((None, None), None),
    ],
)
def test_the_first_readable_wish_counts(
    wishes: tuple[str | None, ...], seconds: float | None
) -> None:
    assert seconds_to_wait(wishes, NOW) == seconds


def test_a_date_without_zone_is_in_utc() -> None:
    assert read_date("2026-05-04T14:00:00") == NOW
    assert read_date("2026-05-04T16:00:00+02:00") == NOW
    assert seconds_to_wait(("2026-05-04T14:00:09",), NOW - timedelta(seconds=1)) == 10
