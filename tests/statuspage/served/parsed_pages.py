"""The page as its readers get it: parsed, and its words without the markup."""

from xml.etree.ElementTree import Element

import html5lib

from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.catalogue import HTML, catalogue, missing_page
from tests.statuspage.sites import NOW

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


def pages(of: Site) -> dict[str, str]:
    standing = compute_state(of, ChangeTimes(of).last(NOW))
    found = {
        path: item.make(standing).decode()
        for path, item in catalogue(standing).items()
        if item.media == HTML
    }
    return {**found, "404": missing_page(standing).decode()}


def tree(page: str) -> Element:
    """Parse a page; raise where it breaks HTML's grammar."""
    parsed = html5lib.HTMLParser(strict=True).parse(page)
    assert isinstance(parsed, Element)
    return parsed


def front(of: Site) -> Element:
    return tree(pages(of)["/"])


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())
