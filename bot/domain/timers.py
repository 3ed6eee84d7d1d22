"""Timers: what has to happen at an instant; each fires once, whoever runs and however late."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    """What a timer is for; stored, so these words never change."""

    START = "start"
    """Foghorn starts a maintenance on a page."""
    FINISH = "finish"
    """Foghorn completes a maintenance on a page."""
    CHECK_START = "check_start"
    """Foghorn looks whether a page has started a maintenance by itself."""
    CHECK_FINISH = "check_finish"
    """Foghorn looks whether a page has completed a maintenance by itself."""
    NOTICE = "notice"
    """Foghorn tells a page's subscribers that a maintenance starts within the hour."""
    WINDOW = "window"
    """The next window of a series is put on its pages."""
    REMIND = "remind"
    """Somebody is asked about an open subject."""
    DIGEST = "digest"
    """The team is told what has been open for long and what starts tomorrow."""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to be done at an instant; of one `kind` at most one waits for the same `about`.

    `about` is our id of the publication, series or subject it belongs to. Of many that are due at
    once, the one with the smallest `rank` comes first. With an `id` it has fired for whoever holds
    it, and fires for nobody else.
    """

    kind: TimerKind
    about: str
    due_at: datetime
    subject_id: str = ""
    rank: int = 0
    id: int = 0
