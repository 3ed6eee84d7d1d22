"""The faults that a team trains with are those that Foghorn is built for."""

import time

import pytest

from bot.cli.page_faults import PageFaults
from bot.errors import Unavailable, Uncertain
from bot.ports import StatusPage
from tests.providers.rigs import EPOCH, incident_draft, local

pytestmark = pytest.mark.anyio


async def test_each_switch_breaks_the_page_until_it_is_off_again() -> None:
    faults, draft = PageFaults(delay=0.05), incident_draft()
    async with local() as rig:
        account = faults.account(rig.account)
        (listed,) = await account.pages()
        page: StatusPage = account.page(listed.id)
        assert (page.id, page.capabilities) == (rig.page.id, rig.account.capabilities)

        faults.turn("page_down", on=True)
        with pytest.raises(Unavailable, match="Page down"):
            await page.create_incident(draft, "key", {})
        with pytest.raises(Unavailable):
            await account.pages()
        faults.turn("page_down", on=False)
        assert await page.open_incidents() == ()

        faults.turn("page_loses", on=True)
        with pytest.raises(Uncertain, match="Answers lost"):
            await page.create_incident(draft, "key", {})
        assert len(await page.find_incidents(draft, EPOCH)) == 1
        faults.turn("page_loses", on=False)

        faults.turn("page_slow", on=True)
        began = time.monotonic()
        assert len(await page.open_incidents()) == 1
        assert time.monotonic() - began >= 0.05
