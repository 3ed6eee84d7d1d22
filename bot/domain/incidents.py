"""Incidents: what somebody wants to say (drafts) and what the page shows (the bare nouns)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Subject


class IncidentStatus(StrEnum):
    """Where the work on an incident stands; `UNKNOWN` is a word of the page's not known to us."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The field's own word for a person."""
        return self.value.capitalize()

    @property
    def likely_next(self) -> "IncidentStatus":
        """The status that the next update will most likely have."""
        following = {
            IncidentStatus.INVESTIGATING: IncidentStatus.IDENTIFIED,
            IncidentStatus.IDENTIFIED: IncidentStatus.MONITORING,
        }
        return following.get(
            self, self if self is IncidentStatus.RESOLVED else IncidentStatus.MONITORING
        )


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """An incident that somebody wants on a page.

    `message` is Markdown. `impacts` is the page's component id to the status that it is given.
    `started` is an aware UTC instant, unique among our incidents of a page to the millisecond, so
    that the incident can be recognised by it where the page takes it.
    """

    name: str
    status: IncidentStatus
    message: str
    impacts: Mapping[str, ComponentStatus]
    notify: bool
    started: datetime


@dataclass(frozen=True, slots=True)
class UpdateDraft:
    """An update that somebody wants on an incident of a page; `RESOLVED` ends the incident.

    `impacts` names every component of the incident, also those that are operational again.
    `at` is an aware UTC instant, unique to the millisecond among our updates of the incident.
    `before` is what the incident did to them by our own record until this update.
    """

    status: IncidentStatus
    message: str
    impacts: Mapping[str, ComponentStatus]
    notify: bool
    at: datetime
    before: Mapping[str, ComponentStatus] = field(default_factory=dict)

    def lasting(self, there: Container[str]) -> "UpdateDraft":
        """Return it without what the incident did before to components that are not `there`.

        One that it names for the first time stays, for the page to refuse it.
        """
        return replace(
            self,
            impacts={
                id_: impact
                for id_, impact in self.impacts.items()
                if id_ in there or id_ not in self.before
            },
        )


@dataclass(frozen=True, slots=True)
class Update:
    """One update as the page shows it; `message` is Markdown, `at` an aware UTC instant."""

    id: str
    status: IncidentStatus
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PageIncident:
    """One incident as a page shows it, updates oldest first.

    `impacts` is this incident's own share, as well as the page can tell (a page that keeps one
    status per component can only give the incident's worst for each). `shown` is the status that
    the page shows now for each of its components, whoever caused it.
    """

    id: str
    name: str
    status: IncidentStatus
    started: datetime
    updates: tuple[Update, ...]
    impacts: Mapping[str, ComponentStatus] = field(default_factory=dict)
    shown: Mapping[str, ComponentStatus] = field(default_factory=dict)
    url: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the incident is not resolved yet."""
        return self.status is not IncidentStatus.RESOLVED

    @property
    def runs(self) -> bool:
        """Whether it does now to components what it is there for."""
        return self.is_open


@dataclass(frozen=True, slots=True)
class Incident(Subject):
    """One incident as the team knows it: a thread in Slack, on one page or several."""

    status: IncidentStatus
    started_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether there is still something to say about it."""
        return self.status is not IncidentStatus.RESOLVED and self.is_anywhere
