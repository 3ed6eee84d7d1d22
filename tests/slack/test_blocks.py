from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.playground.block_kit import displayed_text
from bot.slack import blocks
from tests.slack.markup import DATE, PERSONS_TEXT, is_whole, tokens

ATOMS = st.sampled_from(
    [
        "a",
        "word ",
        "\n",
        "&amp;",
        "&lt;",
        "&gt;",
        blocks.link("https://status.example/?a=1&b=2", "Our page & yours"),
        blocks.link("https://status.example", "x"),
        blocks.link("https://status.example/" + "p" * 900, "long"),
        blocks.date(datetime(2026, 3, 1, tzinfo=UTC)),
        "w" * 700,
        "spaced words " * 60,
    ]
)
MARKUP = st.lists(ATOMS, max_size=30).map("".join)


def text_of(parts: list[blocks.Block]) -> str:
    return "\n".join(part["text"]["text"] for part in parts)


@given(st.text())
def test_an_escaped_text_pings_nobody_and_reads_as_it_was(text: str) -> None:
    escaped = blocks.escape(text)
    assert tokens(escaped) == []
    assert displayed_text.read(escaped) == text


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_keeps_its_limit(text: str, limit: int) -> None:
    short = blocks.cut(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")


@given(MARKUP, st.integers(1, 300))
def test_markup_is_cut_between_its_entities_and_links(markup: str, limit: int) -> None:
    short = blocks.cut_markup(markup, limit)
    assert len(short) <= limit
    assert is_whole(short)
    assert markup.startswith(short.removesuffix("…"))


@given(MARKUP)
@example("a\n" * 9000)
@example("&amp;" * 5000)
@example("\n".join(["&amp;"] * 1500))
@example(blocks.link("https://status.example/" + "p" * 1900, "l") * 9)
@example("word " * 550 + blocks.link("https://status.example/", "label with spaces " * 20))
def test_a_quote_fits_into_a_message_whatever_it_quotes(markup: str) -> None:
    parts = blocks.quote(markup)
    texts = [part["text"]["text"] for part in parts]
    assert all(0 < len(text) <= 3000 for text in texts)
    assert sum(map(len, texts)) <= 8000
    assert all(is_whole(text) for text in texts)
    assert all(line.startswith(">") for text in texts for line in text.split("\n"))


def test_a_line_that_cannot_be_broken_is_cut_all_the_same() -> None:
    endless = "<" + "p" * 5000 + ">"
    assert [len(part["text"]["text"]) for part in blocks.quote(endless)] == [3000, 2006]


@given(PERSONS_TEXT)
def test_a_quoted_text_keeps_every_word(text: str) -> None:
    quoted = displayed_text.read(text_of(blocks.quote(blocks.escape(text))))
    assert "".join(quoted.replace("> ", "").split()) == "".join(text.replace("> ", "").split())


@given(PERSONS_TEXT)
def test_a_plain_text_is_never_empty_nor_too_long(text: str) -> None:
    made = blocks.plain(text, 75)
    assert 0 < len(made["text"]) <= 75
    assert made["emoji"] is False


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://x.example/?a=1&b=2", "<https://x.example/?a=1&amp;b=2|P &amp; Q>"),
        ("https://x.example/a|b>c d", "<https://x.example/a%7Cb%3Ec%20d|P &amp; Q>"),
        ("mailto:help@x.example", "<mailto:help@x.example|P &amp; Q>"),
        ("!channel", "P &amp; Q"),
        ("@U0ANN", "P &amp; Q"),
        ("#C0INC", "P &amp; Q"),
        ("javascript:alert(1)", "P &amp; Q"),
        ("", "P &amp; Q"),
        ("https://x.example/" + "p" * 3000, "P &amp; Q"),
    ],
)
def test_only_an_address_on_the_web_becomes_a_link(url: str, made: str) -> None:
    assert blocks.link(url, "P & Q") == made


@given(PERSONS_TEXT, PERSONS_TEXT)
def test_a_link_is_whole_and_pings_nobody(url: str, label: str) -> None:
    made = blocks.link(f"https://x.example/{url}", label)
    assert is_whole(made)
    assert displayed_text.pings_in(made) == set()
    assert "\n" not in made


def test_a_date_shows_utc_to_those_who_see_no_dates() -> None:
    in_berlin = datetime(2026, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    made = blocks.date(in_berlin)
    assert DATE.fullmatch(made)
    assert made == "<!date^1772357400^{date_short_pretty} {time}|1 Mar 2026, 09:30 UTC>"


def test_a_context_line_leaves_out_what_is_empty() -> None:
    texts = [element["text"] for element in blocks.context("a", "", "b")["elements"]]
    assert texts == ["a", "b"]
    assert len(blocks.context(*"abcdefghijklm")["elements"]) == 10


def test_an_option_is_cut_to_what_slack_takes() -> None:
    made = blocks.option("N" * 80, "v", "D" * 80)
    assert (len(made["text"]["text"]), len(made["description"]["text"])) == (75, 75)
    assert "description" not in blocks.option("N", "v")
