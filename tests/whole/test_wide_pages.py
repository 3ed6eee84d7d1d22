"""Pages with many components, long names, and texts that would ping if anyone let them."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.incidents import IncidentStatus
from bot.domain.pages import ComponentStatus
from bot.playground import ClientRefusal, Modal, Option
from bot.playground.people.fields import find_field
from tests.fakes.vendor import VendorFake
from tests.whole.rig import KEYS, Rig, whole_bot

pytestmark = pytest.mark.anyio

LABEL = "Affected components"
LOUD = "R&D <!channel> <@U0BEN> <!here> & <everyone>"
NAME = f"Checkout: {LOUD}"
MESSAGE = f"**Cards** are refused &amp; {LOUD}\n\n- `{LOUD}`\n- [{LOUD}](<!channel>) @here"
NEWS = f"Found it > {LOUD}"
GROUPS = [f"{number} {LOUD}".ljust(80, "~") for number in range(10)]


@dataclass(frozen=True)
class Wide:
    """A bot with one wide page, and the ids of its components by number."""

    rig: Rig
    ids: Mapping[int, str]

    async def pick(self, form: Modal, *searches: str) -> list[Option]:
        """Search and take whatever is found, as a person does who sees names cut short."""
        found = [option for words in searches for option in await form.options(LABEL, words)]
        find_field(form.open_view, LABEL).choose(found)
        return found


@pytest.fixture
async def wide(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Wide]:
    """150 components with names of 80 characters in ten groups; 148 and 149 have one name."""
    vendor.page_id = vendor.add_page(f"Status of {LOUD}", "https://wide.example")
    names = [f"{number:03} {LOUD}".ljust(80, "_") for number in range(149)]
    ids = {
        number: vendor.add_component(vendor.page_id, name, GROUPS[number % 10])
        for number, name in enumerate([*names, names[148]])
    }
    only = {f"{KEYS[vendor.provider]}_PAGE_IDS": vendor.page_id}
    async with whole_bot([vendor], tmp_path, variables=only) as rig:
        yield Wide(rig, ids)
        await rig.all_done()
        assert rig.refused() == []
        assert [ack.trouble for ack in rig.slack.acks if ack.trouble] == []
        assert [post.shown for post in rig.slack.workspace.posts.values() if post.pings] == []
        assert vendor.refusals == []


async def test_loud_texts_go_to_the_page_exactly_and_ping_nobody(wide: Wide) -> None:
    rig = wide.rig
    form = await rig.form(words=NAME)
    assert form.value("Incident name") == NAME
    form.fill("Message", MESSAGE)
    await wide.pick(form, "007", "148 R&D <!here>")
    await form.choose("Component status", "Major outage")
    await form.submit()
    await rig.receipts(1)
    await rig.post("Update", NEWS)
    (first, second) = await rig.receipts(2)
    (seen,) = rig.vendor.incidents(rig.vendor.page_id)
    assert (seen.name, seen.messages) == (NAME, [MESSAGE, NEWS])
    assert set(seen.components) == {wide.ids[7], wide.ids[148], wide.ids[149]}
    assert f"posted by Ann Ahrens\n> *Cards* are refused & {LOUD}" in first.shown
    assert f"> Found it > {LOUD}" in second.shown
    assert rig.parents()[0].blocks[0]["text"]["text"] == f"🎯 {NAME}"
    await rig.post("Resolve", NEWS)
    await rig.receipts(3)
    assert rig.vendor.incidents(rig.vendor.page_id)[0].status is IncidentStatus.RESOLVED
    assert {rig.vendor.component_status(id_) for id_ in wide.ids.values()} == {
        ComponentStatus.OPERATIONAL
    }


async def test_of_two_components_with_one_name_the_chosen_one_is_sent(wide: Wide) -> None:
    form = await wide.rig.form(words="Twins")
    form.fill("Message", "Only one of them.")
    twins = await form.options(LABEL, "148")
    assert len({twin.text for twin in twins}) == 2
    find_field(form.open_view, LABEL).choose([twins[1]])
    await form.submit()
    await wide.rig.receipts(1)
    (seen,) = wide.rig.vendor.incidents(wide.rig.vendor.page_id)
    assert dict(seen.components) == {wide.ids[149]: ComponentStatus.DEGRADED}


async def test_the_search_finds_by_every_word_in_name_and_group(wide: Wide) -> None:
    form = await wide.rig.form()
    found = await form.options(LABEL, "")
    assert len(found) == 100
    assert found[-1].group is not None
    assert found[-1].group.endswith("(100 of 150: type to narrow)")
    assert len(await form.options(LABEL, "<!CHANNEL> 12")) == 12
    assert [option.text[:4] for option in await form.options(LABEL, "077")] == ["077 "]
    assert await form.options(LABEL, "077 nothing") == await form.options(LABEL, "100%") == []


async def test_as_many_components_as_the_form_takes_can_be_chosen_and_updated(wide: Wide) -> None:
    rig = wide.rig
    form = await rig.form(words="Everything is down")
    form.fill("Message", "All of it.")
    chosen = await wide.pick(form, "")
    await form.submit()
    (receipt,) = await rig.receipts(1)
    (more,) = re.findall(r"• and (\d+) more", receipt.shown)
    assert receipt.shown.count("\n• ") - 1 + int(more) == 100
    await rig.post("Update", "Still all of it.")
    await rig.receipts(2)
    await rig.post("Resolve", "None of it.")
    await rig.receipts(3)
    (seen,) = rig.vendor.incidents(rig.vendor.page_id)
    assert len(seen.components) == len(chosen) == 100
    assert set(seen.components.values()) == {ComponentStatus.OPERATIONAL}


async def test_more_components_than_an_update_could_show_cannot_be_chosen(wide: Wide) -> None:
    form = await wide.rig.form(words="Everything is down")
    with pytest.raises(ClientRefusal, match="at most 100 options"):
        await wide.pick(form, "", "148")


async def test_each_of_many_components_can_have_its_own_status(wide: Wide) -> None:
    rig = wide.rig
    form = await rig.form(words="Much is down")
    form.fill("Message", "Look.")
    some = (await form.options(LABEL, ""))[:90]
    find_field(form.open_view, LABEL).choose(some)
    await form.choose("Component status", "Set each…")
    assert (await form.submit()).action == "push"
    step = await rig.ann.modal("Component status")
    assert len(step.labels) == 90
    await step.choose(step.labels[3], "Major outage")
    await step.submit()
    await rig.receipts(1)
    (seen,) = rig.vendor.incidents(rig.vendor.page_id)
    assert len(seen.components) == 90
    assert list(seen.components.values()).count(ComponentStatus.MAJOR_OUTAGE) == 1


async def test_too_many_to_set_each_is_said_beside_the_field(wide: Wide) -> None:
    form = await wide.rig.form(words="Much is down")
    form.fill("Message", " ")
    await wide.pick(form, "")
    await form.choose("Component status", "Set each…")
    await form.pick("Started at", datetime(2099, 1, 1, tzinfo=UTC))
    result = await form.submit()
    assert "at most 90" in result.errors[LABEL]
    assert set(result.errors) == {LABEL, "Message", "Started at"}


async def test_loud_names_are_harmless_in_lists_pickers_and_answers(wide: Wide) -> None:
    rig = wide.rig
    for number in range(2):
        form = await rig.form(words=f"{number} {NAME}")
        form.fill("Message", MESSAGE)
        await form.click("Preview")
        assert LOUD in (await rig.ann.modal("Preview")).text
        await (await rig.ann.modal("Preview")).close()
        await (await rig.ann.modal("Report an incident")).submit()
    await rig.all_done()
    await rig.ann.types("/incident list")
    await rig.slack.until(lambda: rig.slack.private("ann"), what="list")
    assert rig.slack.private("ann")[0].shown.count(LOUD) >= 2
    await rig.ann.types("/incident update <!channel>")
    picker = await rig.ann.modal("Choose an incident")
    assert len(await picker.options("Which incident has news?")) == 2
    await rig.ann.types(f"/incident update {LOUD} nothing")
    await rig.slack.until(lambda: len(rig.slack.private("ann")) == 2, what="answer")
    assert "No incident with" in rig.slack.private("ann")[1].shown


async def test_five_thousand_components_are_searched_and_at_most_a_hundred_shown(
    vendor: VendorFake, tmp_path: Path
) -> None:
    for number in range(5000):
        vendor.add_component(vendor.page_id, f"Shop {number:04}", f"Region {number % 40}")
    async with whole_bot([vendor], tmp_path) as rig:
        form = await rig.form()
        found = await form.options(LABEL, "")
        assert len(found) == 100
        assert "(100 of 5000: type to narrow)" in str(found[-1].group)
        (one,) = await form.options(LABEL, "shop 4711")
        assert (one.text, one.group) == ("Shop 4711 · Region 31", "Components")
        assert max(ack.seconds for ack in rig.slack.acks) < 3
