"""A bench on which somebody is asked: reminders, their answers, and a team that can be away."""

from collections.abc import Sequence

from bot.domain.deliveries import DirectMessage
from bot.domain.pages import Page
from bot.domain.parent_messages import ParentMessage
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, ReminderSettings
from bot.domain.subjects import Subject
from bot.errors import Closed
from bot.services.delivery.handlers import Connections, handlers
from bot.services.delivery.outbox import Outbox
from bot.services.due import maintenances
from bot.services.due import series as due_series
from bot.services.due.reminders import ReminderTimers
from bot.services.due.timers import Timers
from bot.services.intake import Intake, series
from bot.services.intake.reminders import Question, ReminderAnswers
from bot.store import Database, pages, watches
from tests.services.bench import TIMING, Bench, Team
from tests.services.planned import BARE, NOON, PlannedPage
from tests.services.shaky import MovedClock

SETTINGS = ReminderSettings(escalation=("S0OPS",))


class Hearing(Team):
    """Remembers what it was asked, where; channels and people can be closed to the bot."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[tuple[str, Reminder]] = []
        self.outcomes: list[tuple[str, ReminderOutcome]] = []
        self.digests: list[tuple[str, Digest]] = []
        self.closed: set[str] = set()

    def _need(self, place: str) -> None:
        if place in self.closed:
            raise Closed(f"{place} is closed.")

    async def announce(self, bulletin: ParentMessage, mark: str) -> tuple[str, str]:
        self._need(bulletin.subject.channel)
        return await super().announce(bulletin, mark)

    async def remind(self, subject: Subject, remind: Reminder, mark: str) -> str:
        self._need(subject.channel)
        self.questions.append((subject.channel, remind))
        return mark

    async def show_outcome(
        self,
        subject: Subject,
        asked: Reminder | DirectMessage,
        posted: str,
        outcome: ReminderOutcome,
    ) -> None:
        del subject, asked
        self.outcomes.append((posted, outcome))

    async def digest(self, channel: str, digest: Digest, mark: str) -> str:
        self._need(channel)
        self.digests.append((channel, digest))
        return mark

    async def members(self, person_or_group: str) -> Sequence[str]:
        self._need(person_or_group)
        return ("U0BEN", "U0CAT") if person_or_group == "S0OPS" else (person_or_group,)

    async def tell(self, letter: DirectMessage, mark: str) -> str:
        self._need(letter.user_id)
        return await super().tell(letter, mark)


class AskingBench(Bench):
    """The bench with reminders."""

    settings = SETTINGS

    def restart(self) -> None:
        super().restart()
        self.heard = self.team = getattr(self, "heard", None) or Hearing()
        reminding = ReminderTimers(self.settings, "C0OPS")
        self.reminding = reminding
        ways = Connections(
            lambda id_: self.pages[id_],
            self.team,
            ["U0ADMIN"],
            self.settings,
            reminding.renew,
            self.team.ask,
        )
        self.outbox = Outbox(self.store, self.clock, TIMING, handlers(self.store, self.clock, ways))
        timer_handlers = {
            **maintenances.handlers(),
            **due_series.handlers(lambda tx, id_, now: series.put_up(tx, id_, self.rules, now)),
            **reminding.handlers(),
        }
        wake = self.outbox.wake
        self.timers = Timers(self.store, self.clock, timer_handlers, wake, reminding.batches())
        self.publishing = Intake(self.store, self.clock, self.rules, wake)
        self.answers = ReminderAnswers(self.store, self.clock, self.publishing, self.settings, wake)

    async def question(self, subject_id: str) -> Question:
        """Return what the buttons of the latest question carry."""
        kept = await self.store.read(watches.get, subject_id)
        assert kept
        return Question(subject_id, kept.turn)


async def new_asking(store: Database) -> AskingBench:
    """Return a bench with one page that drives nothing."""
    clock = MovedClock(NOON)
    page = PlannedPage(clock, "planned:1", BARE)
    listed = await page.components()
    await store.write(pages.save_page, Page(page.id, "Page 1"), listed, NOON)
    return AskingBench(store, page, clock=clock)
