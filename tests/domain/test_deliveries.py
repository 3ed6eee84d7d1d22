from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import pause_after

JITTER = st.floats(0, 1, allow_nan=False)
LONGEST = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 2), (1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (10_000, 600)]
)
def test_the_pause_doubles_up_to_ten_minutes(attempts: int, seconds: float) -> None:
    assert pause_after(attempts, None, 0) == timedelta(seconds=seconds)


def test_many_that_wait_are_spread_by_up_to_a_quarter() -> None:
    assert pause_after(1, None, 1) == timedelta(seconds=2.5)
    assert pause_after(99, None, 1) == timedelta(minutes=12.5)


@given(st.integers(0, 10_000), st.none() | st.floats(0, 86_400), JITTER)
def test_nobody_asks_again_sooner_than_was_asked(
    attempts: int, asked: float | None, jitter: float
) -> None:
    pause = pause_after(attempts, asked, jitter)
    assert pause >= timedelta(seconds=asked or 0)
    assert pause >= timedelta(seconds=2)
    assert pause <= max(LONGEST * 1.25, timedelta(seconds=asked or 0))


@given(st.integers(0, 10_000), JITTER)
def test_a_later_attempt_never_waits_shorter(attempts: int, jitter: float) -> None:
    assert pause_after(attempts + 1, None, jitter) >= pause_after(attempts, None, jitter)
