"""What a person submitted in a form, complete enough to open the form again filled in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import Automation, MaintenanceStatus, Notice
from bot.domain.pages import ComponentStatus


class StatusForAll(StrEnum):
    """The answers to "Component status" that are not a status."""

    KEEP = "keep"
    """Each component keeps the status that it has on the page."""
    EACH = "each"
    """A second step asks for each component's own."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack; `name` is what the others call them and pings nobody.

    `verified` says whether Slack told who they are; it is not kept with what they submitted.
    """

    id: str
    name: str
    verified: bool = True

    @property
    def caveat(self) -> str:
        """What the audit log adds to the outcome of what they did."""
        return "" if self.verified else ", unverified"


@dataclass(frozen=True, slots=True)
class IncidentFields:
    """The fields that both forms have.

    `components` are the keys of the chosen components in the snapshot, in the order chosen;
    `each` gives some of them a status of their own. `next_update` is in minutes; None leaves it to
    what the message promises (if `by_text`), else to the cadence. `zone` is the person's (IANA).
    """

    status: IncidentStatus
    message: str
    components: tuple[str, ...] = ()
    component_status: ComponentStatus | StatusForAll = ComponentStatus.DEGRADED
    each: Mapping[str, ComponentStatus] = field(default_factory=dict)
    notify: bool = True
    next_update: int | None = None
    by_text: bool = True
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The form *Report an incident*; `pages` are our page ids, `started` an aware instant.

    `turns` is our id of the maintenance that the incident takes over. `long_ago` says that the
    person was asked about a start more than a day ago, and means it.
    """

    fields: IncidentFields
    name: str
    pages: tuple[str, ...]
    channel: str
    started: datetime | None = None
    turns: str | None = None
    long_ago: bool = False


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """The form *Post an update*, for the incident with our id `incident_id`.

    `seen` is our id of the last submission about it that the form took into account.
    """

    fields: IncidentFields
    incident_id: str
    seen: str | None = None


class Rhythm(StrEnum):
    """How a maintenance comes back."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the same weekday of the month: the second Tuesday, or the last one when it is the last."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a maintenance comes back: `count` windows in all, or all that start by `until`."""

    rhythm: Rhythm
    count: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ScheduleForm:
    """The form *Schedule maintenance*.

    `pages` are our page ids, `components` keys in the snapshot. `starts` and `ends` are aware
    instants, None where the person left them empty; `zone` is the person's (IANA), in which a
    repeated window keeps its time of day.
    """

    name: str
    message: str
    pages: tuple[str, ...]
    channel: str
    components: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    zone: str
    automation: Automation = Automation.START
    notices: tuple[Notice, ...] = (Notice.NOW,)
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceUpdateForm:
    """The form *Update maintenance*, for the maintenance with our id `maintenance_id`.

    `ends` is the planned end as the person left it.
    """

    maintenance_id: str
    status: MaintenanceStatus
    message: str
    ends: datetime | None
    notify: bool


Form = ReportForm | UpdateForm | ScheduleForm | MaintenanceUpdateForm


F_co = TypeVar("F_co", bound=Form, covariant=True)


@dataclass(frozen=True, slots=True)
class Submission(Generic[F_co]):
    """A form that a person sent; `key` is the same for every arrival of the same act.

    `view_id` is the modal that shows how it goes. `replaces` is the submission that was refused and
    that this one corrects, `replaced_by` the one that corrected this one; `subject_id` is what it
    was about once it was accepted.
    """

    key: str
    author: Person
    form: F_co
    view_id: str | None = None
    replaces: str | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex, compare=False)
    subject_id: str = ""
    replaced_by: str | None = None


AnySubmission = Submission[Form]
