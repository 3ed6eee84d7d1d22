"""The overall status: one sentence and one indicator for the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site_state import SiteState, worst_ever


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


def impact(status: ComponentStatus) -> Indicator:
    """Return the impact of an incident whose worst effect on a component is `status`."""
    return _IMPACTS.get(status, Indicator.NONE)


def overall_status(state: SiteState) -> OverallStatus:
    """Return the status of the whole page.

    An incident that is open while no component does badly is still said, at least as minor:
    Statuspage would be green.
    """
    found = _roll_up([state.statuses[component.id] for component in state.components])
    if state.open and found.indicator in (Indicator.NONE, Indicator.MAINTENANCE):
        impacts = (Indicator.MINOR, *(impact(worst_ever(each)) for each in state.open))
        return OverallStatus(max(impacts, key=list(Indicator).index), "Incident in progress")
    return found


def _roll_up(statuses: Sequence[ComponentStatus]) -> OverallStatus:
    """Roll up by Atlassian's rules for several components, the first that fits."""
    some = set(statuses)
    rules = (
        (some == {ComponentStatus.MAJOR_OUTAGE}, _MAJOR),
        (ComponentStatus.MAJOR_OUTAGE in some, _PARTIAL),
        (some == {ComponentStatus.PARTIAL_OUTAGE}, _PARTIAL),
        (ComponentStatus.PARTIAL_OUTAGE in some, _MINOR),
        (some == {ComponentStatus.DEGRADED}, _DEGRADED),
        (ComponentStatus.DEGRADED in some, _PARTLY_DEGRADED),
        (ComponentStatus.UNDER_MAINTENANCE in some, _MAINTENANCE),
    )
    return next((found for fits, found in rules if fits), _OPERATIONAL)


_MAJOR = OverallStatus(Indicator.CRITICAL, "Major System Outage")
_PARTIAL = OverallStatus(Indicator.MAJOR, "Partial System Outage")
_MINOR = OverallStatus(Indicator.MINOR, "Minor Service Outage")
_DEGRADED = OverallStatus(Indicator.MINOR, "Degraded System Service")
_PARTLY_DEGRADED = OverallStatus(Indicator.MINOR, "Partially Degraded Service")
_MAINTENANCE = OverallStatus(Indicator.MAINTENANCE, "Service Under Maintenance")
_OPERATIONAL = OverallStatus(Indicator.NONE, "All Systems Operational")
