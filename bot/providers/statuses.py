"""Our statuses in a vendor's words, and where a maintenance may go from its own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.errors import Rejected

S = TypeVar("S", bound=StrEnum)

_RANKS = {
    MaintenanceStatus.SCHEDULED: 0,
    MaintenanceStatus.IN_PROGRESS: 1,
    MaintenanceStatus.COMPLETED: 2,
}


class StatusWords(Generic[S]):
    """A vendor's word for each status of ours that it takes; an unknown word reads as `unknown`.

    `read_only` are words that are never sent. What has no word is refused with its own sentence of
    `refusals`, else with `refusal`.
    """

    def __init__(
        self,
        words: Mapping[S, str],
        unknown: S,
        refusal: str,
        read_only: Mapping[S, str] = {},
        refusals: Mapping[S, str] = {},
    ) -> None:
        pairs = (*words.items(), *read_only.items())
        self.words = words
        self._known = {word.casefold(): status for status, word in pairs}
        self._unknown = unknown
        self._refusal = refusal
        self._refusals = refusals

    def read(self, word: object) -> S:
        """Return our status for a vendor's word; raise `ValueError` for what is no text."""
        if not isinstance(word, str):
            raise ValueError("A status has to be a text.")  # noqa: TRY004 (pydantic catches it)
        return self._known.get(word.casefold(), self._unknown)

    def write(self, status: S) -> str:
        """Return the vendor's word for `status`; raise `Rejected` for one that it does not have."""
        if status not in self.words:
            raise Rejected(self._refusals.get(status, self._refusal))
        return self.words[status]


def incident_words(vendor: str, words: Mapping[IncidentStatus, str]) -> StatusWords[IncidentStatus]:
    refusal = f"{vendor} does not know the incident's status; choose another."
    return StatusWords(words, IncidentStatus.UNKNOWN, refusal)


def maintenance_words(
    vendor: str, words: Mapping[MaintenanceStatus, str]
) -> StatusWords[MaintenanceStatus]:
    cancelled = (
        f"{vendor} cannot show a maintenance as cancelled;"
        " say so in an update, and take the maintenance off the page."
    )
    return StatusWords(
        words,
        MaintenanceStatus.UNKNOWN,
        f"{vendor} does not know the maintenance's status; choose another.",
        refusals={MaintenanceStatus.CANCELLED: cancelled},
    )


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
