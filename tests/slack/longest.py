"""What every view shows when everything is as long as it ever gets."""

from collections.abc import Mapping

from bot.domain.deliveries import DirectMessage, State
from bot.domain.pages import Component, Page
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import Receipt, ShownComponent
from bot.domain.submissions import IncidentFields, StatusForAll
from bot.slack import blocks
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields, incidents, messages, results
from bot.slack.views.fields import PageChoice
from bot.slack.views.results import Preview
from tests.slack.states import (
    DEGRADED,
    FILLED,
    INVESTIGATING,
    LATER,
    MAJOR,
    MONITORING,
    NOW,
    PARTIAL,
    RESOLVED,
    Case,
    capabilities,
    incident,
    incident_update_state,
    publication,
    receipt,
    report_state,
)

SIGNS = "<!channel> & <b>“🔥”</b> "
NAME = (SIGNS * 4)[:80]
SENTENCE = (SIGNS * 60)[:1000]
MESSAGES = {
    "signs": "&<>" * 1000,
    "mentions": (SIGNS * 200)[:3000],
    "one word": "W" * 3000,
    "short lines": "a\n" * 1500,
    "paragraphs": "a\n\n" * 1000,
    "a list": "- &\n" * 750,
    "quotes": "> > &\n" * 500,
    "code": "```\n" + "<\n" * 1490 + "```",
    "links": "[<!here>](https://x.example/?a=1&b=2) " * 75,
    "one long link": f"[x](https://x.example/{'&' * 2900})",
    "emoji": "🔥 " * 1500,
}
MESSAGE = MESSAGES["mentions"]
URL = "https://status.example/" + "p" * 500


MANY_PAGES = [
    PageChoice(
        Page(f"instatus:{n:0120}", NAME, URL), capabilities(backdates=False, notify_limit=1000)
    )
    for n in range(120)
]


MANY = {f"{n:020}": Component(f"c{n}", NAME, NAME) for n in range(100)}


FAR = FormMetadata("C" * 60, "i" * 60, "s" * 60, "V" * 60, resolves=True)


PAGES = tuple(publication(n, id=f"{n:032}", page_name=NAME, url=URL) for n in range(120))


LONG = incident(name="&" * 3000, message=MESSAGE, owner_name=NAME, publications=PAGES)


BROKEN = tuple(
    ShownComponent(NAME, status, NAME) for status in [DEGRADED, PARTIAL, MAJOR] for _ in range(34)
)


MANY_STANDINGS = [
    DeliveryStatus(NAME, state, SENTENCE, LATER, URL) for state in [*State, *State, *State]
][:20]


def long_receipt(message: str) -> Receipt:
    return receipt(
        page_name=NAME,
        url=URL,
        message=message,
        author=NAME,
        notified=False,
        components=BROKEN,
        differences=(SENTENCE,) * 110,
        note=SENTENCE,
        unread=SENTENCE,
    )


LONGEST: Mapping[str, Mapping[str, Case]] = {
    "incidents.report": {
        "everything": lambda: incidents.report(
            report_state(
                pages=MANY_PAGES,
                metadata=FAR,
                name="&" * 3000,
                fields=IncidentFields(INVESTIGATING, MESSAGE, tuple(MANY), DEGRADED),
                chosen_pages=[choice.page.id for choice in MANY_PAGES],
                components=MANY,
                started=NOW,
                note=SENTENCE * 9,
            )
        ),
    },
    "incidents.update": {
        name: lambda message=message: incidents.update(  # type: ignore[misc]
            incident_update_state(
                incident=incident(name="&" * 3000, message=message),
                metadata=FAR,
                fields=IncidentFields(MONITORING, message, tuple(MANY), StatusForAll.KEEP),
                pages=MANY_PAGES,
                components=MANY,
                note=SENTENCE * 9,
            )
        )
        for name, message in MESSAGES.items()
    },
    "incidents.restated": {
        "everything": lambda: incidents.restated(
            LONGEST["incidents.update"]["mentions"](),  # type: ignore[arg-type]
            IncidentFields(RESOLVED, ""),
        )
    },
    "incidents.said": {
        "everything": lambda: incidents.said(
            incidents.update(incident_update_state(metadata=FAR, components=MANY)), MESSAGE
        )
    },
    "incidents.each": {
        "as many as fit": lambda: incidents.each(
            dict(list(MANY.items())[: incidents.EACH_LIMIT]), FILLED, FAR
        )
    },
    "incidents.pick": {"many": lambda: incidents.pick([LONG] * 120, FAR)},
    "messages.parent": {
        "everything": lambda: messages.parent(ParentMessage(LONG, BROKEN, tuple(MANY_STANDINGS)))
    },
    "messages.left": {"long": lambda: messages.left(LONG, MESSAGE)},
    "messages.out_of_date": {"long": lambda: messages.out_of_date(MESSAGE, URL)},
    "messages.published": {
        name: lambda message=message: messages.published(long_receipt(message))  # type: ignore[misc]
        for name, message in MESSAGES.items()
    },
    "messages.direct_message": {
        "everything": lambda: messages.direct_message(
            DirectMessage(
                "U1", SENTENCE, MESSAGE, "s" * 32, "9" * 19, missed=("U0ANN",), reason=MESSAGE
            )
        ),
        **{
            name: lambda text=text: messages.direct_message(  # type: ignore[misc]
                DirectMessage("U1", SENTENCE, MESSAGE, "s" * 32, "9" * 19, quoted=text * 2)
            )
            for name, text in MESSAGES.items()
        },
        **{
            f"{name}, the text": lambda text=text: messages.text_before(  # type: ignore[misc]
                DirectMessage("U1", SENTENCE, MESSAGE, quoted=text * 9)
            )[0]
            for name, text in MESSAGES.items()
        },
    },
    "messages.listed": {"many": lambda: messages.listed([LONG] * 120)},
    "messages.pointer": {"long": lambda: messages.pointer(MESSAGE, NAME, None)},
    "messages.guide": {"long": lambda: messages.guide("/" + "n" * 31)},
    "messages.nothing_matches": {"long": lambda: messages.nothing_matches(MESSAGE, MESSAGE)},
    "messages.try_again": {"long": lambda: messages.try_again(MESSAGE, MESSAGE, "open_report")},
    "results.publishing": {"always": results.publishing},
    "results.outcome": {
        "twenty": lambda: results.outcome(MANY_STANDINGS),
        "many": lambda: results.outcome(MANY_STANDINGS * 6),
    },
    "results.preview": {
        name: lambda message=message: results.preview(  # type: ignore[misc]
            Preview(
                "&" * 3000,
                "Investigating",
                message,
                ["1 Mar 2026, 09:30 to 10:00 UTC"] * 104,
                [(NAME, SENTENCE)] * 100,
                [blocks.short(SENTENCE, 900)] * 3,
            )
        )
        for name, message in MESSAGES.items()
    },
    "results.notice": {"long": lambda: results.notice(SENTENCE, MESSAGE)},
    "fields.component_options": {
        "one group": lambda: fields.component_options(MANY, 5000),
        "a group each": lambda: fields.component_options(
            {key: Component("c", NAME, f"{n} {NAME}") for n, key in enumerate(MANY)}, 123_456
        ),
    },
}
