from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.domain.reminders.digests import Digest, DigestTime, digest, next_digest
from tests.domain.stories import COMPLETED, RESOLVED, RUNNING, at, incident, maintenance

NINE = DigestTime(time(9), "Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "now", "due"),
    [
        (NINE, "2027-03-26 08:00", "2027-03-27 08:00"),
        (NINE, "2027-03-27 07:59", "2027-03-27 08:00"),
        (NINE, "2027-03-27 08:00", "2027-03-28 07:00"),
        (NINE, "2027-10-30 07:00", "2027-10-31 08:00"),
        # Clocks are put forward over it: when they are.
        (DigestTime(time(2, 30), "Europe/Berlin"), "2027-03-27 12:00", "2027-03-28 01:00"),
        (DigestTime(time(2, 30), "Europe/Berlin"), "2027-03-28 01:00", "2027-03-29 00:30"),
        # Clocks show it twice: the first time only.
        (DigestTime(time(2, 30), "Europe/Berlin"), "2027-10-30 12:00", "2027-10-31 00:30"),
        (DigestTime(time(2, 30), "Europe/Berlin"), "2027-10-31 00:30", "2027-11-01 01:30"),
        (DigestTime(time(2, 30), "Europe/Berlin"), "2027-10-31 01:00", "2027-11-01 01:30"),
        (DigestTime(time(9)), "2028-02-28 09:00", "2028-02-29 09:00"),
    ],
)
def test_a_digest_comes_once_a_day_whatever_clocks_do(when: DigestTime, now: str, due: str) -> None:
    assert next_digest(when, utc(now)) == utc(due)


def test_it_lists_what_is_open_for_longer_than_a_day_longest_first() -> None:
    old, older = incident(heard=at("3 08:59")), incident(heard=at("1 10:00"))
    new, gone = incident(heard=at("3 09:00")), replace(older, status=RESOLVED)
    running = maintenance("2 10:00", "5 10:00", RUNNING)
    found = digest([old, new, gone, running, older], NINE, at("09:00"))
    assert found == Digest((older, running, old), ())
    assert found


def test_it_lists_what_starts_tomorrow_in_its_zone() -> None:
    today, late = maintenance("21:59", "23:00"), maintenance("5 21:59", "6 23:00")
    early, after = maintenance("22:00", "23:00"), maintenance("5 22:00", "6 23:00")
    done = maintenance("5 10:00", "5 11:00", COMPLETED)
    found = digest([late, today, early, after, done], NINE, at("09:00"))
    assert found == Digest((), (early, late))
    assert digest([late, early, after], NINE, at("22:30")).starting == (after,)


def test_a_window_that_was_forgotten_is_listed_too() -> None:
    forgotten = maintenance("1 10:00", "1 11:00")
    assert digest([forgotten], NINE, at("09:00")) == Digest((forgotten,), ())


def test_a_day_without_anything_has_an_empty_digest() -> None:
    assert not digest([incident(heard=at("08:00")), maintenance()], NINE, at("09:00"))
