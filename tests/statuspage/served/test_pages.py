import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings

from bot.domain.incidents import IncidentStatus
from bot.statuspage.model.site import Site, UpdateRecord
from bot.statuspage.served.html import stylesheet
from tests.statuspage import histories
from tests.statuspage.served.parsed_pages import SVG, XHTML, front, pages, tree, words
from tests.statuspage.sites import URL, at, incident, maintenance, outage, quiet, site

MOST = 15 * 1024


def links(page: Element) -> Iterator[str]:
    for element in page.iter():
        yield from (
            element.get(name, "") for name in ("href", "src", "action") if element.get(name)
        )


EVERY = [
    pytest.param(made, path, id=f"{made.__name__} {path}")
    for made in (quiet, outage)
    for path in pages(made())
    if "past-" not in path or path.endswith("past-1")
]


@pytest.mark.parametrize(("made", "path"), EVERY)
def test_every_page_is_plain_valid_html(made: Callable[[], Site], path: str) -> None:
    text = pages(made())[path]
    page = tree(text)
    assert "<script" not in text
    assert not re.search(r"\son\w+=|\sstyle=|javascript:", text)
    assert page.get("lang") == "en"
    assert len(list(page.iter(XHTML + "h1"))) == 1
    assert page.find(f".//{XHTML}main[@id='main']") is not None
    assert next(page.iter(XHTML + "a")).get("href") == "#main"
    assert path


@pytest.mark.parametrize(("made", "path"), EVERY)
def test_no_page_asks_anybody_else_for_anything(made: Callable[[], Site], path: str) -> None:
    page = tree(pages(made())[path])
    fetched = [link.get("href", "") for link in page.iter(XHTML + "link")]
    fetched = [href for href in fetched if not href.startswith(URL)]  # The canonical address.
    assert all(href.startswith(("/", "data:image/svg+xml,")) for href in fetched), path
    outside = {href for href in links(page) if not href.startswith(("/", "#", "data:", URL))}
    assert outside <= {"https://docs.acme.example/async"}
    assert not list(page.iter(XHTML + "img"))
    assert "url(" not in stylesheet().decode().replace("url(#", "")
    assert "@import" not in stylesheet().decode()


@pytest.mark.parametrize("made", [quiet, outage])
def test_the_front_page_fits_the_budget_in_two_requests(made: Callable[[], Site]) -> None:
    text = pages(made())["/"]
    sizes = len(gzip.compress(text.encode())) + len(gzip.compress(stylesheet()))
    assert sizes <= MOST
    sheets = [one for one in tree(text).iter(XHTML + "link") if one.get("rel") == "stylesheet"]
    assert len(sheets) == 1


def test_every_bar_is_told_in_a_sentence_and_every_bad_day_in_a_list() -> None:
    page = front(outage())
    bars = [svg for svg in page.iter(SVG + "svg") if svg.get("role") == "img"]
    assert len(bars) == 20
    for row in page.iter(XHTML + "li"):
        if (bar := row.find(f"{SVG}svg[@role='img']")) is None:
            continue
        titles = [words(title) for title in bar.iter(SVG + "title")]
        listed = [words(day) for day in row.findall(f"{XHTML}details/{XHTML}ul/{XHTML}li")]
        assert listed == titles[::-1]
        name = words(row.find(f".//{XHTML}span[@class='name']"))
        assert re.fullmatch(rf"{name}: [\d.]+ % over \d+ days(, .*)?", bar.get("aria-label", ""))


def test_other_pictures_are_no_news_to_who_cannot_see_them() -> None:
    for svg in front(outage()).iter(SVG + "svg"):
        assert svg.get("role") == "img" or svg.get("aria-hidden") == "true"


def test_every_instant_is_for_machines_too_and_has_its_zone() -> None:
    for text in pages(outage()).values():
        for time in tree(text).iter(XHTML + "time"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time.get("datetime", ""))
        assert not re.search(r"\b(ago|yesterday|just now)\b", text)


def test_the_answer_comes_first_and_what_is_open_next() -> None:
    headings = [
        words(one) for one in front(outage()).iter() if one.tag in (XHTML + "h1", XHTML + "h2")
    ]
    assert headings == [
        "Major outage",
        "Open incidents",
        "Maintenance",
        "Components",
        "Last seven days",
    ]


def test_an_open_incident_is_told_from_its_last_word_to_its_first() -> None:
    article = next(front(outage()).iter(XHTML + "article"))
    clocks = [words(time)[-9:] for time in article.iter(XHTML + "time")]
    assert clocks == ["09:07 UTC", "09:41 UTC", "09:38 UTC", "09:31 UTC", "09:20 UTC", "09:12 UTC"]


def test_an_edited_update_says_so() -> None:
    said = UpdateRecord(
        "u",
        IncidentStatus.IDENTIFIED,
        "Found.",
        at("2026-11-20 09:20"),
        edited_at=at("2026-11-20 09:25"),
    )
    text = pages(site(incidents=(incident(updates=(said,)),)))["/incident/i1"]
    assert "edited" in words(tree(text))


def test_the_history_has_a_page_for_every_month_and_leads_through_them() -> None:
    found = pages(quiet())
    months = [path for path in found if path.startswith("/history/")]
    assert (months[0], months[-1], len(months)) == ("/history/2026-11", "/history/2025-03", 21)
    assert words(tree(found["/history/2026-10"]).find(f".//{XHTML}h1")) == "History of October 2026"
    older = [
        link for link in tree(found["/history"]).iter(XHTML + "a") if link.get("rel") == "prev"
    ]
    assert [link.get("href") for link in older] == ["/history/2026-08"]
    every = {href for text in found.values() for href in links(tree(text))}
    assert {one for one in every if one.startswith("/history/")} >= set(months[1:-1])


def test_a_page_in_a_folder_links_within_it() -> None:
    below = replace(quiet(), url="https://acme.example/status")
    for text in pages(below).values():
        own = [href for href in links(tree(text)) if href.startswith("/")]
        assert own
        assert all(href.startswith("/status/") for href in own)


def test_many_components_fold_the_groups_that_do_well() -> None:
    few = outage()
    more = tuple(
        replace(one, id=f"{one.id}-{n}", position=one.position + 20 * n)
        for n in range(1, 3)
        for one in few.components
    )
    groups = [
        one
        for one in front(replace(few, components=few.components + more)).iter(XHTML + "details")
        if one.get("class") == "group"
    ]
    assert [("open" in one.attrib) for one in groups] == [True, True, True, True]
    calm = front(replace(quiet(), components=few.components + more)).iter(XHTML + "details")
    assert not any("open" in one.attrib for one in calm)


def test_a_page_without_anything_is_still_a_page() -> None:
    empty = replace(site(), components=())
    assert words(front(empty).find(f".//{XHTML}h1")) == "All systems operational"


def test_a_maintenance_tells_its_window_and_its_state() -> None:
    text = pages(site(maintenances=(maintenance(),)))["/maintenance/m1"]
    assert "Scheduled · 20 Nov 2026, 10:00 to 11:00 UTC · 1 h" in words(tree(text))


@settings(max_examples=10)
@given(histories.sites())
def test_no_history_breaks_a_page(of: Site) -> None:
    for text in pages(of).values():
        page = html5lib.parse(text)
        assert len(list(page.iter(XHTML + "h1"))) == 1
