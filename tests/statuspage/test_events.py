"""How incidents and maintenances are told, on the front page, in the history and on their own."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from bot.domain.maintenances import MaintenanceStatus
from bot.statuspage.model import Site
from tests.statuspage.shown import SVG, XHTML, front, pages, tree, words
from tests.statuspage.sites import at, incident, maintenance, part, site


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


CANCELLED = MaintenanceStatus.CANCELLED
FUTURE = {"starts": at("2027-03-28 01:30"), "ends": at("2027-03-28 02:30")}
CALLED_OFF = "planned for 28 Mar 2027, 01:30 to 02:30 UTC · 1 h · called off 20 Nov 2026, 09:30 UTC"


@pytest.mark.parametrize("auto", [True, False])
def test_work_called_off_ahead_strikes_its_window_and_says_when(*, auto: bool) -> None:
    off = maintenance(
        status=CANCELLED, finished=at("2026-11-20 09:30"), auto_start=auto, auto_end=auto, **FUTURE
    )
    of = site(part(), maintenances=(off,))
    for path in ("/", "/history", "/history/2026-11"):
        [line] = entries(of, path)
        assert f"Maintenance cancelled · {CALLED_OFF}" in words(line)
        assert words(line.find(f".//{XHTML}s")) == "28 Mar 2027, 01:30 to 02:30 UTC · 1 h"
    assert f"Cancelled · {CALLED_OFF}" in words(tree(pages(of)["/maintenance/m1"]))


def test_work_called_off_while_it_ran_is_told_as_it_was() -> None:
    began, ended = at("2026-11-20 09:00"), at("2026-11-20 09:30")
    off = maintenance(status=CANCELLED, starts=began, started=began, finished=ended)
    [line] = entries(site(part(), maintenances=(off,)), "/")
    told = "Maintenance cancelled · 20 Nov 2026, 09:00 to 09:30 UTC · 30 min"
    assert told in words(line)
    assert not list(line.iter(XHTML + "s"))
