"""Our statuses in a vendor's words, and where a maintenance may go from its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Generic, TypeVar

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.errors import Rejected

S = TypeVar("S", bound=StrEnum)
Statuses = Mapping[str, ComponentStatus]
"""The status of each component, by its id at the vendor."""


@dataclass(frozen=True)
class StatusWords(Generic[S]):
    """A vendor's word for each status of ours that it takes; an unknown word reads as `unknown`.

    `read_only` are words that are never sent. What has no word is refused with its own sentence of
    `refusals`, else with `refusal`.
    """

    words: Mapping[S, str]
    unknown: S
    refusal: str
    read_only: Mapping[S, str] = field(default_factory=dict)
    refusals: Mapping[S, str] = field(default_factory=dict)

    @cached_property
    def _known(self) -> Mapping[str, S]:
        pairs = (*self.words.items(), *self.read_only.items())
        return {word.casefold(): status for status, word in pairs}

    def read(self, word: object) -> S:
        """Return our status for a vendor's word."""
        return self._known.get(str(word).casefold(), self.unknown)

    def write(self, status: S) -> str:
        """Return the vendor's word for `status`; raise `Rejected` for one that it does not have."""
        if status not in self.words:
            raise Rejected(self.refusals.get(status, self.refusal))
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
    if wanted.rank < now.rank:
        raise Rejected(
            f"The page has this maintenance as {now.label.lower()} by now; it cannot go back."
        )


def refuse_over(now: MaintenanceStatus) -> None:
    """Raise `Rejected` when a maintenance has no window any more that could be moved."""
    if now.is_over:
        raise Rejected("This maintenance is over; schedule another.")
