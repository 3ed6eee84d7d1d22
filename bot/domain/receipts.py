"""Receipts: what the page says now, beside what was wanted of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.incidents import IncidentStatus, PageIncident
from bot.domain.maintenances import MaintenanceStatus, PageMaintenance
from bot.domain.pages import ComponentStatus, component_statuses
from bot.domain.texts.comparison import same_text
from bot.domain.times import utc


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Read the page and show what it says now, beside what somebody wanted it to say.

    `impacts` are the subject's own, as they are now; `note` is the provider's word on what it did
    not do; `first` is true for what opened the subject. `starts` and `ends` are a maintenance's as
    planned, `began` and `ended` when it really ran. `before` is the worst that we may have set
    components to in its name until then.
    """

    name: str
    status: IncidentStatus | MaintenanceStatus
    message: str
    impacts: Mapping[str, ComponentStatus]
    notified: bool | None
    author: str
    published_at: datetime
    note: str | None = None
    first: bool = False
    starts: datetime | None = None
    ends: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None
    before: Mapping[str, ComponentStatus] = field(default_factory=dict)

    @property
    def ours(self) -> dict[str, ComponentStatus]:
        """The worst that we may have set each component to in the subject's name."""
        return component_statuses({**self.before, **self.impacts}, self.before)


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """One component in a receipt: what the page shows, and by whose doing if not ours."""

    name: str
    status: ComponentStatus
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a publish: what the page said when it was read back, or why it could not be read.

    `starts` and `ends` are the planned window of a maintenance, `began` and `ended` its real one.
    `promised` is when customers were told that they hear more. `broadcast` shows it to the whole
    channel, and not in the thread alone. Without `has_subscribers` the page tells nobody, whatever
    was asked of it.
    """

    page_name: str
    url: str | None
    status: IncidentStatus | MaintenanceStatus
    message: str
    author: str
    published_at: datetime
    notified: bool | None
    components: tuple[ShownComponent, ...] = ()
    differences: tuple[str, ...] = ()
    note: str | None = None
    first: bool = False
    unread: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    began: datetime | None = None
    ended: datetime | None = None
    promised: datetime | None = None
    broadcast: bool = False
    has_subscribers: bool = True


def differences(
    wanted: ReadBack,
    page: PageIncident | PageMaintenance,
    expected: Mapping[str, ComponentStatus],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """Return a sentence for each thing that the page shows otherwise than was wanted.

    `expected` are the statuses that the components should show, others' holds on them counted;
    `names` are the components' names.
    """
    found = []
    if not same_text(page.name, wanted.name):
        found.append(f"The name on the page is “{page.name}”, not “{wanted.name}”.")
    posted = [update for update in page.updates if same_text(update.message, wanted.message)]
    if not wanted.message.strip():
        pass  # the page took a step by itself, and says nothing about it
    elif not posted:
        found.append("The message is not among the updates that the page shows.")
    elif all(update.status is not wanted.status for update in posted):
        found.append(f"The update stands as {posted[-1].status.label}, not {wanted.status.label}.")
    found += [
        f"{names.get(component_id, component_id)} shows {page.shown[component_id].label}, "
        f"not {status.label}."
        for component_id, status in expected.items()
        if component_id in page.shown and page.shown[component_id] is not status
    ]
    if isinstance(page, PageMaintenance):
        found += _window_differences(wanted, page)
    return tuple(found)


def _window_differences(wanted: ReadBack, page: PageMaintenance) -> list[str]:
    """Compare the status and, as long as it matters, the window, where the page tells it."""
    found = []
    if page.status is not wanted.status:
        found.append(f"The page shows it as {page.status.label}, not {wanted.status.label}.")
    if isinstance(wanted.status, MaintenanceStatus) and wanted.status.is_over:
        return found
    if page.starts and wanted.starts and page.starts != wanted.starts:
        found.append(f"It starts at {utc(page.starts)}, not {utc(wanted.starts)}.")
    if page.ends and wanted.ends and page.ends != wanted.ends:
        found.append(f"It ends at {utc(page.ends)}, not {utc(wanted.ends)}.")
    return found
