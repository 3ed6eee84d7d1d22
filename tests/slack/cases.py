"""Every view, as it usually is and as long as it ever gets."""

from collections.abc import Mapping
from functools import reduce

from tests.slack import (
    dashboard_states,
    longest,
    maintenance_longest,
    maintenance_states,
    reminder_states,
    states,
)
from tests.slack.states import Case

Views = Mapping[str, Mapping[str, Case]]


def together(one: Views, other: Views) -> Views:
    """Views of both, and the cases of both where they show the same view."""
    return {view: {**one.get(view, {}), **other.get(view, {})} for view in {**one, **other}}


TYPICAL = reduce(
    together,
    (
        states.TYPICAL,
        maintenance_states.TYPICAL,
        reminder_states.TYPICAL,
        dashboard_states.TYPICAL,
    ),
)
LONGEST = reduce(
    together,
    (
        longest.LONGEST,
        maintenance_longest.LONGEST,
        reminder_states.LONGEST,
        dashboard_states.LONGEST,
    ),
)
