"""Whoever may not publish changes nothing, whichever button they find and whatever they submit."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.deliveries import State
from bot.slack.app import dispatch, routes
from bot.slack.forms import ids
from bot.store import Tx, deliveries, incidents, submissions
from bot.store import tables as stored
from tests.pieces import Scene, scene
from tests.store import samples

pytestmark = pytest.mark.anyio

ROUTER = routes(None)  # type: ignore[arg-type] # who listens to what does not depend on it
REFUSAL = "Guests may not publish"
HARMLESS = {
    # What only shows something, or changes the form of whoever fills it in.
    *(ids.STATUS, ids.COMPONENT_STATUS, ids.SAY, ids.VIEW_PAGE),
    *(ids.PAGES, ids.STARTS, ids.ENDS, ids.AUTOMATION, ids.NOTIFY),
}
SUFFIXES = {ids.EXTEND_BY: ":30", ids.DECIDE: ":again"}


@pytest.fixture(scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """One bot for all, since whoever is refused changes nothing."""
    async with scene(tmp_path_factory.mktemp("guests")) as running:
        yield running


async def clicks(here: Scene, action_id: str, value: str, user: str = "U0GUS") -> None:
    chosen = {"action_id": action_id, "value": value, "selected_option": {"value": value}}
    body = {"type": "block_actions", "user": {"id": user}, "trigger_id": "1", "actions": [chosen]}
    assert (await dispatch(here.app.bolt, body))[0] == 200


async def hears_the_refusal(here: Scene, heard: int) -> None:
    """Wait until the guest, who had `heard` messages before, hears one more: the refusal."""

    async def told() -> bool:
        return len(here.slack.direct("gus")) > heard

    await here.has(told)
    assert REFUSAL in here.slack.direct("gus")[-1].shown


async def is_refused(here: Scene, action_id: str, value: str = "1:1") -> None:
    """Click, and see that this is all that comes of it."""
    before, heard = await here.app.resources.database.read(rows), len(here.slack.direct("gus"))
    await clicks(here, action_id, value)
    await hears_the_refusal(here, heard)
    assert await here.app.resources.database.read(rows) == before
    assert here.slack.calls("views.open") == []


def rows(tx: Tx) -> list[int]:
    kept = (stored.deliveries, stored.submissions, stored.subjects, stored.audit)
    return [tx.scalar(select(func.count()).select_from(table)) or 0 for table in kept]


@pytest.mark.parametrize("action_id", sorted(ROUTER.actions.keys() - HARMLESS))
async def test_a_guest_gets_nothing_from_a_button(here: Scene, action_id: str) -> None:
    chosen = f"{ids.HAND_OVER}:1" if action_id == ids.MORE else "1:1"
    await is_refused(here, action_id + SUFFIXES.get(action_id, ""), chosen)


@pytest.mark.parametrize("shortcut", sorted(ROUTER.shortcuts))
async def test_a_guest_gets_nothing_from_a_shortcut(here: Scene, shortcut: str) -> None:
    heard = len(here.slack.direct("gus"))
    body = {"type": "shortcut", "callback_id": shortcut, "user": {"id": "U0GUS"}, "trigger_id": "1"}
    await dispatch(here.app.bolt, body)
    await hears_the_refusal(here, heard)


@pytest.mark.parametrize("form", sorted(ROUTER.submissions.keys() - HARMLESS))
async def test_a_guest_submits_nothing(here: Scene, form: str) -> None:
    await is_refused(here, ids.OPEN_REPORT)  # from now on it is known who they are
    database = here.app.resources.database
    await database.write(submissions.save_draft, "V0", samples.report().form, here.clock.now())
    before = await database.read(rows)
    _status, body, _headers = await dispatch(here.app.bolt, submission(form, "U0GUS"))
    assert REFUSAL in body
    assert await database.read(rows) == before
    _status, body, _headers = await dispatch(here.app.bolt, submission(form, "U0ANN"))
    assert REFUSAL not in body


def submission(form: str, user: str) -> dict[str, Any]:
    view = {
        "id": "V1",
        "callback_id": form,
        "private_metadata": '{"root_view_id": "V0"}',
        "blocks": [{"type": "input", "block_id": ids.MESSAGE}],
        "state": {"values": {ids.NEW_OWNER: {ids.NEW_OWNER: {"selected_user": "U0BEN"}}}},
    }
    return {"type": "view_submission", "user": {"id": user}, "view": view}


@pytest.mark.parametrize("answer", ["look", "again", "leave"])
async def test_a_guest_decides_nothing_about_what_is_stuck(answer: str, tmp_path: Path) -> None:
    async with scene(tmp_path) as here:
        database = here.app.resources.database
        await database.write(stick, here.clock.now())
        await is_refused(here, f"{ids.DECIDE}:{answer}", "1")
        assert await database.read(state) is State.STUCK
        await clicks(here, f"{ids.DECIDE}:{answer}", "1", "U0ANN")

        async def decided() -> bool:
            return await database.read(state) is not State.STUCK

        await here.has(decided)


def stick(tx: Tx, now: datetime) -> None:
    """Have an incident of which nobody knows whether it is on its page."""
    incidents.add(tx, samples.incident())
    about = {"subject_id": "inc1", "publication_id": "pub1"}
    deliveries.add(tx, [samples.delivery("stuck", payload=samples.draft(), **about)], now)
    tx.execute(update(stored.deliveries).values(state=State.STUCK.value))


def state(tx: Tx) -> State | None:
    found = deliveries.get(tx, 1)
    return found.state if found else None
