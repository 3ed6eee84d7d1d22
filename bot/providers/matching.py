"""When something on a page is what we wrote, so that a lost answer is never a second write."""

from datetime import datetime, timedelta

from bot.domain.incidents import IncidentDraft, PageIncident, Update, UpdateDraft
from bot.domain.maintenances import (
    MaintenanceDraft,
    MaintenanceUpdate,
    MaintenanceUpdateDraft,
    PageMaintenance,
)
from bot.domain.texts.comparison import same_text

CLOCK_SLACK = timedelta(minutes=2)
"""How far a provider's clock may be behind ours."""
WINDOW_SLACK = timedelta(minutes=1)
"""How much of a window's start and end a page may drop: people plan to the minute."""


def same_incident(
    shown: PageIncident,
    draft: IncidentDraft,
    since: datetime | None = None,
    taken: datetime | None = None,
) -> bool:
    """Compare an incident with a draft, as `same_update` compares updates."""
    if not same_words(shown, draft):
        return False
    return _same_instant(shown.started, draft.started) or _is_recent(taken or shown.started, since)


def same_maintenance(shown: PageMaintenance, draft: MaintenanceDraft) -> bool:
    """Compare a maintenance with a draft, by its window too where the page tells it."""
    times = ((shown.starts, draft.starts), (shown.ends, draft.ends))
    return same_words(shown, draft) and all(
        told is None or abs(told - wanted) < WINDOW_SLACK for told, wanted in times
    )


def same_words(
    shown: PageIncident | PageMaintenance, draft: IncidentDraft | MaintenanceDraft
) -> bool:
    """Compare a name and the first message, whenever they were published."""
    messages = [each.message for each in shown.updates[:1]]
    return same_text(shown.name, draft.name) and any(
        same_text(each, draft.message) for each in messages
    )


def same_update(
    shown: Update | MaintenanceUpdate,
    draft: UpdateDraft | MaintenanceUpdateDraft,
    since: datetime | None = None,
    taken: datetime | None = None,
) -> bool:
    """Compare an update with a draft: by the draft's own instant, which a page may not keep.

    So the same words are enough `since` the first attempt, by the page's own clock: `taken` is when
    it took them, where it tells that apart from the instant that it shows. None for `since` is for
    a page that is known to keep instants.
    """
    if shown.status is not draft.status or not same_text(shown.message, draft.message):
        return False
    return _same_instant(shown.at, draft.at) or _is_recent(taken or shown.at, since)


def is_since(instant: datetime, since: datetime) -> bool:
    """Tell whether a page's own instant may be `since` or later, by a clock that is behind ours."""
    return instant >= since - CLOCK_SLACK


def _is_recent(instant: datetime, since: datetime | None) -> bool:
    return since is not None and is_since(instant, since)


def _same_instant(one: datetime, other: datetime) -> bool:
    """Compare two instants to the millisecond, which is as exact as pages keep them."""
    return _milliseconds(one) == _milliseconds(other)


def _milliseconds(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
