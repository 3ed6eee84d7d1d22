"""Lists to choose from: however alike the names are, what is offered reads differently."""

from pathlib import Path

import pytest

from bot.playground import Option
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import whole_bot

pytestmark = pytest.mark.anyio

LONG = "Payment gateway for card transactions of the north-western European region, node "
LABEL = "Affected components"


def alike(options: list[Option]) -> list[str]:
    texts = [option.text for option in options]
    return [text for text in texts if texts.count(text) > 1]


async def test_no_two_components_read_alike_whatever_they_are_called(tmp_path: Path) -> None:
    async with InstatusFake() as shop, IncidentIoFake() as bank:
        for page in (shop, bank):
            for number in (1, 2):
                page.add_component(page.page_id, f"{LONG}{number}")
                page.add_component(page.page_id, f"{number} {LONG}", LONG)
            page.add_component(page.page_id, f"{LONG}1", "Other")
            page.add_component(page.page_id, "API", f"{LONG}1")
            page.add_component(page.page_id, "API", f"{LONG}2")
        async with whole_bot([shop, bank], tmp_path) as rig:
            form = await rig.form(words="All of it")
            await form.choose("Page", "Example Corp", "Northwind")
            offered = await form.options(LABEL, "")
            assert len(offered) == 14
            assert alike(offered) == []
            form.fill("Message", "Look.")
            await form.choose(LABEL, *(each.value for each in offered))
            await form.choose("Component status", "Set each…")
            await form.submit()
            step = await rig.ann.modal("Component status")
            assert len(set(step.labels)) == 14


async def test_no_two_incidents_or_pages_read_alike_in_a_list(tmp_path: Path) -> None:
    async with InstatusFake() as vendor:
        second = vendor.add_page("Example Corp", "https://second.example")
        assert second
        async with whole_bot([vendor], tmp_path) as rig:
            for name in (f"{LONG}1", f"{LONG}2", "Checkout is down", "Checkout is down"):
                form = await rig.form(words=name)
                form.fill("Message", "Look.")
                pages = await form.options("Page")
                assert sorted(each.text for each in pages) == [
                    "Example Corp · examplecorp.instatus.com",
                    "Example Corp · second.example",
                ]
                await form.submit()
                await form.close(everything=True)
            await rig.all_done()
            await rig.ann.types("/incident update")
            picker = await rig.ann.modal("Choose an incident")
            offered = await picker.options("Which incident has news?")
            assert len(offered) == 4
            assert alike(offered) == []
