"""What every view of a maintenance usually shows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.deliveries import State, ThreadNote
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus, Notice
from bot.domain.maintenances.series import Recurrence, SeriesWindow, WindowState
from bot.domain.pages import Capabilities, ComponentStatus, Page
from bot.domain.parent_messages import ParentMessage
from bot.domain.receipts import ShownComponent
from bot.domain.subjects import Driver, Publication, PublicationState, Step
from bot.domain.submissions import MaintenanceUpdateForm, Person, Repeat, Rhythm, ScheduleForm
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import maintenance_messages, maintenances, messages, series
from bot.slack.views.fields import PageChoice
from bot.slack.views.maintenances import MaintenanceUpdateState, ScheduleState
from tests.slack.states import API, NOW, SHOP, SOME, Case, capabilities, publication, standing
from tests.slack.states import receipt as incident_receipt

STARTS, ENDS = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2)
SCHEDULED, RUNNING = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED
ZONE = "Europe/Berlin"
HERE = FormMetadata("C0INC", "m1", zone=ZONE)
UNDER = ComponentStatus.UNDER_MAINTENANCE
BY_PAGE = {Step.START: Driver.PAGE, Step.FINISH: Driver.HAND}
BY_FOGHORN = {Step.START: Driver.FOGHORN, Step.FINISH: Driver.FOGHORN}


def driving(*, alike: bool = False, ahead: bool = True) -> Capabilities:
    """A page that starts and finishes maintenances by itself."""
    drives = frozenset({Automation.START.value, Automation.START_AND_FINISH.value})
    return replace(
        capabilities(notify_limit=1000), drives=drives, notices_alike=alike, notices_ahead=ahead
    )


DOCK = PageChoice(Page("instatus:dock", "Dock <1>", "https://dock.example"), driving())
ALIKE = PageChoice(Page("incidentio:pier", "Pier", None), driving(alike=True, ahead=False))


def there(number: int = 1, **more: object) -> Publication:
    return publication(
        number, **({"subject_id": "m1", "impacts": {"c1": UNDER}, "drivers": BY_PAGE} | more)
    )


def maintenance(**more: object) -> Maintenance:
    values: dict[str, object] = {
        "id": "m1",
        "name": "Database <move> & more",
        "message": "We **move** the database.",
        "owner_id": "U0ANN",
        "owner_name": "Ann",
        "channel": "C0INC",
        "thread_ts": "1772357400.000100",
        "notify": True,
        "updated_at": NOW,
        "due_at": None,
        "publications": (there(),),
        "status": SCHEDULED,
        "starts_at": STARTS,
        "ends_at": ENDS,
        "automation": Automation.START,
        "notices": (Notice.NOW, Notice.AT_START),
    }
    return Maintenance(**(values | more))  # type: ignore[arg-type]


def schedule(**more: object) -> ScheduleForm:
    values: dict[str, object] = {
        "name": "",
        "message": "",
        "pages": (),
        "channel": "C0INC",
        "components": (),
        "starts": None,
        "ends": None,
        "zone": ZONE,
    }
    return ScheduleForm(**(values | more))  # type: ignore[arg-type]


FILLED = schedule(
    name="Database <move>",
    message="We **move** the database.",
    pages=("instatus:dock", "instatus:shop"),
    components=("k1", "k2"),
    starts=STARTS,
    ends=ENDS + timedelta(days=1),
    automation=Automation.START_AND_FINISH,
    notices=(Notice.NOW, Notice.BEFORE, Notice.AT_END),
    repeat=Repeat(Rhythm.MONTHLY, 10, date(2027, 3, 1)),
)


def schedule_state(**more: object) -> ScheduleState:
    values: dict[str, object] = {"pages": [SHOP], "metadata": HERE, "form": schedule()}
    return ScheduleState(**(values | more))  # type: ignore[arg-type]


def update_form(**more: object) -> MaintenanceUpdateForm:
    values: dict[str, object] = {
        "maintenance_id": "m1",
        "status": SCHEDULED,
        "message": "",
        "ends": ENDS,
        "notify": True,
    }
    return MaintenanceUpdateForm(**(values | more))  # type: ignore[arg-type]


def update_state(**more: object) -> MaintenanceUpdateState:
    values: dict[str, object] = {
        "maintenance": maintenance(),
        "metadata": HERE,
        "form": update_form(),
        "statuses": SCHEDULED.following,
        "pages": [SHOP, DOCK],
    }
    return MaintenanceUpdateState(**(values | more))  # type: ignore[arg-type]


def window(number: int, state: WindowState = WindowState.PLANNED) -> SeriesWindow:
    week = timedelta(weeks=number - 1)
    subject = f"m{number}" if state is WindowState.SCHEDULED else None
    return SeriesWindow(number, STARTS + week, ENDS + week, state, subject)


WINDOWS = (
    window(1, WindowState.SCHEDULED),
    window(2, WindowState.SKIPPED),
    window(3, WindowState.MISSED),
    *(window(number) for number in range(4, 10)),
    window(10, WindowState.DROPPED),
)


def recurrence(**more: object) -> Recurrence:
    values: dict[str, object] = {
        "id": "s1",
        "form": replace(FILLED, starts=STARTS, ends=ENDS, repeat=Repeat(Rhythm.WEEKLY, 10)),
        "author": Person("U0ANN", "Ann"),
        "windows": WINDOWS,
    }
    return Recurrence(**(values | more))  # type: ignore[arg-type]


def sent(view: dict[str, object]) -> dict[str, object]:
    return view | {"id": "V1", "hash": "1.abc", "team_id": "T1", "state": {"values": {}}}


THIRD = maintenance(series_id="s1", number=3)
LAST = maintenance(series_id="s1", number=10)
OWED = maintenance(
    publications=(there(state=PublicationState.OWED, remote_id=None, url=None),),
    updated_at=None,
    thread_ts=None,
)
RAN = maintenance(
    status=COMPLETED,
    began_at=STARTS - timedelta(minutes=20),
    ended_at=ENDS + timedelta(days=1, seconds=5),
)
ON_TWO = (there(), there(2, page_name="Bank & Co", drivers=BY_FOGHORN))

TYPICAL: Mapping[str, Mapping[str, Case]] = {
    "maintenances.schedule": {
        "empty": lambda: maintenances.schedule(schedule_state()),
        "named": lambda: maintenances.schedule(
            schedule_state(pages=[DOCK, SHOP, ALIKE], form=schedule(name="Database <move>"))
        ),
        "reopened": lambda: maintenances.schedule(
            schedule_state(
                pages=[DOCK, SHOP, ALIKE],
                metadata=FormMetadata("C0INC", replaces="s1", zone=ZONE),
                form=FILLED,
                components=SOME,
                note="This is what was sent. Correct it and publish.",
            )
        ),
        "nobody is told": lambda: maintenances.schedule(
            schedule_state(
                pages=[DOCK],
                metadata=replace(HERE, zone="Mars/Olympus"),
                form=schedule(
                    starts=STARTS, automation=Automation.BY_HAND, notices=(), zone="Mars/Olympus"
                ),
            )
        ),
    },
    "maintenances.restated": {
        "times chosen": lambda: maintenances.restated(
            sent(maintenances.schedule(schedule_state())), FILLED, [DOCK, SHOP]
        ),
        "alike": lambda: maintenances.restated(
            sent(maintenances.schedule(schedule_state())),
            schedule(notices=(Notice.NOW, Notice.AT_START)),
            [ALIKE],
        ),
    },
    "maintenances.update": {
        "an update": lambda: maintenances.update(update_state()),
        "start": lambda: maintenances.update(
            update_state(form=update_form(status=RUNNING, message="The maintenance has begun."))
        ),
        "complete": lambda: maintenances.update(
            update_state(
                maintenance=maintenance(status=RUNNING),
                statuses=RUNNING.following,
                form=update_form(status=COMPLETED, notify=False),
                pages=[DOCK],
                note="Hm.",
            )
        ),
        "cancel": lambda: maintenances.update(update_state(form=update_form(status=CANCELLED))),
    },
    "maintenances.relabelled": {
        "starts": lambda: maintenances.relabelled(
            sent(maintenances.update(update_state())), RUNNING
        ),
        "cancels": lambda: maintenances.relabelled(
            sent(maintenances.update(update_state())), CANCELLED
        ),
    },
    "maintenances.pick": {
        "two": lambda: maintenances.pick(
            [maintenance(), maintenance(id="m2", status=RUNNING)], "Which has news?", HERE
        ),
    },
    "series.last_day": {
        "weekly": lambda: series.last_day(recurrence(), HERE),
    },
    "maintenance_messages.parent": {
        "scheduled": lambda: maintenance_messages.parent(
            maintenance(), ParentMessage(maintenance(), (ShownComponent("API <v2>", UNDER),), ())
        ),
        "running": lambda: maintenance_messages.parent(
            maintenance(status=RUNNING),
            ParentMessage(maintenance(), (ShownComponent(API.name, UNDER),), ()),
        ),
        "completed": lambda: maintenance_messages.parent(
            maintenance(status=COMPLETED), ParentMessage(maintenance(), (), ())
        ),
        "ran at another time": lambda: maintenance_messages.parent(RAN, ParentMessage(RAN, (), ())),
        "ran as planned, to the minute": lambda: maintenance_messages.parent(
            maintenance(status=RUNNING, began_at=STARTS + timedelta(seconds=3)),
            ParentMessage(maintenance(), (), ()),
        ),
        "not public yet": lambda: maintenance_messages.parent(
            OWED, ParentMessage(OWED, (), (standing(State.PENDING),))
        ),
        "third of ten": lambda: maintenance_messages.parent(
            THIRD, ParentMessage(THIRD, (), (), series=recurrence())
        ),
        "third of a series that ended": lambda: maintenance_messages.parent(
            THIRD, ParentMessage(THIRD, (), (), series=recurrence(ended=True))
        ),
        "the last": lambda: maintenance_messages.parent(
            LAST, ParentMessage(LAST, (), (), series=recurrence())
        ),
        "two pages": lambda: maintenance_messages.parent(
            maintenance(publications=ON_TWO), ParentMessage(maintenance(), (), ())
        ),
        "by hand": lambda: maintenance_messages.parent(
            maintenance(publications=(there(drivers={}),)), ParentMessage(maintenance(), (), ())
        ),
    },
    "maintenance_messages.listed": {
        "none": lambda: maintenance_messages.listed([], [], NOW),
        "two": lambda: maintenance_messages.listed([maintenance(), OWED], [], NOW),
        "begun early": lambda: maintenance_messages.listed(
            [maintenance(status=RUNNING, began_at=NOW)], [], NOW
        ),
        "a series": lambda: maintenance_messages.listed([THIRD], [recurrence()], NOW),
        "a series that ended": lambda: maintenance_messages.listed(
            [THIRD], [recurrence(ended=True, windows=(WINDOWS[0], WINDOWS[-1]))], ENDS
        ),
    },
    "maintenance_messages.guide": {"help": lambda: maintenance_messages.guide("/sp-maintenance")},
    "maintenance_messages.nothing_matches": {
        "words": lambda: maintenance_messages.nothing_matches("<db>", "update", "update <db>"),
        "start": lambda: maintenance_messages.nothing_matches("", "start", "start"),
        "complete": lambda: maintenance_messages.nothing_matches("", "complete", "complete"),
    },
    "messages.noted": {
        "late": lambda: messages.noted(
            ThreadNote("Started 14 min late: <Foghorn> was not running.")
        ),
    },
    "messages.private_text": {"words": lambda: messages.private_text("Window 3 is skipped.")},
    "messages.parent": {
        "of a maintenance": lambda: messages.parent(ParentMessage(maintenance(), (), ())),
    },
    "messages.published": {
        "of a maintenance": lambda: messages.published(
            incident_receipt(status=RUNNING, starts=STARTS, ends=ENDS)
        ),
        "of one that ended early": lambda: messages.published(
            incident_receipt(
                status=COMPLETED,
                starts=STARTS,
                ends=ENDS,
                began=STARTS,
                ended=ENDS - timedelta(hours=1),
            )
        ),
    },
}
