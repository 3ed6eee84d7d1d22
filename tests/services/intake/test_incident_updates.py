"""What becomes of an update to an incident when it is accepted."""

from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.submissions import IncidentFields, UpdateForm
from bot.store import Database
from tests.services.bench import new_bench
from tests.services.planned import BARE, NOON

pytestmark = pytest.mark.anyio

MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize("published", [False, True], ids=["on their way", "published"])
async def test_updates_of_one_instant_differ_by_a_millisecond(
    store: Database, *, published: bool
) -> None:
    bench = await new_bench(store, BARE, BARE)
    pages = tuple(bench.pages)
    incident_id = await bench.reported(ComponentStatus.MAJOR_OUTAGE, pages=pages)
    for text in ("One.", "Two.", "Three."):
        progress = UpdateForm(IncidentFields(IncidentStatus.IDENTIFIED, text), incident_id)
        await bench.publishing.submit(bench.submission(progress))
        if published:
            await bench.rest()
    await bench.rest()
    for page in bench.pages.values():
        posted = [draft for draft in page.written if isinstance(draft, UpdateDraft)]
        assert [draft.message for draft in posted] == ["One.", "Two.", "Three."]
        assert [draft.at for draft in posted] == [NOON + n * MILLISECOND for n in range(3)]
