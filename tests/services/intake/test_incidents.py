"""What becomes of a report when it is accepted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.submissions import IncidentFields, ReportForm
from bot.errors import FormError
from bot.services.queries import Queries
from bot.store import Database
from tests.services.bench import new_bench
from tests.services.planned import BARE, NOON

pytestmark = pytest.mark.anyio

REPORT = ReportForm(IncidentFields(IncidentStatus.INVESTIGATING, "It is down."), "Down", (), "C0")
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(("keyed", "apart"), [(False, MILLISECOND), (True, timedelta())])
async def test_no_two_incidents_start_at_once_where_the_start_tells_them_apart(
    store: Database, *, keyed: bool, apart: timedelta
) -> None:
    bench = await new_bench(store, replace(BARE, takes_create_key=keyed))
    for _ in range(3):
        await bench.publishing.submit(bench.submission(REPORT))
    started = [each.started_at for each in await Queries(store, bench.clock).open_incidents()]
    assert sorted(started) == [NOON, NOON + apart, NOON + 2 * apart]


async def test_a_page_that_is_gone_is_named_with_everything_else(store: Database) -> None:
    bench = await new_bench(store, BARE)
    empty = replace(REPORT, name=" ", fields=replace(REPORT.fields, message=""), pages=("gone:1",))
    with pytest.raises(FormError) as refused:
        await bench.publishing.submit(bench.submission(empty))
    assert set(refused.value.fields) == {"pages", "name", "message"}
