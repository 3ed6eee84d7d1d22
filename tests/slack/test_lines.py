"""What the parent message and the form say of something that is not on its page."""

import pytest

from bot.domain.deliveries import State
from bot.domain.parent_messages import DeliveryStatus
from bot.slack.views import lines


@pytest.mark.parametrize("state", list(State))
def test_no_line_says_that_somebody_was_told_or_has_a_button(state: State) -> None:
    said = lines.delivery_status(DeliveryStatus("Shop", state, "The name is too long."))
    for claim in ("was told", "author decides", "button"):
        assert claim not in said
