"""What others do to a page's components, so that nothing of ours makes them look better."""

from collections.abc import Iterable

from bot.domain.pages import ComponentStatus, Hold, held
from bot.ports import StatusPage
from bot.store import Database, subjects


async def all_holds(store: Database, page: StatusPage) -> tuple[Hold, ...]:
    """Return what holds the page's components.

    Where an incident or maintenance is ours, our own record is finer than what the page tells.
    """
    ours = await store.read(subjects.our_holds, page.id)
    by_page = [hold for hold in await page.holds() if hold.source_id not in ours]
    own = [hold for holds in ours.values() for hold in holds]
    return tuple(
        hold for hold in [*own, *by_page] if hold.status is not ComponentStatus.OPERATIONAL
    )


def besides(source_id: str | None, holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Return those that are not by what has this id of the page's."""
    return tuple(hold for hold in holds if hold.source_id != source_id)


async def held_by_others(
    store: Database, page: StatusPage, touched: Iterable[str], source_id: str | None
) -> dict[str, ComponentStatus]:
    """Return what others hold components at, where a component has one status for all."""
    if not page.capabilities.shares_component_status or not list(touched):
        return {}
    return held(besides(source_id, await all_holds(store, page)))
