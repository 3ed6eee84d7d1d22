"""Writing down what happens on the embedded page, at a fixed instant."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.incidents import IncidentDraft, IncidentStatus, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft
from bot.domain.pages import ComponentStatus
from bot.domain.subjects import Step
from bot.statuspage.model.site import Interval, Site
from bot.statuspage.records import components, incidents, maintenances, queries
from bot.store import Database

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DEGRADED, PARTIAL = ComponentStatus.DEGRADED, ComponentStatus.PARTIAL_OUTAGE
MAJOR, FINE = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL
INVESTIGATING, IDENTIFIED = IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED
RESOLVED = IncidentStatus.RESOLVED
NOTIFY = True

Impacts = Mapping[str, ComponentStatus]


async def component(store: Database, name: str, group_id: str | None = None) -> str:
    write = store.write(components.add_component, name, NOW - 1000 * HOUR, group_id=group_id)
    return (await write).id


async def opened(  # noqa: PLR0913 -- each is one thing that tests vary
    store: Database,
    impacts: Impacts,
    key: str | None = None,
    *,
    started: datetime = NOW,
    now: datetime | None = None,
    status: IncidentStatus = INVESTIGATING,
) -> str:
    draft = IncidentDraft("Checkout fails", status, "Sorry.", impacts, NOTIFY, started)
    posted = await store.write(incidents.open_incident, draft, key, now or started + MINUTE)
    return posted.remote_id


async def posted(
    store: Database, incident_id: str, minutes: int, status: IncidentStatus, impacts: Impacts
) -> str:
    draft = UpdateDraft(status, f"After {minutes}.", impacts, NOTIFY, NOW + minutes * MINUTE)
    return (await store.write(incidents.post_update, incident_id, draft)).update_id or ""


async def planned(
    store: Database,
    component_ids: tuple[str, ...],
    *,
    auto: bool = True,
    starts: datetime = NOW + HOUR,
    key: str | None = None,
) -> str:
    driven = tuple(Step) if auto else ()
    plan = MaintenanceDraft(
        "New disks", "Planned.", component_ids, starts, starts + 2 * HOUR, driven
    )
    return (await store.write(maintenances.schedule_maintenance, plan, key, NOW)).remote_id


async def site(store: Database, now: datetime = NOW) -> Site:
    return await store.read(queries.load_site, now, "https://status.example.com/")


def spans(loaded: Site) -> list[tuple[str, ComponentStatus, float, float | None]]:
    """Every interval, in minutes after `NOW`."""

    def minutes(interval: Interval) -> tuple[str, ComponentStatus, float, float | None]:
        end = (interval.end - NOW) / MINUTE if interval.end else None
        return interval.component_id, interval.status, (interval.start - NOW) / MINUTE, end

    return [minutes(interval) for interval in loaded.intervals]
