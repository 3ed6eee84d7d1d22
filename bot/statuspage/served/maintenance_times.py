"""The planned and the real times of maintenances, in words."""

from datetime import datetime

from markupsafe import Markup

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model.change_times import run_period
from bot.statuspage.model.site import MaintenanceRecord
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.formatting import between, duration, when


def describe_times(state: SiteState, one: MaintenanceRecord) -> Markup:
    """Return the times of a maintenance: what really was, and what is planned where that is open.

    What never began has its planned times; they are struck when it was called off.
    """
    planned = describe_period(one.starts, one.ends)
    if real := run_so_far(state, one):
        start, end = real
        expected = Markup("began {} · planned to end {}").format(when(start), when(one.ends))
        return describe_period(start, end) if end else expected
    phase = state.phase(one)
    if phase is MaintenanceStatus.CANCELLED:
        struck = Markup("planned for <s>{}</s>").format(planned)
        return struck + " · called off " + when(end_instant(one))
    if phase.is_over:
        return "planned for " + planned + " · ended " + when(end_instant(one))
    return planned


def describe_period(start: datetime, end: datetime) -> Markup:
    return between(start, end) + f" · {duration(end - start)}"


def run_so_far(state: SiteState, one: MaintenanceRecord) -> tuple[datetime, datetime | None] | None:
    """Return when a maintenance really ran: without an end while it does, None if it never did."""
    phase = state.phase(one)
    if phase is MaintenanceStatus.IN_PROGRESS:
        return one.started or one.starts, None
    return run_period(one) if phase.is_over else None


def end_instant(one: MaintenanceRecord) -> datetime:
    """Return when a maintenance that is over came to its end or was called off."""
    cancelled = one.status is MaintenanceStatus.CANCELLED
    return one.finished or (one.created if cancelled else one.ends)
