"""Who brings what to the outside: for each sort of delivery its handler."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.domain.deliveries import (
    Announcement,
    DigestPost,
    DirectMessage,
    FormProgress,
    StepCheck,
    ThreadNote,
    ThreadPointer,
)
from bot.domain.receipts import ReadBack, Receipt
from bot.domain.reminders.ladders import Reminder, ReminderOutcome, ReminderSettings
from bot.ports import Announcer, Clock
from bot.services.access import AskAbout
from bot.services.delivery.announcements import AnnouncementDelivery
from bot.services.delivery.direct_messages import DirectMessageDelivery
from bot.services.delivery.maintenance_checks import StepCheckDelivery
from bot.services.delivery.outcomes import DeliveryHandler
from bot.services.delivery.page_command import PageById
from bot.services.delivery.pages import PAGE_COMMANDS, PageDelivery
from bot.services.delivery.receipts import ReceiptDelivery
from bot.services.delivery.reminders import ReminderDelivery, ReminderOutcomeDelivery
from bot.services.ledger.watches import Renew
from bot.store import Database


@dataclass(frozen=True, slots=True)
class Connections:
    """The ways to the outside, and who is told when one of them is closed.

    `ask` says who somebody is; `renew` is called when something has changed on a page.
    """

    page: PageById
    announcer: Announcer
    admins: Sequence[str]
    settings: ReminderSettings
    renew: Renew
    ask: AskAbout


def handlers(store: Database, clock: Clock, outside: Connections) -> dict[type, DeliveryHandler]:
    """Return a handler for each type of payload."""
    pages = PageDelivery(store, outside.page, outside.admins, outside.renew)
    fallbacks = (outside.settings.escalation, outside.admins)
    announcements = AnnouncementDelivery(store, outside.announcer, tuple(chain(*fallbacks)))
    reminders = ReminderDelivery(
        store, outside.announcer, clock, outside.ask, fallbacks, outside.settings.digest
    )
    return {
        **dict.fromkeys(PAGE_COMMANDS, pages),
        ReadBack: ReceiptDelivery(store, outside.page),
        StepCheck: StepCheckDelivery(store, outside.page, outside.renew),
        **dict.fromkeys((Announcement, Receipt, ThreadNote), announcements),
        ThreadPointer: announcements,
        FormProgress: announcements,
        DirectMessage: DirectMessageDelivery(store, outside.announcer, fallbacks),
        Reminder: reminders,
        ReminderOutcome: ReminderOutcomeDelivery(store, outside.announcer),
        DigestPost: reminders,
    }
