"""Edits of components and groups by name, as the page's owner makes them on the command line.

Each returns a sentence about what was done.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.database import Tx
from bot.domain.pages import ComponentStatus
from bot.domain.texts.comparison import same_name
from bot.statuspage.model.site import ComponentRecord, Group
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.records import components, declaration, queries
from bot.statuspage.records.components import InvalidPageChange


@dataclass(frozen=True, slots=True)
class ComponentListing:
    """A component as the owner sees it."""

    component: ComponentRecord
    group: str
    status: ComponentStatus
    in_file: bool


def list_components(tx: Tx, now: datetime) -> tuple[list[ComponentListing], list[str]]:
    """Return every component in the order of the page, as it does at `now`, and empty groups."""
    site = queries.load_site(tx, now, "")
    groups = {group.id: group.name for group in site.groups}
    statuses = compute_state(site, now).statuses
    names = declaration.declared_names(tx)
    listed = [
        ComponentListing(
            each, groups.get(each.group_id or "", ""), statuses[each.id], each.id in names
        )
        for each in site.components
    ]
    used = {each.group_id for each in site.components}
    return listed, [group.name for group in site.groups if group.id not in used]


def add(tx: Tx, name: str, group: str | None, description: str, now: datetime) -> str:
    group_id = _group(tx, group).id if group else None
    added = components.add_component(tx, name, now, group_id=group_id, description=description)
    return f"Added {added.name} ({added.id})."


def rename(tx: Tx, which: str, name: str) -> str:
    found = _component(tx, which)
    components.rename_component(tx, found.id, name)
    return f"{found.name} is now {components.find(tx, found.id).name}." + _hint(tx, found)


def describe(tx: Tx, which: str, description: str) -> str:
    found = _component(tx, which)
    description = description.strip()
    if found.description != description:
        components.set_columns(tx, found.id, description=description)
    return f"Described {found.name}." + _hint(tx, found)


def move(tx: Tx, which: str, before: str | None, after: str | None, group: str | None) -> str:
    """Put a component before or after another, or at the end of a group (of none for "")."""
    found = _component(tx, which)
    components.move_component(
        tx,
        found.id,
        group_id=_group(tx, group).id if group else None,
        before=before and _component(tx, before).id,
        after=after and _component(tx, after).id,
    )
    return f"Moved {found.name}." + _hint(tx, found)


def archive(tx: Tx, which: str) -> str:
    found = _component(tx, which)
    components.archive(tx, found.id)
    return f"Archived {found.name}; its history stays." + _hint(tx, found)


def restore(tx: Tx, which: str) -> str:
    found = _component(tx, which)
    components.archive(tx, found.id, archived=False)
    return f"Restored {found.name}." + _hint(tx, found)


def add_group(tx: Tx, name: str) -> str:
    return f"Added the group {components.add_group(tx, name).name}."


def rename_group(tx: Tx, which: str, name: str) -> str:
    found = _group(tx, which)
    components.rename_group(tx, found.id, name)
    return f"The group {found.name} has another name now."


def move_group(tx: Tx, which: str, before: str | None) -> str:
    """Put a group before another, or at the end."""
    found = _group(tx, which)
    order = [group.id for group in queries.groups(tx) if group.id != found.id]
    spot = len(order)
    if before:
        beside = _group(tx, before).id
        if beside == found.id:
            raise InvalidPageChange("A group cannot stand beside itself.")
        spot = order.index(beside)
    order.insert(spot, found.id)
    components.order_groups(tx, order)
    return f"Moved the group {found.name}."


def remove_group(tx: Tx, which: str) -> str:
    found = _group(tx, which)
    components.remove_group(tx, found.id)
    return f"Removed the group {found.name}."


def _component(tx: Tx, which: str) -> ComponentRecord:
    """Return the component with this id, name, or group and name with a slash between."""
    groups = {group.id: group.name for group in queries.groups(tx)}
    found = []
    for each in queries.components(tx):
        path = f"{groups[each.group_id]}/{each.name}" if each.group_id else each.name
        if each.id == which:
            return each
        if same_name(which, each.name) or same_name(which, path):
            found.append((f"{path} ({each.id})", each))
    if len(found) == 1:
        return found[0][1]
    if found:
        listed = ", ".join(path for path, _ in found)
        raise InvalidPageChange(f"{which} may be {listed}. Write GROUP/NAME or the id.")
    raise InvalidPageChange(f"There is no component {which}; `foghorn page components` lists them.")


def _group(tx: Tx, name: str) -> Group:
    for group in queries.groups(tx):
        if name == group.id or same_name(name, group.name):
            return group
    raise InvalidPageChange(f"There is no group {name}; `foghorn page groups add` makes one.")


def _hint(tx: Tx, component: ComponentRecord) -> str:
    if component.id not in declaration.declared_names(tx):
        return ""
    return " foghorn.toml declares it: change it there too, since the file is followed at a start."
