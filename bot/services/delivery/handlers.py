"""Who carries what: for each sort of delivery the one service that brings it to the outside."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.deliveries import (
    Announcement,
    DigestPost,
    DirectMessage,
    FormProgress,
    ReadBack,
    ReceiptReply,
    Remind,
    StepCheck,
    ThreadNote,
)
from bot.domain.reminders.ladders import ReminderSettings
from bot.ports import Announcer, Clock
from bot.services.delivery.announcements import AnnouncementDelivery
from bot.services.delivery.maintenance_checks import StepCheckDelivery
from bot.services.delivery.outbox import DeliveryHandler
from bot.services.delivery.page_command import PageById
from bot.services.delivery.pages import PAGE_COMMANDS, PageDelivery
from bot.services.delivery.receipts import ReceiptDelivery
from bot.services.delivery.reminders import ReminderDelivery
from bot.services.ledger.watches import Renew
from bot.store import Database


@dataclass(frozen=True, slots=True)
class Connections:
    """The ways to the outside, and who is told when one of them is closed.

    `renew` is called when something has changed on a page.
    """

    page: PageById
    announcer: Announcer
    admins: Sequence[str]
    settings: ReminderSettings
    renew: Renew


def handlers(store: Database, clock: Clock, ways: Connections) -> dict[type, DeliveryHandler]:
    """Return a carrier for each type of payload."""
    publishing = PageDelivery(store, ways.page, ways.admins, ways.renew)
    to_pages: dict[type, DeliveryHandler] = dict.fromkeys(PAGE_COMMANDS, publishing)
    to_team: dict[type, DeliveryHandler] = dict.fromkeys(
        (Announcement, ReceiptReply, ThreadNote, DirectMessage, FormProgress),
        AnnouncementDelivery(store, ways.announcer),
    )
    heirs = (*ways.settings.escalation, *ways.admins)
    asking = ReminderDelivery(store, ways.announcer, clock, heirs, ways.settings.digest)
    questions: dict[type, DeliveryHandler] = dict.fromkeys((Remind, DigestPost), asking)
    reading: dict[type, DeliveryHandler] = {
        ReadBack: ReceiptDelivery(store, ways.page),
        StepCheck: StepCheckDelivery(store, ways.page, ways.renew),
    }
    return to_pages | to_team | questions | reading
