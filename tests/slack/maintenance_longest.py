"""What every view of a maintenance shows when everything is as long as it ever gets."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.deliveries import ThreadNote
from bot.domain.maintenances import Automation, Notice
from bot.domain.maintenances.series import WindowState
from bot.domain.pages import Page
from bot.domain.parent_messages import ParentMessage
from bot.domain.submissions import Repeat, Rhythm
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import maintenance_messages, maintenances, messages, series
from bot.slack.views.fields import PageChoice
from tests.slack.longest import (
    BROKEN,
    MANY,
    MANY_STANDINGS,
    MESSAGE,
    MESSAGES,
    NAME,
    SENTENCE,
    URL,
    long_receipt,
)
from tests.slack.maintenance_states import (
    BY_FOGHORN,
    BY_PAGE,
    ENDS,
    RUNNING,
    STARTS,
    driving,
    maintenance,
    recurrence,
    schedule,
    schedule_state,
    sent,
    there,
    update_form,
    update_state,
    window,
)
from tests.slack.states import NOW, Case, capabilities

FAR = FormMetadata(
    "C" * 60, "m" * 60, "s" * 60, "V" * 60, verb="complete", end="1h 30m", zone="Z" * 60
)
MANY_PAGES = [
    PageChoice(
        Page(f"instatus:{n:0120}", NAME, URL),
        driving(ahead=False) if n % 2 else replace(capabilities(), notify_limit=1000),
    )
    for n in range(120)
]
FULL = schedule(
    name="&" * 3000,
    message=MESSAGE,
    pages=tuple(choice.page.id for choice in MANY_PAGES),
    components=tuple(MANY),
    starts=STARTS,
    ends=ENDS + timedelta(days=30),
    zone="Z" * 60,
    automation=Automation.START_AND_FINISH,
    notices=tuple(Notice),
    repeat=Repeat(Rhythm.MONTHLY, 104, date(2099, 12, 31)),
)
EVERYTHING = schedule_state(
    pages=MANY_PAGES, metadata=FAR, form=FULL, components=MANY, note=SENTENCE * 9
)
PAGES = tuple(
    there(n, id=f"{n:032}", page_name=NAME, url=URL, drivers=BY_PAGE if n % 2 else BY_FOGHORN)
    for n in range(120)
)
LONG = maintenance(
    id="m" * 32,
    name="&" * 3000,
    message=MESSAGE,
    owner_name=NAME,
    publications=PAGES,
    series_id="s" * 32,
    number=103,
    ends_at=ENDS + timedelta(days=30),
)
LONG_RUNNING = replace(LONG, status=RUNNING)
OFTEN = recurrence(
    id="s" * 32,
    form=replace(FULL, zone="Z" * 60),
    windows=(window(1, WindowState.SCHEDULED), *(window(n) for n in range(2, 105))),
)

LONGEST: Mapping[str, Mapping[str, Case]] = {
    "maintenances.schedule": {"everything": lambda: maintenances.schedule(EVERYTHING)},
    "maintenances.restated": {
        "everything": lambda: maintenances.restated(
            sent(maintenances.schedule(EVERYTHING)), FULL, MANY_PAGES
        )
    },
    "maintenances.update": {
        name: lambda message=message: maintenances.update(  # type: ignore[misc]
            update_state(
                maintenance=replace(LONG_RUNNING, message=message),
                metadata=FAR,
                form=update_form(status=RUNNING, message=message),
                statuses=RUNNING.following,
                pages=MANY_PAGES,
                note=SENTENCE * 9,
            )
        )
        for name, message in MESSAGES.items()
    },
    "maintenances.relabelled": {
        "everything": lambda: maintenances.relabelled(
            sent(LONGEST["maintenances.update"]["mentions"]()),  # type: ignore[arg-type]
            RUNNING,
        )
    },
    "maintenances.pick": {"many": lambda: maintenances.pick([LONG] * 120, SENTENCE, FAR)},
    "series.last_day": {"long": lambda: series.last_day(OFTEN, FAR)},
    "maintenance_messages.parent": {
        "scheduled": lambda: maintenance_messages.parent(
            LONG, ParentMessage(LONG, BROKEN, tuple(MANY_STANDINGS), series=OFTEN)
        ),
        "running": lambda: maintenance_messages.parent(
            LONG_RUNNING, ParentMessage(LONG_RUNNING, BROKEN, tuple(MANY_STANDINGS), series=OFTEN)
        ),
    },
    "maintenance_messages.listed": {
        "many": lambda: maintenance_messages.listed([LONG_RUNNING] * 120, [OFTEN] * 120, NOW),
    },
    "maintenance_messages.guide": {"long": lambda: maintenance_messages.guide("/" + "n" * 31)},
    "maintenance_messages.nothing_matches": {
        "long": lambda: maintenance_messages.nothing_matches(MESSAGE, "complete", MESSAGE)
    },
    "messages.noted": {"long": lambda: messages.noted(ThreadNote(SENTENCE * 9))},
    "messages.private_text": {"long": lambda: messages.private_text("W" * 5000)},
    "messages.parent": {
        "of a maintenance": lambda: messages.parent(
            ParentMessage(LONG_RUNNING, BROKEN, tuple(MANY_STANDINGS))
        )
    },
    "messages.published": {
        f"{name}, of a maintenance": lambda message=message: messages.published(  # type: ignore[misc]
            replace(
                long_receipt(message), status=RUNNING, starts=STARTS, ends=ENDS + timedelta(days=9)
            )
        )
        for name, message in MESSAGES.items()
    },
}
