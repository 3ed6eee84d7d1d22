"""Every view, as it usually is and as long as it ever gets."""

from collections.abc import Mapping

from tests.slack import (
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


TYPICAL = together(together(states.TYPICAL, maintenance_states.TYPICAL), reminder_states.TYPICAL)
LONGEST = together(together(longest.LONGEST, maintenance_longest.LONGEST), reminder_states.LONGEST)
