"""The maintenances as a calendar that people subscribe to."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.change_times import maintenance_last_change
from bot.statuspage.model.links import address
from bot.statuspage.model.markdown import to_text
from bot.statuspage.model.site import MaintenanceRecord
from bot.statuspage.model.site_state import SiteState

_KEPT = timedelta(days=90)


def calendar(state: SiteState) -> bytes:
    """Return all maintenances from 90 days ago on, the cancelled ones as such."""
    made = Calendar()
    made.add("PRODID", "-//Foghorn//status page//EN")
    made.add("VERSION", "2.0")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", _line(f"{state.site.name} maintenance"))
    made.add("REFRESH-INTERVAL", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    made.add("X-PUBLISHED-TTL", "PT1H")
    midnight = state.at.replace(hour=0, minute=0, second=0, microsecond=0)
    for maintenance in state.site.maintenances:
        if maintenance.ends >= midnight - _KEPT:
            made.add_component(_event(state, maintenance))
    if not made.subcomponents:
        made.add_component(_utc_zone())
    return bytes(made.to_ical())


def _utc_zone() -> Timezone:
    """Return what a calendar can hold without showing it: one component it must have (RFC 5545)."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("TZID", "Etc/UTC")
    standard.add("DTSTART", datetime(1970, 1, 1))  # noqa: DTZ001 -- local, as a zone must tell it
    standard.add("TZOFFSETFROM", timedelta())
    standard.add("TZOFFSETTO", timedelta())
    zone.add_component(standard)
    return zone


def _event(state: SiteState, one: MaintenanceRecord) -> Event:
    cancelled = one.status is MaintenanceStatus.CANCELLED
    changed = _utc(maintenance_last_change(one, state.at))
    start, end = _real_window(one)
    event = Event()
    event.add("UID", f"{one.id}@{state.site.authority}")
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("SEQUENCE", one.revision + cancelled + (start != one.starts) + (end != one.ends))
    event.add("DTSTART", _utc(start))
    if start < end:
        event.add("DTEND", _utc(end))
    event.add("SUMMARY", _line(f"{state.site.name}: {one.name}"))
    event.add("DESCRIPTION", _printable(_description(state, one)))
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("URL", address(state.site, one))
    event.add("CATEGORIES", ["MAINTENANCE"])
    return event


def _real_window(one: MaintenanceRecord) -> tuple[datetime, datetime]:
    """Return when it really began and ended, to the minute, and the plan for what is not known."""
    if not one.started:
        return one.starts, one.ends
    start, end = one.started, one.finished or one.ends
    return start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)


def _description(state: SiteState, one: MaintenanceRecord) -> str:
    named = ", ".join(component.name for component in state.components_with(one.component_ids))
    said = to_text(one.updates[-1].message) if one.updates else ""
    return "\n\n".join(filter(None, (said, named and f"Affected: {named}")))


def _printable(text: str) -> str:
    """Return `text` with no control character but the line's end, which calendars escape."""
    return "".join(c for c in text.replace("\r", "\n") if c == "\n" or c.isprintable())


def _line(text: str) -> str:
    """Return `text` as one line: the library escapes a line's end in some properties only."""
    return " ".join(_printable(text).split())


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
