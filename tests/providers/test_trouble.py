"""What trouble at a provider means: the same for every provider, and never a second write."""

import time
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.errors import Gone, ProviderError, Rejected, Unauthorized, Unavailable, Uncertain
from bot.providers.http import LARGEST_ANSWER
from tests.fakes.vendor import VendorFake, wall_clock
from tests.providers.rigs import (
    EPOCH,
    FAULTY,
    PATIENCE,
    Rig,
    incident_draft,
    the_turn_ends,
    update_draft,
)

pytestmark = pytest.mark.anyio

Faulty = tuple[Rig, VendorFake]
UNREADABLE = ["<html>Bad gateway</html>", b"", "null", "[1", '"text"', b"\xff\xfe", "{}"]


async def fails_to_read(rig: Rig) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        await rig.page.open_incidents()
    return raised.value


async def fails_to_write(rig: Rig) -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        await rig.page.create_incident(incident_draft(), "key", {})
    return raised.value


async def test_a_provider_that_is_down_was_not_reached(faulty: Faulty) -> None:
    rig, fake = faulty
    await fake.refuse_connections()
    for error in (await fails_to_read(rig), await fails_to_write(rig)):
        assert type(error) is Unavailable
        assert str(error).endswith("could not be reached.")
    await fake.accept()
    assert await rig.page.open_incidents() == ()


async def test_a_provider_that_came_back_is_reached_over_a_new_connection(faulty: Faulty) -> None:
    rig, fake = faulty
    await rig.page.open_incidents()
    await fake.refuse_connections()
    await fake.accept()
    await rig.page.create_incident(incident_draft(), "key", {})
    assert len(fake.incidents()) == 1


async def test_silence_may_hide_a_write_but_never_a_read(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.hang()
    assert type(await fails_to_read(rig)) is Unavailable
    error = await fails_to_write(rig)
    assert type(error) is Uncertain
    assert "in time; it may have done it all the same" in str(error)
    assert fake.incidents() == []


async def test_a_slow_answer_means_the_write_may_be_there(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.slow(2 * PATIENCE)
    assert type(await fails_to_write(rig)) is Uncertain
    assert len(fake.incidents()) == 1


async def test_a_line_cut_before_or_after_the_write_looks_the_same(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.cut_next()
    before = await fails_to_write(rig)
    assert (fake.lost, fake.incidents()) == (0, [])
    fake.lose_next_answer()
    after = await fails_to_write(rig)
    assert (fake.lost, len(fake.incidents())) == (1, 1)
    assert type(before) is type(after) is Uncertain
    assert str(before) == str(after)


async def test_a_line_cut_on_a_read_did_nothing(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.cut_next("GET")
    assert type(await fails_to_read(rig)) is Unavailable


@pytest.mark.parametrize("status", [408, 409, 500, 502, 503, 504, 520])
async def test_the_providers_own_trouble_leaves_a_write_in_doubt(
    faulty: Faulty, status: int
) -> None:
    rig, fake = faulty
    fake.fail_next(status, times=2)
    assert isinstance(await fails_to_read(rig), Unavailable)
    error = await fails_to_write(rig)
    assert type(error) is Uncertain
    assert f"({status})" in str(error)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (401, Unauthorized),
        (403, Unauthorized),
        (404, Gone),
        (410, Gone),
        (425, Unavailable),
        (429, Unavailable),
    ],
)
async def test_a_plain_refusal_means_one_thing_for_reads_and_writes(
    faulty: Faulty, status: int, meaning: type[ProviderError]
) -> None:
    rig, fake = faulty
    fake.fail_next(status, times=2)
    assert type(await fails_to_read(rig)) is type(await fails_to_write(rig)) is meaning


@pytest.mark.parametrize("status", [302, 400, 405, 413, 422])
async def test_what_was_understood_and_refused_will_be_refused_again(
    faulty: Faulty, status: int
) -> None:
    rig, fake = faulty
    fake.fail_next(status)
    with pytest.raises(Rejected):
        await rig.page.create_incident(incident_draft(notify=False), "key", {})
    assert len(fake.requests) == 1
    assert fake.incidents() == []


@pytest.mark.parametrize("provider", list(FAULTY))
async def test_a_wrong_key_is_unauthorized(provider: str) -> None:
    async with FAULTY[provider]("a wrong key") as rig:
        with pytest.raises(Unauthorized, match="does not let our key do this"):
            await rig.account.pages()
        with pytest.raises(Unauthorized):
            await rig.page.create_incident(incident_draft(), "key", {})


@pytest.mark.parametrize("key", ["line\nbreak-secret", "naïve-secret-日"])
@pytest.mark.parametrize("provider", list(FAULTY))
async def test_a_key_that_cannot_be_sent_is_unauthorized_and_stays_secret(
    provider: str, key: str
) -> None:
    async with FAULTY[provider](key) as rig:
        with pytest.raises(Unauthorized) as raised:
            await rig.account.pages()
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("1.5", 1.5, 1.5),
        ("in 40 s", 35, 41),
        ("40 s ago", 0, 0),
        ("soon", None, None),
        ("9" * 400, 3600, 3600),
        ("2.5", 2.5, 2.5),
        ("-7", None, None),
        (None, None, None),
    ],
)
async def test_a_throttled_provider_says_how_long_to_wait(
    faulty: Faulty, header: str | None, least: float | None, most: float | None
) -> None:
    rig, fake = faulty
    if header in {"in 40 s", "40 s ago"}:
        shift = timedelta(seconds=40 if header == "in 40 s" else -40)
        header = format_datetime(wall_clock() + shift, usegmt=True)
    fake.fail_next(429, headers={"Retry-After": header} if header else {})
    error = await fails_to_write(rig)
    assert isinstance(error, Unavailable)
    if least is None or most is None:
        assert error.retry_after is None
    else:
        assert error.retry_after is not None
        assert least <= error.retry_after <= most


