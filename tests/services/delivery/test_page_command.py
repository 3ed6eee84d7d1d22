"""What is known of something that was only found on the page later."""

from dataclasses import replace

import pytest

from bot.services.delivery.page_command import told
from tests.services.planned import BARE, NOON, PAGE, PlannedPage
from tests.services.shaky import MovedClock


@pytest.mark.parametrize(
    ("limit", "asked", "known"),
    [(1000, True, None), (1000, False, False), (None, True, True), (None, False, False)],
)
def test_a_page_with_a_limit_may_have_told_nobody(
    *, limit: int | None, asked: bool, known: bool | None
) -> None:
    page = PlannedPage(MovedClock(NOON), PAGE, replace(BARE, notify_limit=limit))
    assert told(page, asked=asked) is known
