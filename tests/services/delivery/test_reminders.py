"""A question always reaches a person: the thread, the owner, the group, and then the admins."""

import pytest

from bot.domain.deliveries import DirectMessage
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


def asked(bench: AskingBench) -> list[DirectMessage]:
    """Return what people were asked privately."""
    return [each for each in bench.heard.letters if each.question]


async def test_where_the_channel_is_closed_the_owner_is_asked_and_told_why(
    bench: AskingBench,
) -> None:
    subject_id = await asked_with(bench, "C0")
    [question] = asked(bench)
    assert question.user_id == "U0ANN"
    assert any(
        letter.text.startswith("C0 is closed. The thread of “API is down” goes on here")
        for letter in bench.heard.letters
    )
    subject = await bench.store.read(threads.get, subject_id)
    assert subject
    assert subject.channel == "U0ANN"


async def test_where_the_channel_is_closed_each_of_the_group_is_asked(bench: AskingBench) -> None:
    await asked_with(bench, "C0")
    for minutes in (25, 35, 65):
        await bench.at(NOON + minutes * MINUTE)
    people = [each.user_id for each in asked(bench)]
    assert people == ["U0ANN", "U0ANN", "U0BEN", "U0CAT", "U0BEN", "U0CAT"]
    assert bench.heard.questions == []


@pytest.mark.parametrize(
    ("closed", "people"),
    [
        ((), ["U0BEN", "U0CAT"]),
        (("U0BEN",), ["U0CAT"]),
        (("U0CAT",), ["U0BEN"]),
        (("U0BEN", "U0CAT"), ["U0ADMIN"]),
        (("S0OPS",), ["U0ADMIN"]),
        (("U0BEN", "U0CAT", "U0ADMIN"), []),
    ],
)
async def test_where_the_owner_is_gone_those_are_asked_who_come_next(
    bench: AskingBench, closed: tuple[str, ...], people: list[str]
) -> None:
    subject_id = await asked_with(bench, "C0", "U0ANN", *closed)
    assert [each.user_id for each in asked(bench)] == people
    assert all(each.reason == "U0ANN is closed." for each in asked(bench))
    assert all(each.missed[0] == "U0ANN" for each in asked(bench))
    subject = await bench.store.read(threads.get, subject_id)
    assert subject
    assert subject.channel == (people[0] if people else "C0")


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
    assert [each.user_id for each in asked(bench)] == ["U0CAT"]


async def test_a_question_that_was_handed_over_on_its_way_is_not_asked(bench: AskingBench) -> None:
    subject_id = await bench.reported(MAJOR)
    bench.heard.closed = {"C0"}
    bench.clock.time = NOON + 15 * MINUTE
    await bench.timers.sweep()
    await bench.answers.hand_over(subject_id, Person("U0BEN", "Ben"), Person("U0ANN", "Ann"))
    await bench.rest()
    assert asked(bench) == []
