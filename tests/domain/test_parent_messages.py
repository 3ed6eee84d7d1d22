from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deliveries import Announcement, Delivery, State
from bot.domain.parent_messages import DeliveryStatus, delivery_status, in_the_way
from bot.domain.subjects import Publication, PublicationState

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
SHOP = Publication("shop", "i", "instatus:1", "Shop", PublicationState.LIVE, {}, url="https://s.x")
BANK = Publication("bank", "i", "incidentio:1", "Bank", PublicationState.OWED, {})


def owed(state: State, publication: Publication = SHOP, number: int = 1) -> Delivery:
    return Delivery(
        id=number,
        key=f"k{number}",
        lane=publication.id,
        target=publication.page_id,
        payload=Announcement(),
        state=state,
        attempts=1,
        doubts=0,
        due_at=LATER,
        lease=None,
        lease_until=None,
        first_sent_at=None,
        subject_id="i",
        publication_id=publication.id,
        submission_id="",
        error=f"Reason {number}.",
    )


def test_what_waits_says_when_it_is_tried_again() -> None:
    waiting = delivery_status(SHOP, owed(State.PENDING))
    assert waiting == DeliveryStatus("Shop", State.PENDING, "Reason 1.", LATER, "https://s.x")


def test_what_an_answer_was_lost_for_may_be_public_already() -> None:
    lost = replace(owed(State.PENDING), doubts=1)
    assert delivery_status(SHOP, lost).in_doubt
    assert not delivery_status(SHOP, owed(State.PENDING)).in_doubt


@pytest.mark.parametrize(
    "delivery",
    [replace(owed(State.PENDING), attempts=0), owed(State.SENDING), owed(State.STUCK)],
    ids=["not tried yet", "on its way", "up to a person"],
)
def test_only_what_was_tried_and_waits_has_a_next_try(delivery: Delivery) -> None:
    assert delivery_status(SHOP, delivery).next_try is None


def states(*deliveries: Delivery) -> list[tuple[str, State, str | None]]:
    found = in_the_way((SHOP, BANK), deliveries)
    return [(each.page_name, each.state, each.reason) for each in found]


def test_nothing_is_in_the_way_of_what_is_done() -> None:
    assert states() == []
    assert states(owed(State.DONE), owed(State.DONE, BANK, 2)) == []


def test_each_page_shows_the_first_thing_that_is_not_there() -> None:
    deliveries = [
        owed(State.DONE, SHOP, 1),
        owed(State.REFUSED, SHOP, 2),
        owed(State.UNSURE, SHOP, 3),
        owed(State.PENDING, SHOP, 4),
        owed(State.STUCK, BANK, 5),
    ]
    assert states(*deliveries) == [
        ("Shop", State.UNSURE, "Reason 3."),
        ("Bank", State.STUCK, "Reason 5."),
    ]


def test_a_refusal_is_shown_until_something_later_arrives() -> None:
    refused = owed(State.REFUSED)
    assert states(refused) == [("Shop", State.REFUSED, "Reason 1.")]
    assert states(refused, owed(State.DONE, SHOP, 2)) == []
