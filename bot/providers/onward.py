"""Where a maintenance may go, for pages that would also let it go back."""

from collections.abc import Mapping

from bot.domain.maintenances import MaintenanceStatus
from bot.errors import Rejected

_RANKS = {
    MaintenanceStatus.SCHEDULED: 0,
    MaintenanceStatus.IN_PROGRESS: 1,
    MaintenanceStatus.COMPLETED: 2,
}


def status_word(
    status: MaintenanceStatus, words: Mapping[MaintenanceStatus, str], vendor: str
) -> str:
    """Return the vendor's word for `status`; raise `Rejected` for one that it does not have."""
    if status is MaintenanceStatus.CANCELLED:
        raise Rejected(
            f"{vendor} cannot show a maintenance as cancelled;"
            " say so in an update, and take the maintenance off the page."
        )
    if status not in words:
        raise Rejected(f"{vendor} does not know the maintenance's status; choose another.")
    return words[status]


def refuse_return(now: MaintenanceStatus, wanted: MaintenanceStatus) -> None:
    """Raise `Rejected` when a maintenance would go back: an update of ours may come late."""
    if _RANKS[wanted] < _RANKS.get(now, 0):
        raise Rejected(
            f"The page has this maintenance as {now.label.lower()} by now; it cannot go back."
        )


def refuse_over(now: MaintenanceStatus) -> None:
    """Raise `Rejected` when a maintenance has no window any more that could be moved."""
    if now.is_over:
        raise Rejected("This maintenance is over; schedule another.")
