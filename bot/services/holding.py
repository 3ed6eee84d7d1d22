"""What others do to a page's components, so that nothing of ours makes them look better."""

from collections.abc import Iterable

from bot.domain.pages import ComponentStatus, Hold, held
from bot.ports import StatusPage
from bot.store import Store, subjects


async def others_holds(store: Store, page: StatusPage, besides: str | None) -> tuple[Hold, ...]:
    """Return what holds the page's components, except what has the page's id `besides`.

    Where an incident or maintenance is ours, our own record is finer than what the page tells.
    """
    ours = await store.read(subjects.our_holds, page.id)
    by_page = [
        hold
        for hold in await page.holds()
        if hold.source_id != besides and hold.source_id not in ours
    ]
    own = [hold for source_id, holds in ours.items() if source_id != besides for hold in holds]
    return tuple(
        hold for hold in [*own, *by_page] if hold.status is not ComponentStatus.OPERATIONAL
    )


async def held_by_others(
    store: Store, page: StatusPage, touched: Iterable[str], besides: str | None
) -> dict[str, ComponentStatus]:
    """Return what others hold components at, where a component has one status for all."""
    if not page.capabilities.shares_component_status or not list(touched):
        return {}
    return held(await others_holds(store, page, besides))
