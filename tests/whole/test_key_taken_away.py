"""A key is taken away while an incident is on its page and on another one."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.whole.rig import staged

pytestmark = pytest.mark.anyio


async def test_the_incident_goes_on_where_it_can_and_its_author_hears_of_the_rest(
    tmp_path: Path,
) -> None:
    async with (
        InstatusFake() as one,
        IncidentIoFake() as other,
        staged([one, other], tmp_path) as stage,
    ):
        async with stage.running() as rig:
            form = await rig.form()
            form.fill("Incident name", "Down")
            form.fill("Message", "We look.")
            await form.choose("Page", "Example Corp", "Northwind")
            assert (await form.submit()).action == "update"
            await form.close(everything=True)
            await rig.receipts(2)
            await rig.all_done()
        env = {name: value for name, value in stage.env.items() if not name.startswith("INSTATUS")}
        async with replace(stage, env=env).running() as rig:
            await rig.post("Resolve", "It works.", parent=rig.parents()[-1])
            await rig.soon(
                lambda: [each.status for each in other.incidents()] == [IncidentStatus.RESOLVED],
                "the end on the other page",
            )
            await rig.soon(
                lambda: any("no key for this page" in m.shown for m in rig.slack.direct("ann")),
                "a letter about the page without a key",
            )
        assert {each.status for each in one.incidents()} == {IncidentStatus.INVESTIGATING}
