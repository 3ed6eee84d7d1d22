import pytest

from bot.domain.pages import ComponentStatus
from bot.statuspage.records import components, queries
from bot.statuspage.records.components import InvalidPageChange
from bot.statuspage.records.declaration import (
    Declaration,
    DeclaredComponent,
    apply_declaration,
    declared_names,
)
from bot.store import Database
from tests.statuspage.records.writing import HOUR, MAJOR, NOW, component, opened, site

pytestmark = pytest.mark.anyio

OPERATIONAL = ComponentStatus.OPERATIONAL


async def shown(store: Database) -> list[str]:
    """Every component in the page's order, with its group, archived ones in brackets."""
    loaded = await site(store)
    groups = {group.id: f"{group.name}/" for group in loaded.groups}
    names = [f"{groups.get(each.group_id or '', '')}{each.name}" for each in loaded.components]
    assert [each.position for each in loaded.components] == list(range(1, len(names) + 1))
    return [
        f"[{name}]" if each.archived else name
        for name, each in zip(names, loaded.components, strict=True)
    ]


async def declare(store: Database, **groups: list[str | DeclaredComponent]) -> None:
    """Bring in groups of components; those of `none` have no group."""
    listed = {
        None if group == "none" else group: [
            DeclaredComponent(each) if isinstance(each, str) else each for each in members
        ]
        for group, members in groups.items()
    }
    await store.write(apply_declaration, Declaration("Acme", listed), NOW)


async def ids(store: Database) -> dict[str, str]:
    return {each.name: each.id for each in await store.read(queries.components)}


async def test_components_stand_without_a_group_first_then_group_by_group(store: Database) -> None:
    core = (await store.write(components.add_group, "Core")).id
    await component(store, "API", core)
    await component(store, "Web", core)
    await component(store, "Mail")
    assert await shown(store) == ["Mail", "Core/API", "Core/Web"]


async def test_components_move_within_groups_and_between_them(store: Database) -> None:
    core = (await store.write(components.add_group, "Core")).id
    api, web = await component(store, "API", core), await component(store, "Web", core)
    mail = await component(store, "Mail")
    await store.write(components.move_component, web, before=api)
    assert await shown(store) == ["Mail", "Core/Web", "Core/API"]
    await store.write(components.move_component, mail, after=web)
    assert await shown(store) == ["Core/Web", "Core/Mail", "Core/API"]
    await store.write(components.move_component, web)
    assert await shown(store) == ["Web", "Core/Mail", "Core/API"]
    with pytest.raises(InvalidPageChange, match="beside itself"):
        await store.write(components.move_component, web, before=web)


async def test_a_name_stands_once_in_a_group(store: Database) -> None:
    api, web = await component(store, "API"), await component(store, "Web")
    with pytest.raises(InvalidPageChange, match="API in this place already"):
        await component(store, " API ")
    with pytest.raises(InvalidPageChange, match="API in this place already"):
        await store.write(components.rename_component, web, "API")
    await store.write(components.archive, api)
    with pytest.raises(InvalidPageChange, match="restore it"):
        await component(store, "API")
    await component(store, "Zürich")
    with pytest.raises(InvalidPageChange, match="Zürich in this place already"):
        await component(store, "Zu\u0308rich")
    with pytest.raises(InvalidPageChange, match="cannot be empty"):
        await component(store, "  ")


async def test_groups_are_named_once_and_go_only_when_empty(store: Database) -> None:
    core = await store.write(components.add_group, "Core")
    web = await store.write(components.add_group, "Web")
    await component(store, "API", core.id)
    for work, values in (
        (components.add_group, ("Core",)),
        (components.rename_group, (web.id, "Core")),
        (components.remove_group, (core.id,)),
    ):
        with pytest.raises(InvalidPageChange):
            await store.write(work, *values)
    await store.write(components.remove_group, web.id)
    assert await store.read(queries.groups) == (core,)


async def test_an_archived_component_keeps_its_history(store: Database) -> None:
    api = await component(store, "API")
    await opened(store, {api: MAJOR})
    before = await site(store)
    await store.write(components.archive, api)
    assert (await site(store)).intervals == before.intervals
    assert await shown(store) == ["[API]"]
    await store.write(components.archive, api, archived=False)
    assert (await site(store)).components == before.components


