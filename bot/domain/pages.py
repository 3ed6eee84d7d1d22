"""Status pages, their components, and how bad a component is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ComponentStatus(StrEnum):
    """How a component is doing; declared from best to worst, `UNKNOWN` apart."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    UNKNOWN = "unknown"
    """A word of the page's that we do not know: shown as it is, never sent, worse than nothing."""

    @property
    def severity(self) -> int:
        """Rank from 0 (operational) upwards; an unknown word ranks lowest and wins nothing."""
        return _SEVERITIES[self]

    @property
    def label(self) -> str:
        """The field's own words for a person."""
        return self.value.replace("_", " ").capitalize()


_SEVERITIES = {status: rank for rank, status in enumerate(ComponentStatus)} | {
    ComponentStatus.UNKNOWN: -1
}


def worst(statuses: Iterable[ComponentStatus]) -> ComponentStatus:
    """Return the worst of `statuses`; operational when there are none."""
    return max((ComponentStatus.OPERATIONAL, *statuses), key=lambda status: status.severity)


@dataclass(frozen=True, slots=True)
class Page:
    """One public status page that our key reaches.

    `id` is ours: the provider's name, a colon, and the page's id there. `since` is when its history
    begins, an aware instant; None where nobody knows.
    """

    id: str
    name: str
    url: str | None = None
    since: datetime | None = None

    @property
    def marks(self) -> tuple[str, str, str]:
        """Its name, and what tells it from another page of that name."""
        return self.name, (self.url or "").removeprefix("https://"), self.id


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the product as the page lists it; `group` is the name of its group, if any."""

    id: str
    name: str
    group: str | None = None
    status: ComponentStatus = ComponentStatus.OPERATIONAL


@dataclass(frozen=True, slots=True)
class Hold:
    """Something on the page that keeps a component from being operational.

    `source_id` is the page's id of the open incident or running maintenance, `source` its name.
    """

    source_id: str
    source: str
    component_id: str
    status: ComponentStatus


def held(holds: Iterable[Hold]) -> dict[str, ComponentStatus]:
    """Return the worst status that `holds` put on each component they name."""
    statuses: dict[str, ComponentStatus] = {}
    for hold in holds:
        before = statuses.get(hold.component_id, ComponentStatus.OPERATIONAL)
        statuses[hold.component_id] = worst((before, hold.status))
    return statuses


def corrections(
    shown: Mapping[str, ComponentStatus],
    least: Mapping[str, ComponentStatus],
    ours: Mapping[str, ComponentStatus],
) -> dict[str, ComponentStatus]:
    """Return what to set where one status stands for all, and is not what all together make it.

    What looks better than `least`, which is what all hold components at, is made worse. What looks
    worse is made better if it is no worse than `ours`, what we ourselves did to it; else somebody
    set it by hand.
    """
    operational, unknown = ComponentStatus.OPERATIONAL, ComponentStatus.UNKNOWN
    wanted = {id_: least.get(id_, operational) for id_ in shown}
    return {
        id_: wanted[id_]
        for id_, now in shown.items()
        if now not in {wanted[id_], unknown}
        and now.severity <= max(wanted[id_].severity, ours.get(id_, operational).severity)
    }


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a page can do, so that forms and messages never ask for a vendor by name."""

    name_limit: int | None
    """Longest incident name in characters; None when the vendor publishes no limit."""
    message_limit: int | None
    """Longest message in characters; None when the vendor publishes no limit."""
    backdates: bool
    """An incident can be given a start in the past."""
    edits_updates: bool
    """The text of a posted update can be changed."""
    deletes_updates: bool
    """A posted update can be taken back."""
    deletes_incidents: bool
    """A whole incident can be removed from the page."""
    shares_component_status: bool
    """A component has one status, the last writer's; else each incident has its own impact."""
    takes_create_key: bool
    """Creating twice with one key gives the first answer."""
    update_limit: int | None = None
    """Most updates that one incident can have."""
    notify_limit: int | None = None
    """Most subscribers of a page to whom the page will still send what we post."""
    drives: frozenset[str] = frozenset()
    """Values of `Automation` that the page carries out by itself when the time comes."""
    notices_alike: bool = False
    """A maintenance that the page drives tells subscribers at every step, or at none."""
    notices_ahead: bool = False
    """The page reminds its subscribers by itself before a maintenance starts."""
    has_subscribers: bool = True
    """The page can have subscribers, whom it tells; else a post is only in its feeds."""
    renders_all: bool = False
    """The page shows all Markdown as Foghorn previews it; else its dialect is not published."""
    keeps_cancelled: bool = False
    """A maintenance can be shown as cancelled; else it is taken off the page."""


def component_statuses(
    impacts: Mapping[str, ComponentStatus], held_by_others: Mapping[str, ComponentStatus]
) -> dict[str, ComponentStatus]:
    """Return what to write for each component of `impacts`: never better than others allow."""
    return {
        component_id: worst((impact, held_by_others.get(component_id, ComponentStatus.OPERATIONAL)))
        for component_id, impact in impacts.items()
    }
