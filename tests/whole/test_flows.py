import time
from pathlib import Path
import pytest
from tests.fakes.vendor import VendorFake
from tests.whole.rig import whole_bot
from bot.domain.pages import ComponentStatus

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def parts(vendor: VendorFake) -> dict[str, str]:
    page = vendor.page_id
    return {"API": vendor.add_component(page, "API", "Core"), "Web": vendor.add_component(page, "Web", "Core"), "Mail": vendor.add_component(page, "Mail")}


async def test_main(vendor, transport, parts, tmp_path):
    t=time.monotonic()
    async with whole_bot([vendor], tmp_path, transport=transport) as rig:
        print("start", time.monotonic()-t)
        form = await rig.form(words="checkout is down")
        print(form.labels); print(form.text); print(form.value("Incident name"), form.submit_label)
        await form.close()
        await rig.report("Checkout is down", "Cards are **refused**.", "API · Core", "Web · Core", status="Major outage")
        await rig.receipts(1)
        print("receipt", time.monotonic()-t)
        print(rig.parents()[0].shown); print(rig.parents()[0].buttons); print('---'); print(rig.replies()[0].shown)
        print(rig.vendor.incidents())
        await rig.post("Update", "Found it")
        await rig.receipts(2)
        print('---'); print(rig.replies()[1].shown)
        await rig.post("Resolve", "Fixed")
        await rig.receipts(3)
        print("done", time.monotonic()-t)
        await rig.slack.until(lambda: "Resolved" in rig.parents()[0].shown)
        print('---'); print(rig.replies()[2].shown); print(rig.replies()[2]);
        print(rig.parents()[0].shown); print(rig.parents()[0].buttons); print('---');
        print(rig.vendor.incidents(), rig.vendor.notifications)
        print([ (c.method,c.error) for c in rig.slack.calls()], [a.seconds for a in rig.slack.acks])
        print(rig.vendor.refusals)
    print("end", time.monotonic()-t)
    1/0
