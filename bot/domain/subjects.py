"""Subjects: what a thread is about, an incident or a maintenance, on one page or several."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.pages import ComponentStatus

_LONGEST_IN_A_SENTENCE = 100


def in_short(name: str) -> str:
    """Return a subject's name as it fits into a sentence: a page may set it no limit."""
    most = _LONGEST_IN_A_SENTENCE
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def is_group(person_or_group: str) -> bool:
    """Say whether this id of Slack's is a user group's."""
    return person_or_group.startswith("S")


def thread_key(subject_id: str) -> str:
    """Return what a subject's id has in common with those of all that share its thread."""
    return subject_id.partition(".")[0]


class PublicationState(StrEnum):
    """Whether a subject is on a page: still owed to it, live on it, or refused by it."""

    OWED = "owed"
    LIVE = "live"
    REFUSED = "refused"


class Step(StrEnum):
    """What a maintenance goes through because its time has come."""

    START = "start"
    FINISH = "finish"


class Driver(StrEnum):
    """Who takes a step of a maintenance on one page when its time comes; it is one, never two."""

    HAND = "hand"
    FOGHORN = "foghorn"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Publication:
    """One subject on one page; `remote_id` is the page's own id once it has one.

    `impacts` is what the subject does to the page's components, as last submitted; a maintenance
    does it only while it runs. `drivers` says of a maintenance who takes its steps on this page.
    """

    id: str
    subject_id: str
    page_id: str
    page_name: str
    state: PublicationState
    impacts: Mapping[str, ComponentStatus]
    remote_id: str | None = None
    url: str | None = None
    drivers: Mapping[Step, Driver] = field(default_factory=dict)

    def driven(self, steps: Iterable[Step]) -> tuple[Step, ...]:
        """Return which of these steps the page takes by itself."""
        return tuple(step for step in steps if self.drivers.get(step) is Driver.PAGE)


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a page answered to a write: its ids for the subject and the update, and who was told.

    `notified` is whether subscribers were told as far as the answer says, None when nobody knows;
    `note` is a sentence for the receipt when the page took less than was asked. `held` is what
    others held components at; `left_out` are components that it has no longer, of which nothing was
    sent.
    """

    remote_id: str
    update_id: str | None
    notified: bool | None
    note: str | None = None
    held: Mapping[str, ComponentStatus] = field(default_factory=dict, hash=False)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """What incidents and maintenances have in common: words, an owner, a thread, and pages.

    `updated_at` is when customers last heard something, None before the first time; `due_at` when
    somebody is next asked about it.
    """

    id: str
    name: str
    message: str
    owner_id: str
    owner_name: str
    channel: str
    thread_ts: str | None
    notify: bool
    updated_at: datetime | None
    due_at: datetime | None
    publications: tuple[Publication, ...]

    @property
    def on_pages(self) -> tuple[Publication, ...]:
        """Its publications on pages that have it, or may still take it."""
        refused = PublicationState.REFUSED
        return tuple(each for each in self.publications if each.state is not refused)

    @property
    def is_anywhere(self) -> bool:
        """Whether a page has it, or may still take it."""
        return bool(self.on_pages)

    @property
    def in_direct_messages(self) -> bool:
        """Whether its thread is in somebody's direct messages, where nobody else can read it."""
        return self.channel.startswith(("D", "U", "W"))
