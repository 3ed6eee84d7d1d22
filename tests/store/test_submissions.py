import asyncio
from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.submissions import AnySubmission
from bot.store import Database, Tx, incidents, submissions
from tests.store.samples import NOW, incident, progress, report

pytestmark = pytest.mark.anyio


async def keep(store: Database, submission: AnySubmission) -> None:
    await store.write(submissions.add, submission, "inc1", NOW)


@pytest.mark.parametrize("submission", [report(), progress()], ids=["report", "progress"])
async def test_a_submission_is_kept_whole(store: Database, submission: AnySubmission) -> None:
    await store.write(incidents.add, incident())
    await keep(store, submission)
    kept = replace(submission, subject_id="inc1")
    found = await store.read(submissions.get, "s1")
    assert found
    assert found == kept
    assert found.id == "s1"
    assert await store.read(submissions.by_key, submission.key) == kept
    assert await store.read(submissions.get, "s2") is None
    assert await store.read(submissions.by_key, "view:V9") is None


async def test_a_key_is_kept_once(store: Database) -> None:
    await store.write(incidents.add, incident())
    await keep(store, report())

    def keep_another(tx: Tx) -> None:
        another = report(message="Another text", submission_id="s2")
        with pytest.raises(IntegrityError):
            submissions.add(tx, another, "inc1", NOW)

    await store.write(keep_another)
    assert await store.read(submissions.get, "s2") is None


async def test_of_two_that_arrive_at_once_the_later_finds_the_earlier(store: Database) -> None:
    await store.write(incidents.add, incident())

    def keep_or_find(tx: Tx, submission_id: str) -> str:
        kept = submissions.by_key(tx, report().key)
        if not kept:
            submissions.add(tx, report(submission_id=submission_id), "inc1", NOW)
        return kept.id if kept else submission_id

    ids = await asyncio.gather(*(store.write(keep_or_find, f"s{n}") for n in range(4)))
    assert len(set(ids)) == 1


async def test_a_submission_is_corrected_once(store: Database) -> None:
    await store.write(incidents.add, incident())
    await keep(store, report())
    assert await store.write(submissions.mark_replaced, "s1", "s2")
    assert not await store.write(submissions.mark_replaced, "s1", "s3")
    assert not await store.write(submissions.mark_replaced, "s9", "s3")
    kept = await store.read(submissions.get, "s1")
    assert kept
    assert kept.replaced_by == "s2"


async def test_a_first_step_waits_for_its_second(store: Database) -> None:
    first, again = report().form, report(message="Another text").form
    await store.write(submissions.save_draft, "V1", first, NOW)
    assert await store.read(submissions.draft, "V1") == first
    await store.write(submissions.save_draft, "V1", again, NOW)
    assert await store.read(submissions.draft, "V1") == again
    assert await store.read(submissions.draft, "V2") is None
