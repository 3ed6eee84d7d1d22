"""Applying the components that foghorn.toml declares to the records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from bot.database import Tx
from bot.domain.texts.comparison import composed
from bot.statuspage.model.site import ComponentRecord
from bot.statuspage.records import components, queries, tables
from bot.statuspage.records.changes import lock

GroupAndName = tuple[str | None, str]
"""A group's id and a component's name, by which the file and the records agree."""


@dataclass(frozen=True, slots=True)
class DeclaredComponent:
    """A component of the file; without a description the one in the records stays."""

    name: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the file says of the page: components by their group's name, None for those without."""

    name: str | None = None
    groups: Mapping[str | None, Sequence[DeclaredComponent]] = field(default_factory=dict)


def apply_declaration(tx: Tx, declaration: Declaration, now: datetime) -> None:
    """Make the records follow the file; nothing is written when they do already.

    A component is known by its name within its group: the one that it has, or else the one that
    the file had for it before a person renamed it. A new one is added, unless the file had exactly
    one of this name elsewhere before, which is moved. One that the file had and has no longer is
    archived; one that the file never had is left alone, behind the others. A file that declares no
    component at all changes none.
    """
    lock(tx)
    if declaration.name:
        components.rename_page(tx, declaration.name)
    if not any(declaration.groups.values()):
        return
    groups = _groups(tx, [name for name in declaration.groups if name is not None])
    wanted = {
        (groups[group], member.name): member
        for group, members in declaration.groups.items()
        for member in members
    }
    found = _matched(tx, wanted)
    for (group_id, name), member in wanted.items():
        spot = (group_id, name)
        if spot not in found:
            found[spot] = components.add_component(tx, name, now, group_id=group_id)
        _apply(tx, found[spot], member, group_id)
    for removed in declared_names(tx).keys() - {each.id for each in found.values()}:
        components.archive(tx, removed)
    for group in declaration.groups:
        order = [found[spot].id for spot in wanted if spot[0] == groups[group]]
        if order:
            components.order_components(tx, order)


def declared_names(tx: Tx) -> dict[str, str]:
    """Return the name in the file, by its id, of each component that the file had at any time."""
    table = tables.components
    query = select(table.c.id, table.c.declared_as).where(table.c.declared_as.is_not(None))
    return {row.id: composed(row.declared_as) for row in tx.execute(query)}


def _groups(tx: Tx, names: Sequence[str]) -> dict[str | None, str | None]:
    """Add the groups that are not there yet, order all, and return their ids by name."""
    known = {composed(group.name): group.id for group in queries.groups(tx)}
    for name in names:
        if name not in known:
            known[name] = components.add_group(tx, name).id
    components.order_groups(tx, [known[name] for name in names])
    ids: dict[str | None, str | None] = {None: None}
    return ids | known


def _matched(tx: Tx, wanted: Iterable[GroupAndName]) -> dict[GroupAndName, ComponentRecord]:
    """Return the component of the records for each spot of the file that has one."""
    listed = queries.components(tx)
    names = declared_names(tx)
    found = _at(wanted, {(each.group_id, composed(each.name)): each for each in listed})
    left = [each for each in listed if each.id in names and each not in found.values()]
    renamed = {(each.group_id, names[each.id]): each for each in left}
    found |= _at((spot for spot in wanted if spot not in found), renamed)
    lost = [spot for spot in wanted if spot not in found]
    for spot in lost:
        strays = [each for each in left if names[each.id] == spot[1] and each not in found.values()]
        # Only where there is no doubt which one went where.
        if len(strays) == 1 and [name for _, name in lost].count(spot[1]) == 1:
            found[spot] = strays[0]
    return found


def _at(
    spots: Iterable[GroupAndName], known: Mapping[GroupAndName, ComponentRecord]
) -> dict[GroupAndName, ComponentRecord]:
    return {spot: known[spot] for spot in spots if spot in known}


def _apply(
    tx: Tx, component: ComponentRecord, member: DeclaredComponent, group_id: str | None
) -> None:
    wanted = {"group_id": group_id, "archived": False, "description": member.description}
    changed = {
        name: value
        for name, value in wanted.items()
        if getattr(component, name) != value and (name, value) != ("description", None)
    }
    if changed:
        components.set_columns(tx, component.id, **changed)
    # Nobody can see this, so it is no change of the page.
    noted = update(tables.components).where(tables.components.c.id == component.id)
    tx.execute(noted.values(declared_as=member.name))
