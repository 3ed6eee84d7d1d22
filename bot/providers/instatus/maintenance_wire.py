"""How Instatus writes maintenances down, and which component statuses they have to change."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter

from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceStatus,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    Notice,
    PageMaintenance,
    WindowDraft,
)
from bot.domain.pages import ComponentStatus, Hold, worst
from bot.domain.subjects import Step
from bot.providers.answers import SILENT, Instant
from bot.providers.http import Body
from bot.providers.instatus.wire import EventAnswer, UpdateAnswer, known, statuses_body
from bot.providers.statuses import Statuses, maintenance_words
from bot.providers.times import write_instant

EARLY = 60
"""Minutes before the start at which subscribers are reminded."""
OPERATIONAL = ComponentStatus.OPERATIONAL
UNDER = ComponentStatus.UNDER_MAINTENANCE

STATUSES = maintenance_words(
    "Instatus",
    {
        MaintenanceStatus.SCHEDULED: "NOTSTARTEDYET",
        MaintenanceStatus.IN_PROGRESS: "INPROGRESS",
        MaintenanceStatus.COMPLETED: "COMPLETED",
    },
)

MaintenanceWord = Annotated[MaintenanceStatus, BeforeValidator(STATUSES.read)]


class MaintenanceAnswer(EventAnswer):
    """A maintenance."""

    status: MaintenanceWord = MaintenanceStatus.UNKNOWN
    start: Instant | None = None
    end: Instant | None = None

    def ordered(self) -> list[UpdateAnswer]:
        """Its updates in the order of posting: the first has the page's time, the others ours."""
        return sorted(
            self.updates, key=lambda each: (each.created_at or each.started, each.started)
        )

    def maintenance(self, page_url: str | None) -> PageMaintenance:
        return PageMaintenance(
            id=self.id,
            name=self.name,
            status=self.status,
            starts=self.start,
            ends=self.end,
            updates=tuple(update(each) for each in self.ordered()),
            component_ids=tuple(self.shown),
            shown=self.shown,
            url=f"{page_url}/maintenance/{self.id}" if page_url else None,
        )

    def holds(self) -> list[Hold]:
        if self.status is not MaintenanceStatus.IN_PROGRESS:
            return []
        return [Hold(self.id, self.name, component, UNDER) for component in self.shown]


def update(answer: UpdateAnswer) -> MaintenanceUpdate:
    """Return an entry of `updates` as an update of a maintenance."""
    status = STATUSES.read(answer.status)
    return MaintenanceUpdate(answer.id, status, answer.message, answer.started)


MAINTENANCE = TypeAdapter(MaintenanceAnswer)
MAINTENANCES = TypeAdapter(list[MaintenanceAnswer], config=SILENT)


def create_body(draft: MaintenanceDraft) -> Body:
    """Write a new maintenance; the components go under maintenance only once it starts.

    Who tells subscribers of a step is who takes it: for ours, our update's `notify` does.
    """
    return {
        "name": draft.name,
        "message": draft.message,
        "components": list(draft.component_ids),
        **_window(draft.starts, draft.ends, draft.driven),
        "status": STATUSES.write(MaintenanceStatus.SCHEDULED),
        "notify": Notice.NOW in draft.notices,
        "notifyStart": Notice.AT_START in draft.notices and Step.START in draft.driven,
        "notifyEnd": Notice.AT_END in draft.notices and Step.FINISH in draft.driven,
        "notifyEarly": Notice.BEFORE in draft.notices,
        "notifyMinutes": EARLY,
        "statuses": statuses_body(dict.fromkeys(draft.component_ids, UNDER)),
    }


def move_body(window: WindowDraft, status: MaintenanceStatus, shown: Statuses) -> Body:
    """Write a maintenance again with another window, and with nothing else changed.

    Of one that runs, `statuses` takes effect at once, so it repeats what the page shows; of one
    that does not, it is what the page will set when it starts.
    """
    planned = status is MaintenanceStatus.SCHEDULED
    return {
        "name": window.name,
        "message": window.message,
        "components": list(shown),
        **_window(window.starts, window.ends, window.driven),
        "status": STATUSES.write(status),
        "notify": False,
        "statuses": statuses_body(dict.fromkeys(shown, UNDER) if planned else known(shown)),
    }


def update_body(
    draft: MaintenanceUpdateDraft, components: Iterable[str], ends: datetime, changes: Statuses
) -> Body:
    """Write an update; a component that it left out would be detached."""
    return {
        "message": draft.message,
        "components": list(components),
        "started": write_instant(draft.at),
        "end": write_instant(ends),
        "status": STATUSES.write(draft.status),
        "notify": draft.notify,
        "statuses": statuses_body(changes),
    }


def changes(
    maintenance: MaintenanceAnswer, draft: MaintenanceUpdateDraft, shown: Statuses, held: Statuses
) -> Statuses:
    """Return the component statuses that an update has to write, since they are to be others.

    A component's status is one value for all, the last writer wins. So a component gets the worst
    of the maintenance while it runs, of what others hold it at, and of its own state: where the
    page shows it worse than these explain, somebody set it by hand, and it is left so. While the
    maintenance has yet to start, nothing is written: it would show at once.
    """
    if draft.status is MaintenanceStatus.SCHEDULED:
        return {}
    runs = draft.status is MaintenanceStatus.IN_PROGRESS
    ran = draft.begun or maintenance.status is not MaintenanceStatus.SCHEDULED
    targets = {}
    for id_, now in shown.items():
        least = worst((UNDER if runs else OPERATIONAL, held.get(id_, OPERATIONAL)))
        explained = worst((UNDER if runs or ran else OPERATIONAL, least))
        targets[id_] = now if now.severity > explained.severity else least
    return {id_: target for id_, target in targets.items() if target is not shown[id_]}


def _window(starts: datetime, ends: datetime, driven: tuple[Step, ...]) -> Body:
    """Write the times; with `autoEnd` the end is the start and `duration`, so the two agree."""
    return {
        "start": write_instant(starts),
        "end": write_instant(ends),
        "duration": (ends - starts) // timedelta(minutes=1),
        "autoStart": Step.START in driven,
        "autoEnd": Step.FINISH in driven,
    }
