"""What the team sees of a subject: where it stands on each page, and what is in the way."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import SETTLED, Delivery, State
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.maintenances.series import Recurrence
from bot.domain.receipts import ShownComponent
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import Publication


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """How one thing owed to a page stands; `next_try` is set while it waits.

    `in_doubt` says that an answer of the page was lost, so that it may be there already.
    """

    page_name: str
    state: State
    reason: str | None = None
    next_try: datetime | None = None
    url: str | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class ParentMessage:
    """A subject with the components it affects and whatever is not on its pages yet.

    `series` is that of a maintenance that is one of many, each window as it stands on the pages.
    """

    subject: Incident | Maintenance
    components: tuple[ShownComponent, ...]
    statuses: tuple[DeliveryStatus, ...]
    freshness: Freshness = Freshness.FRESH
    series: Recurrence | None = None

    @property
    def in_doubt(self) -> bool:
        """Say whether customers may see what nobody has confirmed yet."""
        return any(each.in_doubt for each in self.statuses)


def delivery_status(publication: Publication, delivery: Delivery) -> DeliveryStatus:
    """Say how a delivery to this publication's page stands."""
    waits = delivery.state is State.PENDING and delivery.attempts > 0
    return DeliveryStatus(
        page_name=publication.page_name,
        state=delivery.state,
        reason=delivery.error,
        next_try=delivery.due_at if waits else None,
        url=publication.url,
        in_doubt=delivery.doubts > 0,
    )


def in_the_way(
    publications: tuple[Publication, ...], owed: tuple[Delivery, ...]
) -> tuple[DeliveryStatus, ...]:
    """Return, for each page, the first thing that is not there yet, or that it refused last."""
    found = []
    for publication in publications:
        mine = [delivery for delivery in owed if delivery.publication_id == publication.id]
        waiting = [delivery for delivery in mine if delivery.state not in SETTLED]
        refused_last = [delivery for delivery in mine[-1:] if delivery.state is State.REFUSED]
        first = (waiting or refused_last)[:1]
        found += [delivery_status(publication, delivery) for delivery in first]
    return tuple(found)