@pytest.mark.parametrize("body", UNREADABLE)
async def test_success_that_cannot_be_read_leaves_a_write_in_doubt(
    faulty: Faulty, body: str | bytes
) -> None:
    rig, fake = faulty
    fake.fail_next(200, body, after_write=True)
    error = await fails_to_write(rig)
    assert type(error) is Uncertain
    assert "cannot be read" in str(error)
    assert len(fake.incidents()) == 1


@pytest.mark.parametrize("body", ["<html>", b"", "[1", '"text"', "7"])
async def test_a_read_that_cannot_be_read_is_tried_again_later(
    faulty: Faulty, body: str | bytes
) -> None:
    rig, fake = faulty
    fake.fail_next(200, body)
    assert type(await fails_to_read(rig)) is Unavailable


async def test_an_answer_that_never_ends_is_not_swallowed(faulty: Faulty) -> None:
    rig, fake = faulty
    huge = b"[" + b" " * LARGEST_ANSWER + b"]"
    fake.fail_next(200, huge, times=2)
    assert type(await fails_to_read(rig)) is Unavailable
    assert type(await fails_to_write(rig)) is Uncertain


async def test_a_packed_answer_that_is_broken_cannot_be_read(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.fail_next(200, b"not gzip", {"Content-Encoding": "gzip"})
    assert type(await fails_to_write(rig)) is Uncertain


async def test_the_answer_of_a_lost_incident_is_found_and_no_second_one_made(
    faulty: Faulty,
) -> None:
    rig, fake = faulty
    since, draft = wall_clock(), incident_draft()
    fake.open_incident(fake.page_id, draft.name, "A namesake from the dashboard.")
    assert await rig.page.find_incidents(draft, since) == ()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.create_incident(draft, "key", {})
    [found] = await rig.page.find_incidents(draft, since)
    assert [found.id] == [each.id for each in fake.incidents() if each.messages == [draft.message]]
    assert fake.lost == len(fake.notifications) - 1 == 1


async def test_the_answer_of_a_lost_update_is_found(faulty: Faulty) -> None:
    rig, fake = faulty
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    since, draft = wall_clock(), update_draft(IncidentStatus.MONITORING)
    assert await rig.page.find_updates(posted.remote_id, draft, since) == ()
    fake.lose_next_answer()
    with pytest.raises(Uncertain):
        await rig.page.post_update(posted.remote_id, draft, {})
    [found] = await rig.page.find_updates(posted.remote_id, draft, since)
    assert found.id == fake.incidents()[0].updates[1].id
    assert fake.lost == 1


async def test_a_write_that_arrives_late_is_found_later(faulty: Faulty) -> None:
    rig, fake = faulty
    since, draft = wall_clock(), incident_draft()
    fake.late_write(PATIENCE)
    with pytest.raises(Uncertain):
        await rig.page.create_incident(draft, "key", {})
    assert await rig.page.find_incidents(draft, since) == ()
    while not fake.lost:
        await rig.page.open_incidents()
    assert len(await rig.page.find_incidents(draft, since)) == 1


async def test_nothing_is_written_once_the_turn_is_over(faulty: Faulty) -> None:
    rig, fake = faulty
    await rig.page.open_incidents()
    asked = len(fake.requests)
    with the_turn_ends(time.monotonic()):
        error = await fails_to_write(rig)
        assert type(error) is Unavailable
        assert "the time to do so had passed" in str(error)
        assert len(fake.requests) == asked
        await rig.page.open_incidents()


async def test_an_update_that_looks_first_does_not_write_when_looking_took_too_long(
    faulty: Faulty,
) -> None:
    rig, fake = faulty
    posted = await rig.page.create_incident(incident_draft(), "key", {})
    fake.slow(0.1)
    with the_turn_ends(time.monotonic() + 0.05):
        if rig.page.capabilities.shares_component_status:
            with pytest.raises(Unavailable):
                await rig.page.post_update(
                    posted.remote_id, update_draft(IncidentStatus.RESOLVED), {}
                )
            assert len(fake.incidents()[0].updates) == 1


async def test_an_incident_that_is_not_there_is_gone_or_cannot_be_told(faulty: Faulty) -> None:
    rig, fake = faulty
    with pytest.raises((Gone, Unavailable)):
        await rig.page.incident("no such incident")
    with pytest.raises((Gone, Unavailable)):
        await rig.page.find_updates("../v1?", update_draft(IncidentStatus.RESOLVED), EPOCH)
    assert fake.requests[-1].path.endswith("incidents/..%2Fv1%3F")


async def test_lists_are_read_to_their_end(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.most_per_page = 2
    components = [await rig.component(f"Part {number}") for number in range(5)]
    opened = {await rig.opened_elsewhere(f"Trouble {n}", {}) for n in range(5)}
    for number in range(3):
        fake.add_page(f"Page {number}")
    assert [each.id for each in await rig.page.components()] == components
    assert {each.id for each in await rig.page.open_incidents()} == opened
    assert len(await rig.account.pages()) == 4


async def test_a_lost_incident_is_found_on_the_last_page_of_the_list(faulty: Faulty) -> None:
    rig, fake = faulty
    fake.most_per_page = 2
    since, draft = wall_clock(), incident_draft()
    await rig.page.create_incident(draft, "key", {})
    for number in range(7):
        await rig.opened_elsewhere(f"Trouble {number}", {})
    assert len(await rig.page.find_incidents(draft, since)) == 1


async def test_two_pages_of_a_key_do_not_mix(faulty: Faulty) -> None:
    rig, fake = faulty
    second = fake.add_page("Second", "https://second.example")
    part = fake.add_component(second, "Elsewhere")
    fake.open_incident(second, "Not here", impacts={part: ComponentStatus.DEGRADED})
    assert await rig.page.open_incidents() == ()
    assert await rig.page.components() == ()
    other = rig.account.page(f"{rig.account.provider}:{second}")
    [incident] = await other.open_incidents()
    assert (incident.name, incident.shown) == ("Not here", {part: ComponentStatus.DEGRADED})
    assert incident.url
    assert incident.url.startswith("https://second.example/incident")


async def test_words_for_a_person_name_the_provider_and_hold_no_secret(faulty: Faulty) -> None:
    rig, fake = faulty
    said = f"No: {fake.key} at https://u:p@internal.example/{'x' * 50}\n" + "blah " * 200
    for body in ({"error": {"message": said}}, {"errors": [{"message": said}]}):
        fake.fail_next(400, body)
        with pytest.raises(Rejected) as raised:
            await rig.page.create_incident(incident_draft(notify=False), "key", {})
        words = str(raised.value)
        assert words.startswith(("Instatus refused this (400): No: … at (link)", "incident.io re"))
        assert fake.key not in words
        assert "internal" not in words
        assert len(words) < 400
