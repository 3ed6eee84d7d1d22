"""The warm-up: an incident is reported and published in a transaction that is taken back.

The first time that a statement runs it takes about ten times as long as later, and whoever submits
a form meanwhile waits for the same writer. Done once at the start, that is over by then.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import Settlement, State
from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus, Page
from bot.domain.subjects import PublishResult
from bot.domain.submissions import AnySubmission, IncidentFields, Person, ReportForm, Submission
from bot.services.delivery import pages as delivery_pages
from bot.services.ledger import notices
from bot.services.ledger.audit import FOGHORN
from bot.services.ledger.enqueue import Acceptance
from bot.services.ledger.watches import Renew
from bot.store import Database, Tx, deliveries, pages, subjects, submissions

_NAME = "WarmUp"


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Plays an incident with what really `accept`s submissions and `renew`s watches."""

    accept: Callable[[Tx, AnySubmission, datetime], Acceptance]
    renew: Renew

    async def play(self, store: Database, now: datetime) -> None:
        """Do everything once, unless no page is known; nothing of it stays.

        Raises `StoreUnavailable` when the database takes no writes.
        """
        await store.dry_run(self._all, now)

    def _all(self, tx: Tx, now: datetime) -> None:
        for page in pages.all_pages(tx)[:1]:
            accepted = self.accept(tx, _report(tx, page), now)
            for delivery in deliveries.of_subject(tx, accepted.subject_id):
                deliveries.settle(tx, delivery, Settlement(State.DONE, now))
                posted = PublishResult(_NAME, None, notified=False)
                delivery_pages.published(delivery, posted, self.renew).record(tx, now)
                notices.show_progress(tx, deliveries.get(tx, delivery.id) or delivery, now)
                pages.show(tx, page.id, {_NAME: ComponentStatus.OPERATIONAL})
                subjects.change(tx, accepted.subject_id, channel=_NAME, thread_ts=_NAME)
                submissions.latest(tx, accepted.subject_id)


def _report(tx: Tx, page: Page) -> AnySubmission:
    found, _total = pages.search(tx, "", [page.id], 1)
    keys = tuple(choice.key for choice in found)
    fields = IncidentFields(IncidentStatus.INVESTIGATING, _NAME, keys, notify=False)
    form = ReportForm(fields, _NAME, (page.id,), channel=_NAME)
    return Submission(_NAME, Person(_NAME, FOGHORN), form, view_id=_NAME)
