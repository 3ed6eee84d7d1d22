"""The snapshot of pages and components that forms are filled from."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from bot.database import Tx
from bot.domain.dashboard import PageOverview
from bot.domain.pages import Component, ComponentStatus, Page
from bot.domain.texts.comparison import search_form, search_words
from bot.store.tables import components, pages

# What every submission runs is built once: building takes longer than running.
_ALL = select(pages).order_by(pages.c.name)
_BY_KEYS = (
    select(components)
    .where(components.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(components.c.page_id, components.c.position)
)
_NAMES = select(components.c.id, components.c.name).where(
    components.c.page_id == bindparam("page"),
    components.c.id.in_(bindparam("ids", expanding=True)),
)
_SHOW = (
    update(components)
    .where(components.c.page_id == bindparam("page"), components.c.id == bindparam("of"))
    .values(status=bindparam("shown"))
)
_IDS = _BY_KEYS.with_only_columns(components.c.key, components.c.page_id, components.c.id)
_APART = " -_/(.:"
"""The signs behind which a word of a name begins."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A component as the forms offer it; `key` is short and stands for page and component."""

    key: str
    page_id: str
    component: Component


def component_key(page_id: str, component_id: str) -> str:
    """Return a short stable name for a component, since vendors' ids may be of any length."""
    return hashlib.blake2s(f"{page_id}\0{component_id}".encode(), digest_size=10).hexdigest()


def save_page(tx: Tx, page: Page, listed: Sequence[Component], read_at: datetime) -> None:
    """Replace the snapshot of `page` by what was just read."""
    known = tx.execute(select(pages.c.id).where(pages.c.id == page.id)).first()
    values = {
        "id": page.id,
        "name": page.name,
        "url": page.url,
        "since": page.since,
        "read_at": read_at,
    }
    if known:
        tx.execute(pages.update().where(pages.c.id == page.id).values(values))
        tx.execute(delete(components).where(components.c.page_id == page.id))
    else:
        tx.execute(insert(pages).values(values))
    rows = [
        {
            "key": component_key(page.id, component.id),
            "page_id": page.id,
            "id": component.id,
            "name": component.name,
            "group_name": component.group,
            "position": position,
            "status": component.status.value,
            "search": search_form(f"{component.group or ''} {component.name}"),
        }
        for position, component in enumerate(listed)
    ]
    if rows:
        tx.execute(insert(components), rows)


def show(tx: Tx, page_id: str, shown: Mapping[str, ComponentStatus]) -> None:
    """Put into the snapshot what a page was just seen to show of some components, by their ids."""
    rows = [{"page": page_id, "of": of, "shown": status.value} for of, status in shown.items()]
    if rows:
        tx.execute(_SHOW, rows)


def forget_pages(tx: Tx, provider: str, keep: Iterable[str]) -> None:
    """Drop the pages of `provider` that its key no longer reaches."""
    _forget(tx, _is_of(provider) & pages.c.id.not_in(list(keep)))


def forget_providers(tx: Tx, keep: Iterable[str]) -> None:
    """Drop the pages of all other providers: there is no key for them any more."""
    _forget(tx, and_(true(), *(~_is_of(provider) for provider in keep)))


def all_pages(tx: Tx) -> tuple[Page, ...]:
    """Return every page we know, by name."""
    return tuple(_page(row) for row in tx.execute(_ALL))


def seen(tx: Tx, *, troubled_only: bool) -> tuple[PageOverview, ...]:
    """Return every page with its components in its order, or with those not operational."""
    found: dict[str, list[Component]] = {}
    query = select(components).order_by(components.c.page_id, components.c.position)
    if troubled_only:
        query = query.where(components.c.status != ComponentStatus.OPERATIONAL)
    for row in tx.execute(query):
        found.setdefault(row.page_id, []).append(_choice(row).component)
    counted = select(components.c.page_id, func.count().label("many")).group_by(
        components.c.page_id
    )
    total = {row.page_id: row.many for row in tx.execute(counted)}
    return tuple(
        PageOverview(
            _page(row),
            row.read_at,
            total.get(row.id, 0),
            found.get(row.id, ()),
        )
        for row in tx.execute(_ALL)
    )


def take_writes(tx: Tx) -> None:
    """Change nothing, as far as the database takes changes at all."""
    tx.execute(update(pages).where(false()).values(name=""))


def search(
    tx: Tx, words: str, page_ids: Sequence[str], limit: int
) -> tuple[tuple[Choice, ...], int]:
    """Return the first `limit` components that contain every word, and how many there are.

    First those in which each word of the search begins one, then the others, in the pages' order.
    Without `page_ids` every page is searched.
    """
    typed = search_words(words)
    conditions = [components.c.search.contains(word, autoescape=True) for word in typed]
    begins = case((and_(true(), *map(_begins_a_word, typed)), 0), else_=1)
    if page_ids:
        conditions.append(components.c.page_id.in_(page_ids))
    total = tx.scalar(select(func.count()).select_from(components).where(*conditions)) or 0
    found = (
        select(components)
        .where(*conditions)
        .order_by(begins, components.c.page_id, components.c.position)
        .limit(limit)
    )
    return tuple(_choice(row) for row in tx.execute(found)), total


def _begins_a_word(word: str) -> ColumnElement[bool]:
    before = (components.c.search.contains(f"{sign}{word}", autoescape=True) for sign in _APART)
    return or_(components.c.search.startswith(word, autoescape=True), *before)


def by_keys(tx: Tx, keys: Iterable[str]) -> dict[str, Choice]:
    """Return the components with these keys, in the pages' order; one not listed is missing."""
    rows = tx.execute(_BY_KEYS, {"keys": list(keys)})
    return {row.key: _choice(row) for row in rows}


def ids(tx: Tx, keys: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return the key, page and id there of each of these components, in the pages' order."""
    return [(key, page_id, id_) for key, page_id, id_ in tx.execute(_IDS, {"keys": list(keys)})]


def names(tx: Tx, page_id: str, component_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of a page's components by their ids there."""
    rows = tx.execute(_NAMES, {"page": page_id, "ids": list(component_ids)})
    return {row.id: row.name for row in rows}


def _is_of(provider: str) -> ColumnElement[bool]:
    return pages.c.id.startswith(f"{provider}:", autoescape=True)


def _forget(tx: Tx, condition: ColumnElement[bool]) -> None:
    gone = tx.scalars(select(pages.c.id).where(condition)).all()
    tx.execute(delete(components).where(components.c.page_id.in_(gone)))
    tx.execute(delete(pages).where(pages.c.id.in_(gone)))


def _page(row: Row[tuple[object, ...]]) -> Page:
    return Page(row.id, row.name, row.url, row.since)


def _choice(row: Row[tuple[object, ...]]) -> Choice:
    component = Component(row.id, row.name, row.group_name, ComponentStatus(row.status))
    return Choice(row.key, row.page_id, component)
