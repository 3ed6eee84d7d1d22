import unicodedata
from datetime import timedelta

import pytest

from bot.domain.pages import Component, ComponentStatus, Page
from bot.store import Database, pages
from bot.store.pages import component_key
from tests.store.samples import NOW

pytestmark = pytest.mark.anyio

SHOP = Page("instatus:shop", "Shop", "https://status.shop.example", NOW - timedelta(days=90))
BANK = Page("incidentio:bank", "Bank")


def parts(*names: str, group: str | None = None) -> list[Component]:
    return [Component(f"id of {name}", name, group) for name in names]


async def found(store: Database, words: str, *page_ids: str, limit: int = 100) -> list[str]:
    choices, _total = await store.read(pages.search, words, page_ids, limit)
    return [choice.component.name for choice in choices]


async def test_a_page_is_given_back_as_it_was_read(store: Database) -> None:
    listed = [
        Component("c1", "API", "Backend", ComponentStatus.MAJOR_OUTAGE),
        Component("c2", "API", None, ComponentStatus.UNKNOWN),
    ]
    await store.write(pages.save_page, SHOP, listed, NOW)
    assert await store.read(pages.all_pages) == (SHOP,)
    choices, total = await store.read(pages.search, "", [], 10)
    assert ([each.component for each in choices], total) == (listed, 2)
    assert [each.key for each in choices] == [component_key(SHOP.id, each.id) for each in listed]


async def test_pages_are_seen_with_all_components_or_with_those_in_trouble(store: Database) -> None:
    broken = Component("c9", "Mail", None, ComponentStatus.MAJOR_OUTAGE)
    await store.write(pages.save_page, SHOP, [*parts("API", "Web"), broken], NOW)
    await store.write(pages.save_page, BANK, [], NOW)
    bank, shop = await store.read(pages.seen, troubled_only=True)
    assert (bank.page, bank.total, bank.shown) == (BANK, 0, ())
    assert (shop.page, shop.read_at, shop.total, shop.shown) == (SHOP, NOW, 3, [broken])
    _, shop = await store.read(pages.seen, troubled_only=False)
    assert shop.shown == [*parts("API", "Web"), broken]


async def test_reading_a_page_again_replaces_what_was_known(store: Database) -> None:
    await store.write(pages.save_page, SHOP, parts("Old", "Kept"), NOW)
    await store.write(pages.save_page, BANK, parts("Vault"), NOW)
    renamed = Page(SHOP.id, "Shop, Inc.", None)
    await store.write(pages.save_page, renamed, parts("Kept", "New"), NOW + timedelta(hours=1))
    assert await store.read(pages.all_pages) == (BANK, renamed)
    assert await found(store, "") == ["Vault", "Kept", "New"]


@pytest.mark.parametrize("words", ["zürich", "ZU\u0308RICH", "“Zürich”", "'shops'\t\"Zürich\""])
async def test_components_are_found_however_their_letters_are_put_together(
    store: Database, words: str
) -> None:
    for page, name in ((SHOP, "Zürich"), (BANK, unicodedata.normalize("NFD", "Zürich"))):
        await store.write(pages.save_page, page, parts(name, "Bern", group="Shops"), NOW)
    assert len(await found(store, words)) == 2


async def test_a_page_may_lose_all_its_components(store: Database) -> None:
    await store.write(pages.save_page, SHOP, parts("API"), NOW)
    await store.write(pages.save_page, SHOP, [], NOW)
    assert await store.read(pages.all_pages) == (SHOP,)
    assert await found(store, "") == []


async def test_one_component_may_be_on_two_pages(store: Database) -> None:
    for page in (SHOP, BANK):
        await store.write(pages.save_page, page, parts("API"), NOW)
    assert await found(store, "api", SHOP.id) == ["API"]
    assert await found(store, "api") == ["API", "API"]


