"""The page as its readers get it: parsed, and its words without the markup."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib

from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Site
from bot.statuspage.model.site_state import compute_state
from bot.statuspage.served.catalogue import HTML, catalogue, missing_page
from tests.statuspage.sites import NOW

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


class Pages(Mapping[str, str]):
    """Every page of a site by its path, each made when it is looked at."""

    def __init__(self, of: Site) -> None:
        self._state = compute_state(of, ChangeTimes(of).last(NOW))
        every = catalogue(self._state).items()
        self._make = {path: item.make for path, item in every if item.media == HTML}
        self._make["404"] = missing_page

    def __getitem__(self, path: str) -> str:
        return self._make[path](self._state).decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


def pages(of: Site) -> Pages:
    return Pages(of)


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
