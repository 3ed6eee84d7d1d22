"""A question always reaches a person: the thread, the owner, the group, and then the admins."""

import pytest

from bot.domain.pages import ComponentStatus
from bot.domain.submissions import Person
from bot.store import Database, threads
from tests.services.asked import AskingBench, new_asking
from tests.services.bench import HOUR, MINUTE
from tests.services.planned import NOON

pytestmark = pytest.mark.anyio

MAJOR = ComponentStatus.MAJOR_OUTAGE


@pytest.fixture
async def bench(store: Database) -> AskingBench:
    return await new_asking(store)


async def asked_with(bench: AskingBench, *closed: str) -> str:
    subject_id = await bench.reported(MAJOR)
    bench.heard.closed = set(closed)
    await bench.at(NOON + 15 * MINUTE)
    return subject_id


async def test_where_the_channel_is_closed_the_owner_is_asked_and_told_why(
    bench: AskingBench,
) -> None:
    subject_id = await asked_with(bench, "C0")
    [(place, question)] = bench.heard.questions
    assert (place, question.people) == ("U0ANN", ("U0ANN",))
    assert any("C0 is closed." in letter.text for letter in bench.heard.letters)
    subject = await bench.store.read(threads.get, subject_id)
    assert subject
    assert subject.channel == "U0ANN"


async def test_where_the_owner_is_gone_the_first_of_the_group_is_asked(bench: AskingBench) -> None:
    await asked_with(bench, "C0", "U0ANN")
    assert bench.heard.questions == []
    [letter] = [each for each in bench.heard.letters if "look after" in each.title]
    assert letter.user_id == "U0BEN"
    assert "U0ANN is closed." in letter.text
    assert letter.fallbacks == ("U0CAT", "U0ADMIN")


async def test_where_the_group_is_gone_too_the_admins_are_asked(bench: AskingBench) -> None:
    await asked_with(bench, "C0", "U0ANN", "U0BEN", "U0CAT")
    [letter] = [each for each in bench.heard.letters if "look after" in each.title]
    assert letter.user_id == "U0ADMIN"
    assert letter.text.startswith("Customers last heard from us 15 min ago.")


async def test_where_nobody_is_left_the_next_question_is_asked_all_the_same(
    bench: AskingBench,
) -> None:
    await asked_with(bench, "C0", "U0ANN", "U0BEN", "U0CAT", "U0ADMIN")
    assert bench.heard.letters == []
    bench.heard.closed = set()
    await bench.at(NOON + HOUR)
    assert len(bench.heard.questions) == 1


async def test_an_owner_who_is_gone_is_not_asked_as_the_groups_member_either(
    bench: AskingBench,
) -> None:
    subject_id = await bench.reported(MAJOR)
    await bench.answers.hand_over(subject_id, Person("U0BEN", "Ben"), Person("U0ANN", "Ann"))
    bench.heard.closed = {"C0", "U0BEN"}
    await bench.at(NOON + 15 * MINUTE)
    [letter] = [each for each in bench.heard.letters if "look after" in each.title]
    assert (letter.user_id, letter.fallbacks) == ("U0CAT", ("U0ADMIN",))
