from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock

START = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Machine:
    """A machine whose clock can be set, while the time that passes cannot."""

    def __init__(self) -> None:
        self.wall = START
        self.passed = 5.0
        self.clock = SystemClock(lambda: self.wall, lambda: self.passed)

    def pass_time(self, span: timedelta) -> None:
        self.wall += span
        self.passed += span.total_seconds()


def test_time_goes_on_as_it_passes() -> None:
    machine = Machine()
    machine.pass_time(3 * HOUR)
    assert machine.clock.now() == START + 3 * HOUR


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_jump_that_is_taken_back_is_never_noticed(jump: timedelta) -> None:
    machine = Machine()
    machine.wall += jump
    for minute in range(1, 14):
        machine.pass_time(MINUTE)
        assert machine.clock.now() == START + minute * MINUTE
    machine.wall -= jump
    machine.pass_time(MINUTE)
    assert machine.clock.now() == START + 14 * MINUTE


@pytest.mark.parametrize("jump", [HOUR, -HOUR, timedelta(days=20_000)])
def test_a_jump_that_lasts_is_believed(jump: timedelta) -> None:
    machine = Machine()
    machine.wall += jump
    machine.clock.now()
    machine.pass_time(15 * MINUTE)
    assert machine.clock.now() == START + 15 * MINUTE + jump


def test_a_second_jump_is_waited_for_anew() -> None:
    machine = Machine()
    machine.wall += HOUR
    machine.clock.now()
    machine.pass_time(10 * MINUTE)
    machine.wall -= HOUR
    machine.clock.now()
    machine.wall += HOUR
    machine.pass_time(10 * MINUTE)
    assert machine.clock.now() == START + 20 * MINUTE


def test_a_little_drift_is_followed() -> None:
    machine = Machine()
    for second in range(10):
        machine.pass_time(MINUTE)
        machine.wall += timedelta(seconds=1)
        assert machine.clock.now() == START + (second + 1) * timedelta(seconds=61)


def test_the_databases_time_is_gone_by_once_it_is_known() -> None:
    machine = Machine()
    machine.clock.follow(START + 5 * HOUR)
    machine.wall += 2 * HOUR
    machine.pass_time(MINUTE)
    assert machine.clock.now() == START + 5 * HOUR + MINUTE