async def test_what_the_file_declares_is_brought_in_once(store: Database) -> None:
    await declare(
        store, none=["Mail"], Core=[DeclaredComponent("API", "REST"), "Web"], Other=["SMS"]
    )
    assert await shown(store) == ["Mail", "Core/API", "Core/Web", "Other/SMS"]
    loaded = await site(store)
    assert (loaded.name, loaded.components[1].description) == ("Acme", "REST")
    assert {each.since for each in loaded.components} == {NOW}
    await declare(store, none=["Mail"], Core=["API", "Web"], Other=["SMS"])
    assert await site(store) == loaded


async def test_the_file_orders_and_describes(store: Database) -> None:
    await declare(store, Core=["API", "Web"], Other=["SMS"])
    before = await ids(store)
    await component(store, "Extra", (await store.read(queries.groups))[0].id)
    await declare(store, Other=["SMS"], Core=["New", "Web", DeclaredComponent("API", "REST")])
    assert await shown(store) == ["Other/SMS", "Core/New", "Core/Web", "Core/API", "Core/Extra"]
    after = await ids(store)
    assert {name: after[name] for name in before} == before
    assert (await store.read(queries.components))[3].description == "REST"


async def test_what_vanished_from_the_file_is_archived_until_it_is_back(store: Database) -> None:
    await declare(store, Core=["API", "Web"])
    by_hand = await component(store, "By hand")
    before = await ids(store)
    await declare(store, Core=["API"])
    assert await shown(store) == ["By hand", "Core/API", "[Core/Web]"]
    await declare(store, Core=["API", "Web"])
    assert await shown(store) == ["By hand", "Core/API", "Core/Web"]
    assert await ids(store) == before
    assert by_hand not in await store.read(declared_names)


async def test_a_file_without_components_changes_none(store: Database) -> None:
    await declare(store, Core=["API"])
    await declare(store, none=[])
    assert await shown(store) == ["Core/API"]


async def test_a_component_that_was_renamed_by_hand_is_not_added_again(store: Database) -> None:
    await declare(store, Core=["API", "Web"])
    before = await ids(store)
    await store.write(components.rename_component, before["API"], "REST API")
    for name in ("API", "REST API"):
        await declare(store, Core=[name, "Web"])
        assert await shown(store) == ["Core/REST API", "Core/Web"]
    assert (await ids(store))["REST API"] == before["API"]


async def test_letters_in_two_pieces_make_no_other_component(store: Database) -> None:
    await declare(store, Zürich=["Küche"])
    before = await ids(store)
    kitchen = before["Küche"]
    await store.write(lambda tx: components.set_columns(tx, kitchen, name="Ku\u0308che"))
    declaration = Declaration("Acme", {"Zürich": [DeclaredComponent("Küche")]})
    await store.write(apply_declaration, declaration, NOW)
    assert await shown(store) == ["Zürich/Ku\u0308che"]


async def test_components_of_one_name_that_were_renamed_keep_their_groups(store: Database) -> None:
    await declare(store, Europe=["API"], Asia=["API"])
    for each in await store.read(queries.components):
        await store.write(components.rename_component, each.id, f"API {each.id}")
    before = await site(store)
    await declare(store, Europe=["API"], Asia=["API"])
    assert await site(store) == before


async def test_a_component_in_another_group_of_the_file_is_moved(store: Database) -> None:
    await declare(store, Core=["API", "Web"], Other=["SMS"])
    before = await ids(store)
    await declare(store, Core=["Web"], Other=["API", "SMS"])
    assert await shown(store) == ["Core/Web", "Other/API", "Other/SMS"]
    assert await ids(store) == before


async def test_a_component_made_by_hand_becomes_the_one_of_the_file(store: Database) -> None:
    api = await component(store, "API")
    await declare(store, none=["Web", "API"])
    assert await shown(store) == ["Web", "API"]
    assert (await ids(store))["API"] == api
    assert (await store.read(queries.components))[1].since == NOW - 1000 * HOUR
