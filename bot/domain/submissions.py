"""What a person submitted in a form, complete enough to open the form again filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus


class ForAll(StrEnum):
    """The answers to "Component status" that are not a status."""

    KEEP = "keep"
    """Each component keeps the status that it has on the page."""
    EACH = "each"
    """A second step asks for each component's own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack; `name` is what the others call them and pings nobody."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that both forms have.

    `components` are the keys of the chosen components in the snapshot, in the order chosen;
    `each` gives some of them a status of their own. `next_update` is in minutes; None leaves it to
    the cadence.
    """

    status: IncidentStatus
    message: str
    components: tuple[str, ...] = ()
    component_status: ComponentStatus | ForAll = ComponentStatus.DEGRADED
    each: Mapping[str, ComponentStatus] = field(default_factory=dict)
    notify: bool = True
    next_update: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The form *Report an incident*; `pages` are our page ids, `started` an aware instant."""

    fields: Fields
    name: str
    pages: tuple[str, ...]
    channel: str
    started: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The form *Post an update*, for the incident with our id `incident_id`."""

    fields: Fields
    incident_id: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that a person sent; `key` is the same for every arrival of the same act.

    `view_id` is the modal that shows how it goes. `replaces` is the submission that was refused and
    that this one corrects.
    """

    key: str
    author: Person
    form: Report | Progress
    view_id: str | None = None
    replaces: str | None = None
