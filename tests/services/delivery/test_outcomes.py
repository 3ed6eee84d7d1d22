from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deliveries import Announcement, Delivery, State
from bot.errors import (
    FoghornError,
    Gone,
    NotAllowed,
    Rejected,
    StoreUnavailable,
    Unauthorized,
    Unavailable,
    Uncertain,
)
from bot.services.delivery.outcomes import (
    Ambiguity,
    AttemptContext,
    NotFound,
    Success,
    after_answer,
    after_error,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
QUIET = 20 * SECOND
REFUSALS = [Rejected("No."), Unauthorized("No."), NotAllowed("No.")]


def delivery(state: State = State.SENDING, attempts: int = 1, doubts: int = 0) -> Delivery:
    return Delivery(
        id=1,
        key="k",
        lane="l",
        target="slack",
        payload=Announcement(),
        state=state,
        attempts=attempts,
        doubts=doubts,
        due_at=NOW,
        lease="token",
        lease_until=NOW + 60 * SECOND,
        first_sent_at=NOW,
        subject_id="",
        publication_id="",
        submission_id="",
        error="It was slow.",
    )


def around(*, repeatable: bool = False, person: bool = True) -> AttemptContext:
    return AttemptContext(repeatable, QUIET, 0.0, person)


def test_what_is_there_is_done() -> None:
    verdict = after_answer(delivery(), Success("remote"), around())
    assert (verdict.state, verdict.success) == (State.DONE, Success("remote"))


def test_what_is_not_there_is_sent_again_and_says_that_it_was_looked_for() -> None:
    verdict = after_answer(delivery(State.LOOKING, doubts=2), NotFound(), around())
    assert (verdict.state, verdict.pause) == (State.PENDING, timedelta())
    assert str(verdict.error) == "It was slow. Foghorn looked, and it is not there."
    again = replace(delivery(State.LOOKING, doubts=2), error=str(verdict.error))
    assert str(after_answer(again, NotFound(), around()).error) == str(verdict.error)


@pytest.mark.parametrize(
    ("attempts", "pause"), [(1, 0), (4, 0), (5, 12), (6, 44), (9, 492), (10, 580), (9999, 580)]
)
def test_however_often_it_is_not_there_it_is_sent_again_ever_more_slowly(
    attempts: int, pause: int
) -> None:
    # The quiet time before the look is part of the pause.
    looked = delivery(State.LOOKING, attempts=attempts, doubts=attempts)
    verdict = after_answer(looked, NotFound(), around())
    assert (verdict.state, verdict.pause) == (State.PENDING, pause * SECOND)


def test_what_is_there_twice_is_for_a_person() -> None:
    verdict = after_answer(delivery(State.LOOKING), Ambiguity("It is there twice."), around())
    assert (verdict.state, str(verdict.error)) == (State.STUCK, "It is there twice.")


@pytest.mark.parametrize("asked", [None, 1.0, 300.0])
def test_what_certainly_was_not_done_is_tried_when_the_outside_said(asked: float | None) -> None:
    verdict = after_error(delivery(attempts=3), Unavailable("Later.", asked), around())
    assert (verdict.state, verdict.pause) == (State.PENDING, max(8, asked or 0) * SECOND)


def test_a_look_that_fails_is_another_look() -> None:
    verdict = after_error(delivery(State.LOOKING), Unavailable("Later."), around())
    assert verdict.state is State.UNSURE


@pytest.mark.parametrize(("asked", "pause"), [(None, 20), (5.0, 20), (90.0, 90)])
def test_a_doubt_is_looked_into_after_the_quiet_time(asked: float | None, pause: int) -> None:
    verdict = after_error(delivery(), Uncertain("Cut.", asked), around())
    assert (verdict.state, verdict.pause) == (State.UNSURE, pause * SECOND)


@pytest.mark.parametrize(("asked", "pause"), [(None, 2), (90.0, 90)])
def test_what_may_be_repeated_is_not_looked_for(asked: float | None, pause: int) -> None:
    verdict = after_error(delivery(), Uncertain("Cut.", asked), around(repeatable=True))
    assert (verdict.state, verdict.pause) == (State.PENDING, pause * SECOND)


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_is_final(error: FoghornError) -> None:
    assert after_error(delivery(doubts=2), error, around()).state is State.REFUSED
    assert after_error(delivery(), error, around(repeatable=True)).state is State.REFUSED


@pytest.mark.parametrize("error", REFUSALS)
def test_a_refusal_says_nothing_of_what_was_never_looked_for(error: FoghornError) -> None:
    assert after_error(delivery(State.LOOKING), error, around()).state is State.STUCK
    repeated = delivery(doubts=1)
    assert after_error(repeated, error, around(repeatable=True)).state is State.STUCK
    nobody = around(repeatable=True, person=False)
    assert after_error(repeated, error, nobody).state is State.REFUSED


def test_what_it_was_about_is_gone_for_a_look_too() -> None:
    assert (
        after_error(delivery(State.LOOKING), Gone("It is gone."), around()).state is State.REFUSED
    )


def test_our_own_database_refuses_nothing() -> None:
    error = StoreUnavailable("Locked.")
    assert after_error(delivery(), error, around()).state is State.PENDING
    assert after_error(delivery(State.LOOKING), error, around()).state is State.UNSURE
