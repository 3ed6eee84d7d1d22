"""What one of two pages refused is put right there, and not said again on the other."""

from pathlib import Path

import pytest

from tests.whole.rig import new_vendor, whole_bot

pytestmark = pytest.mark.anyio

NAME, REPORT = "Checkout is down", "Cards are refused."
UPDATE, RIGHT = "The bank mends it.", "The bank is mending it."


async def test_an_update_that_one_page_refused_is_corrected_on_that_page_alone(
    tmp_path: Path,
) -> None:
    async with (
        new_vendor("instatus") as one,
        new_vendor("incidentio") as other,
        whole_bot([one, other], tmp_path, timing={"lease": "60m"}) as rig,
    ):
        form = await rig.form()
        form.fill("Incident name", NAME)
        form.fill("Message", REPORT)
        await form.choose("Page", *[option.text for option in await form.options("Page")])
        await form.submit()
        await form.close(everything=True)
        await rig.receipts(2)
        one.fail_next(422, method="POST")
        await rig.post("Update", UPDATE)
        await rig.receipts(3)
        await rig.slack.until(lambda: rig.slack.direct("ann") != [], what="a letter")
        [letter] = rig.slack.direct("ann")
        await rig.ann.clicks("Open the form again", message=letter)
        form = await rig.ann.modal("Post an update")
        form.fill("Message", RIGHT)
        await form.submit()
        await rig.receipts(4)
        await rig.all_done()
        assert [each.messages for each in one.incidents()] == [[REPORT, RIGHT]]
        assert [each.messages for each in other.incidents()] == [[REPORT, UPDATE]]
