"""The pages and components that a form chose, as the store's snapshot has them."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.domain.pages import Page
from bot.domain.subjects import Publication, PublicationState, Subject
from bot.errors import FormError
from bot.store import Tx, pages, subjects


def chosen_pages(tx: Tx, page_ids: Collection[str]) -> tuple[tuple[Page, ...], dict[str, str]]:
    """Return the pages that a form names, or the only one there is, and what is wrong with them.

    Raises `FormError` when there is no page at all.
    """
    known = pages.all_pages(tx)
    if not known:
        raise FormError(
            {
                "message": "Foghorn has not read any page yet, so it knows none to publish to. "
                "Your text is still here: try again in a moment, or ask whoever runs Foghorn."
            }
        )
    chosen = tuple(page for page in known if page.id in page_ids)
    if len(known) == 1 and not page_ids:
        return known, {}
    if not chosen or len(chosen) < len(page_ids):
        return chosen, {"pages": "Choose at least one page that Foghorn can still reach."}
    return chosen, {}


def chosen_components(
    tx: Tx, keys: Iterable[str], page_ids: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Return the ids of the chosen components of each of these pages, by their keys."""
    found: dict[str, dict[str, str]] = {page_id: {} for page_id in page_ids}
    for key, page_id, component_id in pages.ids(tx, keys):
        if page_id in found:
            found[page_id][key] = component_id
    return found


def refused_publications(
    tx: Tx, stored: Subject, corrected: Collection[Publication], what: str
) -> tuple[Publication, ...]:
    """Owe a subject once more, as it was corrected, to pages that refused it.

    Raises `FormError` when a page was chosen that has it; `what` names the subject there.
    """
    refused = {
        each.page_id: each for each in stored.publications if each.state is PublicationState.REFUSED
    }
    if not {each.page_id for each in corrected} <= set(refused):
        raise FormError({"pages": f"Choose only pages that do not have this {what} yet."})
    owed = tuple(
        replace(refused[new.page_id], state=new.state, impacts=new.impacts, drivers=new.drivers)
        for new in corrected
    )
    for again in owed:
        subjects.save_publication(tx, again)
    return owed
