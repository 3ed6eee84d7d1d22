"""One subject over time: what happens to it, and who is asked about it when."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Automation, Maintenance, MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.domain.reminders.ladders import Reminder, ReminderSettings, Rung
from bot.domain.reminders.watches import Watch, handed_over, remind, snoozed, watch
from bot.domain.subjects import Publication, PublicationState

MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
DEGRADED = ComponentStatus.DEGRADED
INVESTIGATING, IDENTIFIED = IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED
MONITORING, RESOLVED = IncidentStatus.MONITORING, IncidentStatus.RESOLVED
SCHEDULED, RUNNING = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
COMPLETED, CANCELLED = MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED


def at(text: str) -> datetime:
    """Return "10:15" of the day that every story is about, or "5 10:15" of another in May."""
    day, _, clock = text.rpartition(" ")
    hour, _, minute = clock.partition(":")
    return datetime(2026, 5, int(day or 4), int(hour), int(minute), tzinfo=UTC)


def incident(
    status: IncidentStatus = INVESTIGATING,
    worst: ComponentStatus = MAJOR,
    heard: datetime | None = None,
    due: datetime | None = None,
    owner: str = "UANN",
) -> Incident:
    heard = heard or at("10:00")
    page = Publication("p1", "i1", "local:main", "Acme", PublicationState.LIVE, {"api": worst})
    return Incident(
        id="i1",
        name="API down",
        message="We are looking.",
        owner_id=owner,
        owner_name="Ann",
        channel="C1",
        thread_ts="1.1",
        notify=True,
        updated_at=heard,
        due_at=due,
        publications=(page,),
        status=status,
        started_at=heard,
    )


def maintenance(
    starts: str = "14:00",
    ends: str = "16:00",
    status: MaintenanceStatus = SCHEDULED,
    automation: Automation = Automation.BY_HAND,
) -> Maintenance:
    page = Publication("p1", "m1", "local:main", "Acme", PublicationState.LIVE, {})
    return Maintenance(
        id="m1",
        name="Database upgrade",
        message="We upgrade.",
        owner_id="UANN",
        owner_name="Ann",
        channel="C1",
        thread_ts="1.1",
        notify=True,
        updated_at=at("1 10:00"),
        due_at=None,
        publications=(page,),
        status=status,
        starts_at=at(starts),
        ends_at=at(ends),
        automation=automation,
        notices=(),
    )


@dataclass
class Story:
    """A subject and its watch; `told` has a line for each question, `texts` its words."""

    subject: Incident | Maintenance
    now: datetime
    settings: ReminderSettings = field(
        default_factory=lambda: ReminderSettings(escalation=("SOPS",))
    )
    told: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = watch(self.subject, self.now, self.settings)

    def until(self, text: str) -> list[str]:
        """Let time pass with somebody there to ask; return who was asked in it."""
        before = len(self.told)
        while self.watch.at and self.watch.at <= at(text):
            self.now = max(self.now, self.watch.at)
            self.fire()
        self.now = at(text)
        return self.told[before:]

    def down_until(self, text: str) -> list[str]:
        """Let time pass with nobody there to ask; return who is asked at its end."""
        self.now, before = at(text), len(self.told)
        while self.watch.at and self.watch.at <= self.now:
            self.fire()
        return self.told[before:]

    def fire(self) -> Reminder:
        found = remind(self.subject, self.watch, self.now, self.settings)
        assert found
        reminder, self.watch = found
        assert self.watch.at is None or self.watch.at > self.now, "asked twice at once"
        whom = f"{reminder.rung} {','.join(reminder.people)}".strip()
        seen = " in the channel" if reminder.rung is Rung.CHANNEL else ""
        kind = "" if reminder.kind == "update" else f" {reminder.kind}"
        day = f"{self.now.day} " if self.now.day != at("10:00").day else ""
        self.told.append(f"{day}{self.now:%H:%M}{kind} {whom}{seen}")
        self.texts.append(reminder.text)
        return reminder

    def change(self, promised: datetime | None = None, **values: object) -> "Story":
        """Publish something: the clock starts again."""
        self.subject = replace(self.subject, **{"updated_at": self.now, **values})  # type: ignore[arg-type]
        self.watch = watch(self.subject, self.now, self.settings, promised)
        return self

    def snooze(self, minutes: int) -> "Story":
        self.watch = snoozed(self.watch, self.now, timedelta(minutes=minutes), "Bob")
        return self

    def hand_over(self, owner: str) -> "Story":
        self.subject = replace(self.subject, owner_id=owner)
        self.watch = handed_over(self.watch, self.now, self.settings)
        return self
