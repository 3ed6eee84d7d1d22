"""Texts that could break a message, hang the bot, ping somebody or upset a database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.playground import TroubleConnecting
from tests.databases import new_schema
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, whole_bot

pytestmark = pytest.mark.anyio

LOUD = "<!channel> <@U0BEN> <!here>"
TEXTS = {
    "ampersands": "&" * 3000,
    "ampersands line by line": "&\n" * 1499 + "&",
    "ampersands paragraph by paragraph": "&\n\n" * 999 + "&",
    "one long word": "x" * 3000,
    "one long word of brackets": "<>" * 1500,
    "emoji": "🔥" * 3000,
    "emoji of several parts": "👩‍👩‍👧‍👦" * 400,
    "a list": f"- {LOUD} **bold**\n" * 70 + "- end",
    "a deep list": "\n".join(f"{'  ' * depth}- {LOUD}" for depth in range(40)),
    "a numbered list": "\n".join(f"{number}. {LOUD}" for number in range(1, 90)),
    "code": f"```\n{LOUD}\n" + f"{LOUD}\n" * 90 + "```",
    "code that never ends": f"```{LOUD}\n{LOUD}",
    "links": f"[{LOUD}](https://e.example/?a=1&b=2|3) " * 45 + "end",
    "one long link": f"[x](https://e.example/?{'a&' * 1480})",
    "links that ping": "[a](<!channel>) [b](<@U0BEN>) [c](!here) ![d](<!everyone>) [e](@U0BEN)",
    "links to nowhere": "[a]() [](https://e.example) [<!here>]: <!here>\n\n[b][<!here>]",
    "addresses": f"<https://e.example/{'%3C!here%3E'}> <mailto:ben@e.example> https://e.example/|x",
    "dates and groups": "<!date^1^{date}|<!here>> <!subteam^S0123|@team> <#C0RAN>",
    "open brackets": "[" * 3000,
    "open emphasis": f"{'*' * 1499}a{'*' * 1499}",
    "mixed emphasis": "*_~`" * 750,
    "deep quotes": ">" * 1500 + LOUD,
    "entities": "&lt;!channel&gt; &amp;lt;!here&amp;gt; &#60;!channel&#62; &nbsp;",
    "markup of the web": f"<script>alert(1)</script><img src=x onerror=alert(1)> {LOUD}",
    "right to left": f"\u202eשלום\u202c \u200fمرحبا {LOUD}",  # noqa: RUF001 (as they are written)
    "marks on marks": "a" + "\u0301" * 2999,
    "lines of every kind": "a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x85h",
    "blank lines": "a" + "\n" * 2998 + "b",
    "controls": "a\x01\x07\x1b[31m\x7f b",
    "a wall of pipes": "|a|b|\n|-|-|\n" + f"|{LOUD}|&|\n" * 80,
}


@pytest.fixture
async def vendor() -> AsyncIterator[VendorFake]:
    async with InstatusFake() as running:
        yield running


@pytest.fixture
async def rig(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    async with whole_bot([vendor], tmp_path) as running:
        yield running
        await running.all_done()
        assert running.refused() == []
        assert [ack.trouble for ack in running.slack.acks if ack.trouble] == []
        posts = running.slack.workspace.posts.values()
        assert [post.shown for post in posts if post.pings] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_any_text_reaches_the_page_as_it_is_and_slack_takes_it(rig: Rig, text: str) -> None:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", text)
    await form.click("Preview")
    await (await rig.ann.modal("Preview")).close()
    assert (await form.submit()).action == "update"
    (receipt,) = await rig.receipts(1)
    assert [seen.messages for seen in rig.vendor.incidents()] == [[text]]
    assert "differs" not in receipt.shown
    await form.close()
    await rig.ann.clicks("Update")
    form = await rig.ann.modal("Post an update")
    form.fill("Message", text)
    await form.submit()
    await rig.receipts(2)
    assert [seen.messages for seen in rig.vendor.incidents()] == [[text, text]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield ""
        return
    with new_schema(postgres_url) as address:
        yield address


async def test_signs_that_no_database_holds_are_left_out(
    vendor: VendorFake, tmp_path: Path, database: str
) -> None:
    vendor.add_component(vendor.page_id, "API")
    async with whole_bot([vendor], tmp_path, database=database) as rig:
        form = await rig.form(words="Check\x00out is down")
        form.fill("Message", "Cards are \x00refused.\x00")
        assert len(await form.options("Affected components", "a\x00pi")) == 1
        await form.click("Preview")
        await (await rig.ann.modal("Preview")).close()
        assert (await form.submit()).errors == {}
        await rig.receipts(1)
        (seen,) = vendor.incidents()
        assert (seen.name, seen.messages) == ("Checkout is down", ["Cards are refused."])
        assert [ack.trouble for ack in rig.slack.acks if ack.trouble] == []


async def test_a_message_of_nothing_but_such_signs_is_empty(rig: Rig) -> None:
    form = await rig.form(words="Checkout is down")
    form.fill("Message", "\x00" * 9)
    result = await form.submit()
    assert set(result.errors) == {"Message"}


async def test_half_an_emoji_is_refused_whole_and_the_form_keeps_its_text(
    vendor: VendorFake, tmp_path: Path
) -> None:
    async with whole_bot([vendor], tmp_path) as rig:
        form = await rig.form(words="Checkout is down")
        form.fill("Message", "Cards are \ud83d refused.")
        with pytest.raises(TroubleConnecting):
            await form.submit()
        assert [ack.status for ack in rig.slack.acks if ack.trouble] == [400]
        assert vendor.incidents() == []
        form.fill("Message", "Cards are refused.")
        await form.submit()
        await rig.receipts(1)


async def test_component_names_of_such_signs_do_not_keep_a_page_from_being_read(
    vendor: VendorFake, tmp_path: Path, database: str
) -> None:
    vendor.add_component(vendor.page_id, "A\x00PI", "Co\x00re")
    async with whole_bot([vendor], tmp_path, database=database) as rig:
        await rig.report("Checkout is down", "Cards are refused.", "API · Core")
        (receipt,) = await rig.receipts(1)
        assert "API: *Degraded performance*" in receipt.shown


async def test_a_name_as_long_as_the_field_does_not_hide_why_it_was_refused(rig: Rig) -> None:
    refusal = {"errors": [{"message": "Far too long", "source": {"field": "name"}}]}
    rig.vendor.fail_next(422, refusal, method="POST")
    await rig.report("<!here>" * 428, "Cards are refused.")
    (letter,) = await rig.slack.until(lambda: rig.slack.direct("ann"), what="letter")
    assert "Far too long" in letter.shown
    assert letter.buttons == ["Open the form again"]
    await rig.ann.clicks("Open the form again", message=letter)
    form = await rig.ann.modal("Report an incident")
    assert form.value("Incident name") == "<!here>" * 428
    await form.submit()
    await rig.receipts(1)
    assert rig.vendor.incidents()[0].name == "<!here>" * 428


async def test_a_name_too_long_for_the_page_is_said_beside_the_field(tmp_path: Path) -> None:
    async with IncidentIoFake() as vendor, whole_bot([vendor], tmp_path) as rig:
        form = await rig.form(words="🔥" * 201)
        form.fill("Message", "Cards are refused.")
        result = await form.submit()
        assert "201 characters; this page takes at most 200" in result.errors["Incident name"]
