"""Who carries what: for each sort of delivery the one service that brings it to the outside."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.deliveries import (
    Announce,
    Check,
    Note,
    ReadBack,
    Remind,
    Reply,
    Show,
    Tell,
    TellDigest,
)
from bot.domain.ladders import Reminders
from bot.ports import Announcer, Clock
from bot.services.announcements import Announcements
from bot.services.asking import Asking
from bot.services.checks import Checks
from bot.services.crafts import Reach
from bot.services.outbox import Carrier
from bot.services.page_deliveries import CRAFTS, PageDeliveries
from bot.services.receipts import Receipts
from bot.services.reminders import Renew
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to the outside, and who is told when one of them is closed.

    `renew` is called when something has changed on a page.
    """

    page: Reach
    announcer: Announcer
    admins: Sequence[str]
    settings: Reminders
    renew: Renew


def carriers(store: Store, clock: Clock, ways: Ways) -> dict[type, Carrier]:
    """Return a carrier for each type of payload."""
    publishing = PageDeliveries(store, ways.page, ways.admins, ways.renew)
    to_pages: dict[type, Carrier] = dict.fromkeys(CRAFTS, publishing)
    to_team: dict[type, Carrier] = dict.fromkeys(
        (Announce, Reply, Note, Tell, Show), Announcements(store, ways.announcer)
    )
    heirs = (*ways.settings.escalation, *ways.admins)
    asking = Asking(store, ways.announcer, clock, heirs, ways.settings.digest)
    questions: dict[type, Carrier] = dict.fromkeys((Remind, TellDigest), asking)
    reading: dict[type, Carrier] = {
        ReadBack: Receipts(store, ways.page),
        Check: Checks(store, ways.page, ways.renew),
    }
    return to_pages | to_team | questions | reading
