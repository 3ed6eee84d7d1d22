"""The overall status: one sentence and one indicator for the whole page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.pages import ComponentStatus, worst
from bot.statuspage.model.site import IncidentRecord
from bot.statuspage.model.site_state import SiteState, incident_severity, worst_now


class Indicator(StrEnum):
    """How bad it is as Statuspage says it; readers know these words and no other."""

    NONE = "none"
    MAINTENANCE = "maintenance"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class OverallStatus:
    """How the whole page does, for two sorts of readers.

    Those of Statuspage's shape get its indicator and its own sentence for it (`description`).
    People get the worst of what the page lists (`status`), and a sentence in the same words.
    """

    indicator: Indicator
    description: str
    status: ComponentStatus
    sentence: str


_IN_PROGRESS, _ALL_WELL = "Incident in progress", "All systems operational"
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
    statuses = [state.statuses[component.id] for component in state.components]
    indicator, description = _roll_up(statuses)
    if state.open and indicator in (Indicator.NONE, Indicator.MAINTENANCE):
        indicator = max(map(impact, state.open), key=list(Indicator).index)
        status = worst(map(worst_now, state.open))
        return OverallStatus(indicator, _IN_PROGRESS, status, _IN_PROGRESS)
    status = worst(statuses)
    good = status is ComponentStatus.OPERATIONAL
    return OverallStatus(indicator, description, status, _ALL_WELL if good else status.label)


def _roll_up(statuses: Sequence[ComponentStatus]) -> tuple[Indicator, str]:
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
    return next((how, words) for fits, how, words in rules if fits)
