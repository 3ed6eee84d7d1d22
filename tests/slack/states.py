"""What every view usually shows."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.deliveries import DirectMessage, State
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.pages import Capabilities, Component, ComponentStatus, Page
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import Receipt, ShownComponent
from bot.domain.subjects import Publication, PublicationState
from bot.domain.submissions import IncidentFields, StatusForAll
from bot.slack.blocks import Block
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields, incidents, messages, results
from bot.slack.views.fields import PageChoice
from bot.slack.views.incidents import ReportState, UpdateState
from bot.slack.views.lines import Message
from bot.slack.views.results import Preview

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
DEGRADED, PARTIAL = ComponentStatus.DEGRADED, ComponentStatus.PARTIAL_OUTAGE
MAJOR = ComponentStatus.MAJOR_OUTAGE
INVESTIGATING, MONITORING = IncidentStatus.INVESTIGATING, IncidentStatus.MONITORING
RESOLVED = IncidentStatus.RESOLVED


def capabilities(*, backdates: bool = True, notify_limit: int | None = None) -> Capabilities:
    return Capabilities(
        name_limit=None,
        message_limit=None,
        backdates=backdates,
        edits_updates=True,
        deletes_updates=True,
        deletes_incidents=True,
        shares_component_status=True,
        takes_create_key=True,
        notify_limit=notify_limit,
    )


SHOP = PageChoice(Page("instatus:shop", "Shop", "https://status.shop.example"), capabilities())
BANK = PageChoice(
    Page("incidentio:bank", "Bank & Co", None), capabilities(backdates=False, notify_limit=1000)
)
API, WEB = Component("c1", "API <v2>", "Backend"), Component("c2", "Web")
SOME = {"k1": API, "k2": WEB}
HERE = FormMetadata("C0INC", "i1")


def publication(number: int = 1, **more: object) -> Publication:
    values: dict[str, object] = {
        "id": f"pub{number}",
        "subject_id": "i1",
        "page_id": "instatus:shop",
        "page_name": "Shop",
        "state": PublicationState.LIVE,
        "impacts": {"c1": MAJOR},
        "remote_id": "r1",
        "url": "https://status.shop.example/i/r1",
    }
    return Publication(**(values | more))  # type: ignore[arg-type]


def incident(**more: object) -> Incident:
    values: dict[str, object] = {
        "id": "i1",
        "name": "Checkout <is> down & out",
        "status": INVESTIGATING,
        "message": "We are **looking** into it.\n\n- carts fail\n- so do payments",
        "owner_id": "U0ANN",
        "owner_name": "Ann",
        "channel": "C0INC",
        "thread_ts": "1772357400.000100",
        "notify": True,
        "started_at": NOW,
        "updated_at": NOW,
        "due_at": LATER,
        "publications": (publication(),),
    }
    return Incident(**(values | more))  # type: ignore[arg-type]


OWED = incident(
    publications=(publication(state=PublicationState.OWED, remote_id=None, url=None),),
    updated_at=None,
    due_at=None,
    thread_ts=None,
)
OVER = incident(status=RESOLVED, due_at=None)
DELETED = incident(
    publications=(publication(state=PublicationState.REFUSED, remote_id=None, url=None),),
    due_at=None,
)


def standing(state: State, **more: object) -> DeliveryStatus:
    return DeliveryStatus("Shop & Co", state, **more)  # type: ignore[arg-type]


STANDINGS = [
    standing(State.PENDING),
    standing(State.PENDING, reason="The page is down (503).", next_try=LATER),
    standing(State.PENDING, reason="It cut the line.", next_try=LATER, in_doubt=True),
    standing(State.SENDING, url="https://status.shop.example"),
    standing(State.UNSURE, reason="It did not answer in time."),
    standing(State.LOOKING),
    standing(State.STUCK, reason="None of 3 attempts is there."),
    standing(State.REFUSED, reason="The name is too long."),
    standing(State.DONE, url="https://status.shop.example"),
]


def receipt(**more: object) -> Receipt:
    values: dict[str, object] = {
        "page_name": "Shop & Co",
        "url": "https://status.shop.example/i/r1",
        "status": MONITORING,
        "message": "A **fix** is live, see [our page](https://status.shop.example).",
        "author": "Ann",
        "published_at": NOW,
        "notified": True,
        "components": (ShownComponent("API <v2>", MAJOR, "Older trouble"),),
    }
    return Receipt(**(values | more))  # type: ignore[arg-type]


def report_state(**more: object) -> ReportState:
    values: dict[str, object] = {"pages": [SHOP], "metadata": HERE}
    return ReportState(**(values | more))  # type: ignore[arg-type]


def incident_update_state(**more: object) -> UpdateState:
    values: dict[str, object] = {
        "incident": incident(),
        "metadata": HERE,
        "fields": IncidentFields(MONITORING, "", ("k1", "k2"), StatusForAll.KEEP, notify=False),
        "pages": [SHOP],
        "components": SOME,
    }
    return UpdateState(**(values | more))  # type: ignore[arg-type]


FILLED = IncidentFields(
    IncidentStatus.IDENTIFIED,
    "We found it: **disk full**.",
    ("k1", "k2"),
    StatusForAll.EACH,
    {"k1": MAJOR},
    notify=False,
    next_update=30,
)
SENT_FORM = incidents.update(incident_update_state()) | {
    "id": "V1",
    "hash": "1.abc",
    "team_id": "T1",
    "state": {"values": {}},
    "root_view_id": "V1",
}

View = Block | list[Block] | Message
Case = Callable[[], View]

TYPICAL: Mapping[str, Mapping[str, Case]] = {
    "incidents.report": {
        "empty": lambda: incidents.report(report_state()),
        "named": lambda: incidents.report(
            report_state(name="Checkout <is> down", pages=[SHOP, BANK])
        ),
        "reopened": lambda: incidents.report(
            report_state(
                pages=[SHOP, BANK],
                metadata=FormMetadata("C0INC", replaces="s1"),
                name="Checkout is down",
                fields=FILLED,
                chosen_pages=["incidentio:bank"],
                components=SOME,
                started=NOW,
                note="This is what was sent. Correct it and publish.",
            )
        ),
    },
    "incidents.update": {
        "an update": lambda: incidents.update(incident_update_state()),
        "resolve": lambda: incidents.update(
            incident_update_state(
                fields=IncidentFields(RESOLVED, "All is well.", next_update=60),
                components={},
                note="Hm.",
            )
        ),
    },
    "incidents.restated": {
        "resolves": lambda: incidents.restated(SENT_FORM, IncidentFields(RESOLVED, "")),
        "no longer resolves": lambda: incidents.restated(
            incidents.restated(SENT_FORM, IncidentFields(RESOLVED, "")), FILLED
        ),
    },
    "incidents.said": {"resolved": lambda: incidents.said(SENT_FORM, "All is well.")},
    "incidents.each": {
        "two": lambda: incidents.each(SOME, FILLED, FormMetadata("C0INC", root_view_id="V1"))
    },
    "incidents.pick": {
        "news": lambda: incidents.pick([incident(), incident(id="i2", status=MONITORING)], HERE),
        "resolves": lambda: incidents.pick([incident()], FormMetadata("C0INC", resolves=True)),
    },
    "messages.parent": {
        "live": lambda: messages.parent(
            ParentMessage(incident(), (ShownComponent("API <v2>", MAJOR),), ())
        ),
        "not public yet": lambda: messages.parent(ParentMessage(OWED, (), tuple(STANDINGS[1:2]))),
        "perhaps public": lambda: messages.parent(ParentMessage(OWED, (), tuple(STANDINGS[2:3]))),
        "resolved": lambda: messages.parent(ParentMessage(OVER, (), ())),
        "deleted": lambda: messages.parent(ParentMessage(DELETED, (), ())),
        "two pages": lambda: messages.parent(
            ParentMessage(
                incident(publications=(publication(), publication(2, page_name="Bank"))), (), ()
            )
        ),
    },
    "messages.left": {
        "locked": lambda: messages.left(incident(), "Somebody locked that thread."),
    },
    "messages.out_of_date": {
        "linked": lambda: messages.out_of_date(
            "<Mail> is slow", "https://acme.slack.com/archives/C1"
        ),
        "alone": lambda: messages.out_of_date("<Mail> is slow", None),
    },
    "messages.published": {
        "as wanted": lambda: messages.published(receipt()),
        "differs": lambda: messages.published(
            receipt(
                differences=("The name on the page is “X <y>”, not “X”.",),
                note="The page tells nobody of this.",
                notified=False,
            )
        ),
        "not read": lambda: messages.published(
            receipt(url=None, components=(), unread="It is down.")
        ),
    },
    "messages.direct_message": {
        "waits": lambda: messages.direct_message(
            DirectMessage("U1", "It is not there yet", "It waits & waits.")
        ),
        "refused": lambda: messages.direct_message(
            DirectMessage("U1", "It is not there", "Too long.", "s1", quoted="A *text* & <more>.")
        ),
        "stuck": lambda: messages.direct_message(
            DirectMessage("U1", "Is it there?", "Nobody knows.", None, "7")
        ),
        "instead of another": lambda: messages.direct_message(
            DirectMessage(
                "U2", "It is not there", "Too long.", "s1", missed=("U0ANN",), reason="They left."
            )
        ),
        "instead of a group": lambda: messages.direct_message(
            DirectMessage("U2", "A title", "A text.", missed=("S0OPS", "U1"), reason="It is gone.")
        ),
        "nobody owns it": lambda: messages.direct_message(
            DirectMessage("U2", "A title", "A text.", missed=("",), reason="Nobody owns it.")
        ),
        "stuck, with its form": lambda: messages.direct_message(
            DirectMessage("U1", "Is it there?", "Nobody knows.", "s1", "7")
        ),
    },
    "messages.listed": {
        "none": lambda: messages.listed([]),
        "two": lambda: messages.listed([incident(), OWED]),
    },
    "messages.pointer": {
        "elsewhere": lambda: messages.pointer("Checkout <is>", "Ann", "https://x.slack.com/p1"),
        "nowhere to link": lambda: messages.pointer("Checkout", "Ann", None),
    },
    "messages.guide": {"help": lambda: messages.guide("/sp-incident")},
    "messages.nothing_matches": {
        "words": lambda: messages.nothing_matches("<checkout>", "update <checkout>"),
        "none": lambda: messages.nothing_matches("", "update"),
    },
    "messages.try_again": {
        "late": lambda: messages.try_again("Slack waited.", "Checkout", "open_report")
    },
    "results.publishing": {
        "as usual": results.publishing,
        "with a promise": lambda: results.publishing(LATER),
    },
    "results.outcome": {
        "each state": lambda: results.outcome(STANDINGS),
        "published": lambda: results.outcome(STANDINGS[-1:], "https://x.slack.com/archives/C/p1"),
        "refused": lambda: results.outcome(STANDINGS[6:7]),
        "two writes to one page": lambda: results.outcome([STANDINGS[0], STANDINGS[0]]),
    },
    "results.preview": {
        "filled": lambda: results.preview(
            Preview(
                "Checkout <is> *down*",
                "Identified",
                "**Disk** full.",
                ["1 Mar 2026, 09:30 to 10:00 UTC"],
                [("API <v2>", "Major outage (now Operational)")],
                ["Publishes to Shop"],
            )
        ),
        "empty": lambda: results.preview(Preview("", "Investigating", " ")),
    },
    "results.notice": {"resolved": lambda: results.notice("Nothing to update", "It is over.")},
    "fields.component_options": {
        "all": lambda: fields.component_options(SOME, 2),
        "the first": lambda: fields.component_options(SOME, 5000),
    },
}