async def test_pages_that_a_key_no_longer_reaches_are_forgotten_with_their_components(
    store: Database,
) -> None:
    like_shop = Page("instatus_shop", "Not Instatus's")
    for page in (SHOP, BANK, like_shop, Page("instatus:gone", "Gone")):
        await store.write(pages.save_page, page, parts(page.name), NOW)
    await store.write(pages.forget_pages, "instatus", [SHOP.id])
    assert await store.read(pages.all_pages) == (BANK, like_shop, SHOP)
    assert sorted(await found(store, "")) == ["Bank", "Not Instatus's", "Shop"]
    await store.write(pages.forget_pages, "instatus", [])
    assert await store.read(pages.all_pages) == (BANK, like_shop)


async def test_without_pages_nothing_is_found(store: Database) -> None:
    assert await store.read(pages.search, "api", [], 10) == ((), 0)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["API", "100% Überwachung", "STRASSE_1", "STRASSEN1", "Δελτίο"]),
        ("api", ["API"]),
        ("ÜBERW", ["100% Überwachung"]),
        ("straße", ["STRASSE_1", "STRASSEN1"]),
        ("ΔΕΛΤΊΟ", ["Δελτίο"]),
        ("1 strasse", ["STRASSE_1", "STRASSEN1"]),
        ("%", ["100% Überwachung"]),
        ("_1", ["STRASSE_1"]),
        ("eu-west api", ["API"]),
        ("west  \t straßen1 EU", ["STRASSEN1"]),
        ("api straße", []),
        ("\\", []),
        ("/", []),
    ],
)
async def test_a_search_finds_what_has_every_word(
    store: Database, words: str, names: list[str]
) -> None:
    listed = parts("API", "100% Überwachung", "STRASSE_1", "STRASSEN1", "Δελτίο", group="EU-West")
    await store.write(pages.save_page, SHOP, listed, NOW)
    assert await found(store, words) == names


async def test_a_search_names_the_first_and_counts_all(store: Database) -> None:
    await store.write(pages.save_page, SHOP, parts(*(f"Node {n}" for n in range(150))), NOW)
    await store.write(pages.save_page, BANK, parts("Node of the bank", "Vault"), NOW)
    choices, total = await store.read(pages.search, "node", [SHOP.id], 100)
    assert total == 150
    assert [each.component.name for each in choices] == [f"Node {n}" for n in range(100)]
    assert (await store.read(pages.search, "node", [], 100))[1] == 151
    assert await found(store, "node", BANK.id) == ["Node of the bank"]


async def test_a_component_that_is_no_longer_listed_is_missing(store: Database) -> None:
    await store.write(pages.save_page, SHOP, parts("API", "Web"), NOW)
    there, gone = component_key(SHOP.id, "id of API"), component_key(SHOP.id, "elsewhere")
    known = await store.read(pages.by_keys, [there, gone])
    assert {key: each.component.name for key, each in known.items()} == {there: "API"}
    assert await store.read(pages.by_keys, []) == {}


async def test_names_are_those_of_one_page(store: Database) -> None:
    await store.write(pages.save_page, SHOP, [Component("c1", "Shop's API")], NOW)
    await store.write(pages.save_page, BANK, [Component("c1", "Bank's API")], NOW)
    assert await store.read(pages.names, BANK.id, ["c1", "c2"]) == {"c1": "Bank's API"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("pi", ["Pixel", "My pills", "Re-pin", "API", "Spin"]),
        ("eu pi", ["Pixel", "My pills", "Re-pin", "API", "Spin"]),
        ("u pi", ["API", "Spin", "Pixel", "My pills", "Re-pin"]),
    ],
)
async def test_a_search_prefers_the_start_of_words(
    store: Database, words: str, names: list[str]
) -> None:
    listed = parts("API", "Spin", "Pixel", "My pills", "Re-pin", group="EU")
    await store.write(pages.save_page, SHOP, listed, NOW)
    assert await found(store, words) == names
