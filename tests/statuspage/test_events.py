"""How incidents and maintenances are told, on the front page, in the history and on their own."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bot.statuspage.model import Site
from tests.statuspage.shown import SVG, XHTML, front, pages, tree, words
from tests.statuspage.sites import incident, part, site


def marks(element: Element | None) -> list[str]:
    """Return the letters of the icons within an element."""
    assert element is not None
    return [use.get("href", "") for use in element.iter(SVG + "use")]


def entries(of: Site, path: str) -> Iterator[Element]:
    """Yield the lines of the lists of what was."""
    for line in tree(pages(of)[path]).iter(XHTML + "li"):
        if line.get("class") == "entry":
            yield line


def test_an_open_incident_without_a_component_never_looks_green() -> None:
    of = site(part(), incidents=(incident(updates=(), impacts={}),))
    page = front(of)
    assert words(page.find(f".//{XHTML}h1")) == "Incident in progress"
    assert "1 component, none named as affected." in words(page)
    assert marks(page.find(f".//{XHTML}article")) == ["#d"]
    assert marks(tree(pages(of)["/incident/i1"])) == ["#d"]
    [line] = entries(of, "/history")
    assert marks(line) == ["#d"]
    assert "Degraded" not in words(line)
