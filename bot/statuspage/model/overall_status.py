"""The overall status: one sentence and one indicator for the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import IncidentRecord
from bot.statuspage.model.site_state import SiteState, incident_severity


class Indicator(StrEnum):
    """How bad it is as Statuspage says it; readers know these words and no other."""

    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class OverallStatus:
    """The indicator, and Statuspage's own sentence for it."""

    indicator: Indicator
    description: str

    @property
    def sentence(self) -> str:
        """The same in the words of a sentence, for people."""
        return self.description.capitalize()

    @property
    def status(self) -> ComponentStatus:
        """The component status that has the same colour."""
        return _COLOURS[self.indicator]


_COLOURS = {
    Indicator.NONE: ComponentStatus.OPERATIONAL,
    Indicator.MAINTENANCE: ComponentStatus.UNDER_MAINTENANCE,
    Indicator.MINOR: ComponentStatus.DEGRADED,
    Indicator.MAJOR: ComponentStatus.PARTIAL_OUTAGE,
    Indicator.CRITICAL: ComponentStatus.MAJOR_OUTAGE,
}

_IMPACTS = {
    ComponentStatus.DEGRADED: Indicator.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Indicator.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Indicator.CRITICAL,
}


def impact(incident: IncidentRecord) -> Indicator:
    """Return the impact of an incident: at least minor, and so much as its worst effect says."""
    return _IMPACTS[incident_severity(incident)]


def overall_status(state: SiteState) -> OverallStatus:
    """Return the status of the whole page.

    An incident that is open while no component does badly is still said, at least as minor:
    Statuspage would be green.
    """
    found = _roll_up([state.statuses[component.id] for component in state.components])
    if state.open and found.indicator in (Indicator.NONE, Indicator.MAINTENANCE):
        worst_open = max(map(impact, state.open), key=list(Indicator).index)
        return OverallStatus(worst_open, "Incident in progress")
    return found


def _roll_up(statuses: Sequence[ComponentStatus]) -> OverallStatus:
    """Roll up by Atlassian's rules for several components, the first that fits."""
    some = set(statuses)
    major, partial = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
    degraded, maintenance = ComponentStatus.DEGRADED, ComponentStatus.UNDER_MAINTENANCE
    rules = (
        (some == {major}, Indicator.CRITICAL, "Major System Outage"),
        (major in some or some == {partial}, Indicator.MAJOR, "Partial System Outage"),
        (partial in some, Indicator.MINOR, "Minor Service Outage"),
        (some == {degraded}, Indicator.MINOR, "Degraded System Service"),
        (degraded in some, Indicator.MINOR, "Partially Degraded Service"),
        (maintenance in some, Indicator.MAINTENANCE, "Service Under Maintenance"),
        (True, Indicator.NONE, "All Systems Operational"),
    )
    return next(OverallStatus(how, words) for fits, how, words in rules if fits)
