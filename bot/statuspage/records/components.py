"""Writing the embedded page's components and groups, as its owner does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Table, delete, insert, update

from bot.database import Tx
from bot.domain.texts.comparison import composed
from bot.errors import FoghornError
from bot.statuspage.model.site import ComponentRecord, Group
from bot.statuspage.records import queries, tables
from bot.statuspage.records.changes import increment_revision, lock, new_id


class InvalidPageChange(FoghornError):
    """What somebody asked of the page's components cannot be done; nothing was changed."""


def rename_page(tx: Tx, name: str) -> None:
    lock(tx)
    if queries.page_name(tx) != name:
        increment_revision(tx)
        tx.execute(update(tables.page).values(name=name))


def add_group(tx: Tx, name: str) -> Group:
    """Add a group after the others."""
    lock(tx)
    name = _checked(name)
    known = queries.groups(tx)
    if any(composed(group.name) == name for group in known):
        raise InvalidPageChange(f"There is a group {name} already.")
    group = Group(new_id("g", increment_revision(tx), name), name, len(known) + 1)
    tx.execute(insert(tables.groups).values(asdict(group)))
    return group


def rename_group(tx: Tx, group_id: str, name: str) -> None:
    lock(tx)
    name = _checked(name)
    if any(composed(group.name) == name and group.id != group_id for group in queries.groups(tx)):
        raise InvalidPageChange(f"There is a group {name} already.")
    tx.execute(update(tables.groups).where(tables.groups.c.id == group_id).values(name=name))
    increment_revision(tx)


def order_groups(tx: Tx, group_ids: Sequence[str]) -> None:
    """Put these groups first, in this order, and the others after them as they are."""
    lock(tx)
    known = {group.id: group.position for group in queries.groups(tx)}
    wanted = dict.fromkeys((*group_ids, *known))
    _number(tx, tables.groups, wanted, known)


def remove_group(tx: Tx, group_id: str) -> None:
    """Take a group away; its components, if any, must have gone elsewhere before."""
    lock(tx)
    if any(component.group_id == group_id for component in queries.components(tx)):
        raise InvalidPageChange(
            "This group still has components, maybe archived ones; move them elsewhere first."
        )
    tx.execute(delete(tables.groups).where(tables.groups.c.id == group_id))
    increment_revision(tx)


def add_component(
    tx: Tx, name: str, now: datetime, *, group_id: str | None = None, description: str = ""
) -> ComponentRecord:
    """Add a component at the end of its group; its uptime counts from `now`."""
    lock(tx)
    name = _checked(name)
    siblings = _siblings(tx, group_id)
    _refuse_second(name, siblings)
    component = ComponentRecord(
        id=new_id("c", increment_revision(tx), group_id or "", name, str(now)),
        name=name,
        group_id=group_id,
        position=max((each.position for each in siblings), default=0) + 1,
        since=now,
        description=description.strip(),
    )
    tx.execute(insert(tables.components).values(asdict(component)))
    return component


def rename_component(tx: Tx, component_id: str, name: str) -> None:
    """Give a component another name; its history stays."""
    lock(tx)
    name = _checked(name)
    component = find(tx, component_id)
    if component.name == name:
        return
    _refuse_second(name, _siblings(tx, component.group_id, component.id))
    set_columns(tx, component_id, name=name)


def move_component(
    tx: Tx,
    component_id: str,
    *,
    group_id: str | None = None,
    before: str | None = None,
    after: str | None = None,
) -> None:
    """Put a component beside another, or else at the end of a group, or of none."""
    lock(tx)
    component = find(tx, component_id)
    beside = before or after
    if beside:
        group_id = find(tx, beside).group_id
    siblings = _siblings(tx, group_id, component_id)
    _refuse_second(component.name, siblings)
    order = [each.id for each in siblings]
    if beside == component_id:
        raise InvalidPageChange("A component cannot stand beside itself.")
    spot = order.index(beside) + bool(after) if beside else len(order)
    order.insert(spot, component_id)
    if component.group_id != group_id:
        set_columns(tx, component_id, group_id=group_id)
    order_components(tx, order)


def order_components(tx: Tx, component_ids: Sequence[str]) -> None:
    """Put these components of one group in this order, and its others after them as they are."""
    lock(tx)
    group_id = find(tx, component_ids[0]).group_id
    known = {each.id: each.position for each in queries.components(tx) if each.group_id == group_id}
    _number(tx, tables.components, dict.fromkeys((*component_ids, *known)), known)


def archive(tx: Tx, component_id: str, *, archived: bool = True) -> None:
    """Take a component off the page, or put it back; its history stays."""
    lock(tx)
    if find(tx, component_id).archived is not archived:
        set_columns(tx, component_id, archived=archived)


def find(tx: Tx, component_id: str) -> ComponentRecord:
    """Return the component with this id; raise `InvalidPageChange` when there is none."""
    for component in queries.components(tx):
        if component.id == component_id:
            return component
    raise InvalidPageChange("There is no such component.")


def set_columns(tx: Tx, component_id: str, **values: object) -> None:
    where = tables.components.c.id == component_id
    tx.execute(update(tables.components).where(where).values(**values))
    increment_revision(tx)


def _siblings(tx: Tx, group_id: str | None, but: str = "") -> list[ComponentRecord]:
    listed = queries.components(tx)
    return [each for each in listed if each.group_id == group_id and each.id != but]


def _number(tx: Tx, table: Table, wanted: Iterable[str], known: Mapping[str, int]) -> None:
    moved = {id_: position for position, id_ in enumerate(wanted, 1) if known.get(id_) != position}
    for id_, position in moved.items():
        tx.execute(update(table).where(table.c.id == id_).values(position=position))
    if moved:
        increment_revision(tx)


def _refuse_second(name: str, siblings: Sequence[ComponentRecord]) -> None:
    for each in siblings:
        if composed(each.name) == name:
            raise InvalidPageChange(
                f"There is an archived component {name} in this place: restore it instead."
                if each.archived
                else f"There is a component {name} in this place already."
            )


def _checked(name: str) -> str:
    if not (name := composed(" ".join(name.split()))):
        raise InvalidPageChange("A name cannot be empty.")
    return name
