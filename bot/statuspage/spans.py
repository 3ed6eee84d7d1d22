"""When planned work is to be and when it really was, in words."""

from datetime import datetime

from markupsafe import Markup

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model import MaintenanceRecord
from bot.statuspage.moments import span
from bot.statuspage.standing import Standing
from bot.statuspage.words import between, lasting, when


def told(standing: Standing, one: MaintenanceRecord) -> Markup:
    """Return the times of a maintenance: what really was, and what is planned where that is open.

    What never began has its planned times; they are struck when it was called off.
    """
    planned = took(one.starts, one.ends)
    if real := ran(standing, one):
        start, end = real
        expected = Markup("began {} · planned to end {}").format(when(start), when(one.ends))
        return took(start, end) if end else expected
    phase = standing.phase(one)
    if phase is MaintenanceStatus.CANCELLED:
        struck = Markup("planned for <s>{}</s>").format(planned)
        return struck + " · called off " + when(over_at(one))
    if phase.is_over:
        return "planned for " + planned + " · ended " + when(over_at(one))
    return planned


def took(start: datetime, end: datetime) -> Markup:
    """Return a span and its length."""
    return between(start, end) + f" · {lasting(end - start)}"


def ran(standing: Standing, one: MaintenanceRecord) -> tuple[datetime, datetime | None] | None:
    """Return when a maintenance really ran: without an end while it does, None if it never did."""
    phase = standing.phase(one)
    if phase is MaintenanceStatus.IN_PROGRESS:
        return one.started or one.starts, None
    return span(one) if phase.is_over else None


def over_at(one: MaintenanceRecord) -> datetime:
    """Return when a maintenance that is over came to its end or was called off."""
    cancelled = one.status is MaintenanceStatus.CANCELLED
    return one.finished or (one.created if cancelled else one.ends)
