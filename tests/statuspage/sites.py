"""Sites made by hand: a company on a quiet day, the same in a big outage, and small pieces."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.site import (
    ComponentRecord,
    Group,
    IncidentRecord,
    Interval,
    MaintenanceRecord,
    MaintenanceUpdateRecord,
    Site,
    UpdateRecord,
)

NOW = datetime(2026, 11, 20, 9, 42, 10, tzinfo=UTC)
SINCE = datetime(2025, 3, 1, tzinfo=UTC)
URL = "https://status.acme.example"
UID, HOST = "5f1e0c9a7b3d", "status.acme.example"

DEGRADED = ComponentStatus.DEGRADED
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
MAJOR = ComponentStatus.MAJOR_OUTAGE
OPERATIONAL = ComponentStatus.OPERATIONAL
UNDER_MAINTENANCE = ComponentStatus.UNDER_MAINTENANCE

_PARTS = {
    "Storefront": ["Website", "Search", "Checkout", "Payments", "Accounts"],
    "Platform": ["REST API", "Webhooks", "GraphQL", "Single sign-on", "Rate limiter"],
    "Data": ["Reports", "Exports", "Data warehouse", "Event stream", "Backups"],
    "Regions": ["Frankfurt", "Virginia", "Singapore", "São Paulo", "Sydney"],
}


def at(text: str) -> datetime:
    """Return an instant from "2026-11-20 09:10"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def component_record(name: str = "API", **given: object) -> ComponentRecord:
    plain = ComponentRecord(name.lower().replace(" ", "-"), name, None, 1, SINCE)
    return replace(plain, **given)  # type: ignore[arg-type]


def site(*components: ComponentRecord, **given: object) -> Site:
    empty = Site("Acme", URL, (), components or (component_record(),), (), (), (), 1, UID, HOST)
    return replace(empty, **given)  # type: ignore[arg-type]


