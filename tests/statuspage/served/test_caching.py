from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.catalogue import ALWAYS, catalogue
from tests.statuspage import histories
from tests.statuspage.served.served_page import ServedPage
from tests.statuspage.sites import NOW, at, incident, maintenance, outage, quiet, site

pytestmark = pytest.mark.anyio

PATHS = [*ALWAYS, "/history/2026-11", "/incident/i0", "/maintenance/m0"]


async def seen(page: ServedPage) -> dict[str, tuple[str, bytes]]:
    """Return the tag and the body of everything that is there; each body must be right by now."""
    found = {path: await page.ask(path) for path in PATHS}
    state = compute_state(page.site, ChangeTimes(page.site).last(page.now))
    for path, item in catalogue(state).items():
        assert path not in found or found[path].content == item.make(state), path
    return {
        path: (answer.headers["etag"], answer.content)
        for path, answer in found.items()
        if answer.status_code == 200
    }


def agree(before: dict[str, tuple[str, bytes]], after: dict[str, tuple[str, bytes]]) -> None:
    for path in before.keys() & after.keys():
        (tag, body), (new_tag, new_body) = before[path], after[path]
        assert (tag == new_tag) is (body == new_body), path


@settings(max_examples=20)
@given(st.lists(histories.sites(), min_size=2, max_size=3), st.integers(0, 4000))
async def test_the_tag_changes_if_and_only_if_the_body_does(
    sites: list[Site], seconds: int
) -> None:
    page = ServedPage(sites[0])
    before = await seen(page)
    for revision, changed in enumerate(sites, 2):
        page.site = replace(changed, revision=revision)
        agree(before, before := await seen(page))
        page.wait(seconds=seconds)
        agree(before, before := await seen(page))


@settings(max_examples=20)
@given(histories.sites(), st.lists(st.integers(0, 86_400), min_size=1, max_size=4))
async def test_a_page_that_starts_anew_gives_one_tag_to_one_body(
    of: Site, waits: list[int]
) -> None:
    bodies: dict[tuple[str, str], bytes] = {}
    page = ServedPage(of)
    for seconds in waits:
        page.wait(seconds=seconds)
        page.start()
        for path, (tag, body) in (await seen(page)).items():
            assert bodies.setdefault((path, tag), body) == body


async def test_a_maintenance_start_changes_the_tag_without_a_write() -> None:
    page = ServedPage(site(maintenances=(maintenance(),)), now=at("2026-11-20 09:59"))
    before = await page.ask("/")
    page.wait(seconds=59)
    assert (await page.ask("/")).headers["etag"] == before.headers["etag"]
    page.wait(seconds=1)
    after = await page.ask("/", if_none_match=before.headers["etag"])
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert "Under maintenance" in after.text
    page.wait(hours=1)
    assert "All systems operational" in (await page.ask("/")).text


@pytest.mark.parametrize("path", ALWAYS)
async def test_what_has_not_changed_is_not_made_again(path: str) -> None:
    page = ServedPage(outage())
    tag = (await page.ask(path)).headers["etag"]
    made = page.cache.render_count
    answer = await page.ask(path, if_none_match=tag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert page.cache.render_count == made


async def test_after_a_start_what_others_have_is_still_not_made() -> None:
    page = ServedPage(quiet())
    tag = (await page.ask("/")).headers["etag"]
    page.start()
    page.wait(seconds=1)
    assert (await page.ask("/", if_none_match=tag)).status_code == 304
    assert page.cache.render_count == 0


async def test_a_change_elsewhere_leaves_the_tag_of_a_page_alone() -> None:
    page = ServedPage(quiet())
    tag = (await page.ask("/badge.svg")).headers["etag"]
    page.site = replace(page.site, revision=99, components=page.site.components[:-1])
    assert (await page.ask("/badge.svg", if_none_match=tag)).status_code == 304
    assert (await page.ask("/badge.svg")).headers["etag"] == tag


async def test_a_body_is_made_once_for_many() -> None:
    page = ServedPage(quiet())
    for _ in range(3):
        await page.ask("/")
    assert (page.cache.render_count, page.loads) == (1, 1)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{}", 304),
        ('"other", {}', 304),
        ("W/{}", 304),
        ('W/"other" , W/{}', 304),
        ("*", 304),
        ('"other"', 200),
        ('"41"', 200),
        ("", 200),
    ],
)
async def test_any_way_to_name_what_one_has_is_understood(wanted: str, status: int) -> None:
    page = ServedPage(quiet())
    tag = (await page.ask("/")).headers["etag"]
    assert (await page.ask("/", if_none_match=wanted.format(tag))).status_code == status


async def test_what_is_packed_has_a_tag_of_its_own() -> None:
    page = ServedPage(quiet())
    plain, packed = await page.ask("/"), await page.ask("/", accept_encoding="br, gzip;q=0.5")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert packed.headers["etag"] != plain.headers["etag"]
    assert {plain.headers["vary"], packed.headers["vary"]} == {"Accept-Encoding"}
    for answer in (plain, packed):
        tag = answer.headers["etag"]
        assert (await page.ask("/", if_none_match=tag, accept_encoding="gzip")).status_code == 304


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "gzip; q=0.0", "br"])
async def test_who_cannot_unpack_gets_it_plain(accepted: str) -> None:
    answer = await ServedPage(quiet()).ask("/", accept_encoding=accepted)
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("now", "path", "age"),
    [
        (NOW, "/", 30),
        (at("2026-11-20 09:59") + timedelta(seconds=48), "/", 12),
        (at("2026-11-20 09:59") + timedelta(seconds=48), "/summary.json", 12),
        (NOW, "/feed.rss", 120),
        (NOW, "/calendar.ics", 900),
    ],
)
async def test_caches_may_keep_it_until_it_changes(now: datetime, path: str, age: int) -> None:
    page = ServedPage(site(maintenances=(maintenance(),)), now=now)
    rule = (await page.ask(path)).headers["cache-control"]
    assert rule == f"public, max-age={age}, stale-while-revalidate=60, stale-if-error=86400"


async def test_the_style_sheet_may_be_kept_for_ever() -> None:
    page = ServedPage(quiet())
    [path] = [path for path in (await page.cache.current()).items if path.endswith(".css")]
    rule = (await page.ask(path)).headers["cache-control"]
    assert rule == "public, max-age=31536000, immutable"


async def test_while_the_records_are_away_the_last_known_page_stands_in() -> None:
    page = ServedPage(site(incidents=(incident(),)), broken=True)
    assert (await page.ask("/")).status_code == 503
    page.broken = False
    known = await page.ask("/")
    page.broken = True
    page.wait(hours=2)
    assert known.status_code == (await page.ask("/")).status_code == 200
