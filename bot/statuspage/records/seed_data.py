"""The components and incidents of the demo's Ternwick, who ship parcels for online shops."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus

INVESTIGATING, IDENTIFIED = IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED
MONITORING, RESOLVED = IncidentStatus.MONITORING, IncidentStatus.RESOLVED
DEGRADED, PARTIAL = ComponentStatus.DEGRADED, ComponentStatus.PARTIAL_OUTAGE
MAJOR, FINE = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL

NAME = "Ternwick"

COMPONENTS = {
    "For shops": {
        "Dashboard": "Orders, labels and invoices in the browser",
        "Label printing": "Labels as PDF and ZPL, and the desktop printer",
        "Checkout widget": "Delivery options and prices in your shop's checkout",
        "Returns portal": "Where your customers send parcels back",
    },
    "For developers": {
        "REST API": "api.ternwick.example",
        "Webhooks": "Events that we send to your servers",
        "Rate quotes": "Prices and delivery days for a parcel",
        "Sandbox": "The test environment",
    },
    "Carriers": {
        "Pick-ups": "Booking a van to your door",
        "Tracking": "Where a parcel is, and when it arrives",
        "Customs papers": "Declarations for parcels that cross a border",
    },
    "Messages": {"E-mail to customers": "", "Text messages": ""},
}
"""The descriptions of the components, by group and name."""


@dataclass(frozen=True, slots=True)
class DemoUpdate:
    """One post, so many minutes after the trouble began, and what it set."""

    minutes: int
    status: IncidentStatus
    message: str
    statuses: Mapping[str, ComponentStatus] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoIncident:
    """One incident: so many days ago, at this time of day in UTC."""

    name: str
    days: int
    hour: int
    minute: int
    updates: tuple[DemoUpdate, ...]


INCIDENTS = (
    DemoIncident(
        "Text messages arrive late",
        86,
        9,
        12,
        (
            DemoUpdate(
                21,
                INVESTIGATING,
                "Delivery texts reach some customers up to an hour late. E-mail is on time.",
                {"Text messages": DEGRADED},
            ),
            DemoUpdate(
                64,
                IDENTIFIED,
                "One of our two text message suppliers is slow. We send through the other one.",
            ),
            DemoUpdate(118, RESOLVED, "The queue is empty and new texts leave within seconds."),
        ),
    ),
    DemoIncident(
        "Labels cannot be printed",
        74,
        13,
        41,
        (
            DemoUpdate(
                6,
                INVESTIGATING,
                "Printing a label ends in an error for most shops. We are looking into it.",
                {"Label printing": MAJOR, "Dashboard": DEGRADED},
            ),
            DemoUpdate(
                19,
                IDENTIFIED,
                "This noon's release cannot read older label templates. We are taking it back.",
            ),
            DemoUpdate(
                31,
                MONITORING,
                "The release is taken back and labels print again. **Please print once more** "
                "what failed since 13:40 UTC; nothing is charged twice.",
                {"Label printing": FINE, "Dashboard": FINE},
            ),
            DemoUpdate(73, RESOLVED, "Printing has been normal for forty minutes."),
        ),
    ),
    DemoIncident(
        "Late tracking events from one carrier",
        66,
        5,
        30,
        (
            DemoUpdate(
                48,
                IDENTIFIED,
                "Norrpost's data feed is down, so their parcels show no new events. Parcels move "
                "as usual. Norrpost expects to be back this morning.",
                {"Tracking": DEGRADED},
            ),
            DemoUpdate(
                231,
                MONITORING,
                "The feed is back and we are catching up on five hours of events.",
            ),
            DemoUpdate(286, RESOLVED, "All events are in, with their original times."),
        ),
    ),
    DemoIncident(
        "Slow answers from the API",
        57,
        16,
        4,
        (
            DemoUpdate(
                9,
                INVESTIGATING,
                "About one request in eight takes longer than five seconds.",
                {"REST API": DEGRADED, "Rate quotes": DEGRADED},
            ),
            DemoUpdate(
                27,
                IDENTIFIED,
                "A database replica has fallen behind. We are moving reads to the others.",
            ),
            DemoUpdate(44, RESOLVED, "Answers are back to their usual 120 ms."),
        ),
    ),
    DemoIncident(
        "Webhooks are sent twice",
        45,
        10,
        22,
        (
            DemoUpdate(
                37,
                IDENTIFIED,
                "Since a failover at 10:22 UTC some events are sent twice. Both copies carry the "
                "same `event_id`, so servers that check it are not affected.",
                {"Webhooks": DEGRADED},
            ),
            DemoUpdate(59, RESOLVED, "Each event is sent once again. Nothing was lost."),
        ),
    ),
    DemoIncident(
        "Sign-in fails for some people",
        38,
        7,
        55,
        (
            DemoUpdate(
                5,
                INVESTIGATING,
                "Some people cannot sign in to the dashboard. Whoever is signed in stays so.",
                {"Dashboard": PARTIAL},
            ),
            DemoUpdate(
                22,
                IDENTIFIED,
                "An expired certificate between two of our own services is the cause.",
                {"Dashboard": PARTIAL, "Returns portal": DEGRADED},
            ),
            DemoUpdate(
                35,
                RESOLVED,
                "The certificate is replaced. We now hear of one that expires within 30 days.",
            ),
        ),
    ),
    DemoIncident(
        "Wrong prices for parcels to Switzerland",
        29,
        11,
        17,
        (
            DemoUpdate(
                52,
                IDENTIFIED,
                "Quotes for Switzerland leave out the fuel surcharge since this morning. Labels "
                "that were bought at the lower price stay valid at that price.",
                {"Rate quotes": DEGRADED},
            ),
            DemoUpdate(80, RESOLVED, "Quotes are right again."),
        ),
    ),
    DemoIncident(
        "Checkout widget and API are down",
        19,
        18,
        36,
        (
            DemoUpdate(
                4,
                INVESTIGATING,
                "Shops cannot load delivery options, and the API answers with errors. All of our "
                "engineers on call are on it.",
                {"Checkout widget": MAJOR, "REST API": MAJOR, "Rate quotes": MAJOR},
            ),
            DemoUpdate(
                16,
                INVESTIGATING,
                "The load balancers in one of our two regions refuse connections. We are sending "
                "all traffic to the other region.\n\nShops can switch on *flat rates* in the "
                "dashboard meanwhile.",
            ),
            DemoUpdate(
                29,
                IDENTIFIED,
                "A change of firewall rules is the cause; it is being taken back. About half of "
                "the requests succeed.",
                {"Checkout widget": PARTIAL, "REST API": PARTIAL, "Rate quotes": PARTIAL},
            ),
            DemoUpdate(
                41,
                MONITORING,
                "The rules are back to what they were, and requests succeed again.",
                {"Checkout widget": FINE, "REST API": FINE, "Rate quotes": FINE},
            ),
            DemoUpdate(
                102,
                RESOLVED,
                "Everything has been normal for an hour. What we change so that this cannot "
                "happen again will be on our blog within five days.",
            ),
        ),
    ),
    DemoIncident(
        "Pick-ups cannot be booked for today",
        11,
        6,
        48,
        (
            DemoUpdate(
                12,
                INVESTIGATING,
                "Booking a van for today fails with *no time left*. Tomorrow can be booked.",
                {"Pick-ups": PARTIAL},
            ),
            DemoUpdate(
                33,
                IDENTIFIED,
                "Our calendar skipped a day after a carrier's holiday. A fix is on its way.",
            ),
            DemoUpdate(51, MONITORING, "Today can be booked again.", {"Pick-ups": DEGRADED}),
            DemoUpdate(
                69, RESOLVED, "Bookings are normal, and every van that was asked for will come."
            ),
        ),
    ),
    DemoIncident(
        "Delayed e-mail to customers",
        4,
        14,
        9,
        (
            DemoUpdate(
                14,
                INVESTIGATING,
                "Mails with tracking links leave up to twenty minutes late.",
                {"E-mail to customers": DEGRADED},
            ),
            DemoUpdate(
                39,
                MONITORING,
                "A large mailing held up the queue; it now waits in a queue of its own.",
            ),
            DemoUpdate(55, RESOLVED, "Mail leaves within seconds again."),
        ),
    ),
)