def incident(**given: object) -> IncidentRecord:
    started = at("2026-11-20 09:10")
    first = UpdateRecord(
        "u1", IncidentStatus.INVESTIGATING, "We are looking into it.", started, {"api": PARTIAL}
    )
    plain = IncidentRecord(
        "i1", "API errors", IncidentStatus.INVESTIGATING, started, (first,), {"api": PARTIAL}
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def maintenance(**given: object) -> MaintenanceRecord:
    created = at("2026-11-18 12:00")
    first = MaintenanceUpdateRecord("n1", MaintenanceStatus.SCHEDULED, "Short pause.", created)
    plain = MaintenanceRecord(
        id="m1",
        name="Database upgrade",
        status=MaintenanceStatus.SCHEDULED,
        starts=at("2026-11-20 10:00"),
        ends=at("2026-11-20 11:00"),
        component_ids=("api",),
        updates=(first,),
        created=created,
        auto_start=True,
        auto_end=True,
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def quiet() -> Site:
    """Twenty components in four groups, a calm past, one maintenance to come."""
    groups = tuple(Group(f"g{n}", name, n) for n, name in enumerate(_PARTS, 1))
    names = [(group.id, name) for group in groups for name in _PARTS[group.name]]
    components = tuple(
        ComponentRecord(_id(name), name, group_id, place, SINCE)
        for place, (group_id, name) in enumerate(names, 1)
    )
    described = replace(components[5], description="What integrations and our apps talk to")
    young = replace(components[13], since=at("2026-10-07 14:00"))
    components = (*components[:5], described, *components[6:13], young, *components[14:])
    past = _past(components)
    return Site(
        name="Acme",
        url=URL,
        groups=groups,
        components=components,
        intervals=tuple(i for one in past for i in _intervals(one)),
        incidents=past,
        maintenances=(
            maintenance(
                id="m7",
                name="Database upgrade",
                starts=at("2026-12-01 02:00"),
                ends=at("2026-12-01 03:30"),
                component_ids=("data-warehouse", "reports"),
            ),
        ),
        revision=41,
        uid=UID,
        authority=HOST,
    )


def outage() -> Site:
    """The same in the middle of two incidents and a maintenance."""
    calm = quiet()
    first = _big()
    second = _small()
    swap = maintenance(
        id="m6",
        name="Cache swap in Singapore",
        starts=at("2026-11-20 09:00"),
        ends=at("2026-11-20 10:30"),
        component_ids=("singapore",),
    )
    lasting = tuple(
        Interval(component_id, status, one.started, None, one.id)
        for one in (first, second)
        for component_id, status in one.impacts.items()
    )
    return replace(
        calm,
        incidents=(first, second, *calm.incidents),
        intervals=(*calm.intervals, *lasting),
        maintenances=(swap, *calm.maintenances),
        revision=47,
    )


def _big() -> IncidentRecord:
    hit = {"checkout": MAJOR, "payments": MAJOR, "rest-api": PARTIAL, "webhooks": DEGRADED}
    texts = [
        (IncidentStatus.INVESTIGATING, "09:12", "Some payments fail. We are **looking into it**."),
        (IncidentStatus.INVESTIGATING, "09:20", "Checkout is down for most customers in Europe."),
        (
            IncidentStatus.IDENTIFIED,
            "09:31",
            (
                "A bad deploy of the payment service is the cause:\n\n"
                "- we are rolling it back\n- orders that failed were **not** charged\n\n"
                "Integrations can fall back to [asynchronous capture](https://docs.acme.example/async)."
            ),
        ),
        (IncidentStatus.IDENTIFIED, "09:38", "The rollback is half done; errors are falling."),
        (IncidentStatus.MONITORING, "09:41", "The rollback is done. We keep watching `capture`."),
    ]
    updates = tuple(
        UpdateRecord(f"b{n}", status, text, at(f"2026-11-20 {clock}"), hit, notified=True)
        for n, (status, clock, text) in enumerate(texts)
    )
    return IncidentRecord(
        "01K9PAYMENTS",
        "Payments and checkout fail",
        IncidentStatus.MONITORING,
        at("2026-11-20 09:07"),
        updates,
        hit,
    )


def _small() -> IncidentRecord:
    update = UpdateRecord(
        "s1",
        IncidentStatus.IDENTIFIED,
        "Nightly exports run about two hours late. Nothing is lost.",
        at("2026-11-20 06:15"),
        {"exports": DEGRADED},
    )
    return IncidentRecord(
        "01K9EXPORTS",
        "Exports are delayed",
        IncidentStatus.IDENTIFIED,
        at("2026-11-20 05:50"),
        (update,),
        {"exports": DEGRADED},
    )


def past_incident(
    number: int, started: datetime, minutes: int, hit: dict[str, ComponentStatus]
) -> IncidentRecord:
    """Return an incident that is over; components go back to work at its end."""
    ended = started + timedelta(minutes=minutes)
    names = ["Slow search results", "Webhooks arrive late", "Sign-in fails for some", "API errors"]
    first = UpdateRecord(
        f"p{number}a", IncidentStatus.INVESTIGATING, "We are looking into it.", started, hit
    )
    last = UpdateRecord(
        f"p{number}b",
        IncidentStatus.RESOLVED,
        "All is well again. The cause was a full disk.",
        ended,
        dict.fromkeys(hit, OPERATIONAL),
    )
    return IncidentRecord(
        f"past-{number}",
        names[number % len(names)],
        IncidentStatus.RESOLVED,
        started,
        (first, last),
        {},
        resolved=ended,
    )


def _past(components: tuple[ComponentRecord, ...]) -> tuple[IncidentRecord, ...]:
    chance = random.Random(7)  # noqa: S311 -- the same past every time
    made = []
    for number in range(60):
        started = NOW - timedelta(days=1.4 * number + 2, minutes=chance.randrange(900))
        chosen = chance.sample(components, chance.choice([1, 1, 2, 3, 8]))
        hit = {one.id: chance.choice([DEGRADED, DEGRADED, PARTIAL, MAJOR]) for one in chosen}
        made.append(past_incident(number, started, chance.randrange(4, 240), hit))
    return tuple(sorted(made, key=lambda one: one.started, reverse=True))


def _intervals(one: IncidentRecord) -> list[Interval]:
    return [
        Interval(component_id, status, one.started, one.resolved, one.id)
        for component_id, status in one.updates[0].statuses.items()
    ]


def _id(name: str) -> str:
    return name.lower().replace(" ", "-").replace("ã", "a")
