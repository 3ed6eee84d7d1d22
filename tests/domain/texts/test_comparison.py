import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.texts.comparison import holds_words, same_text, search_form

ZURICH = unicodedata.normalize("NFD", "Zürich checkout")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "zürich",
        "ZÜRICH",
        unicodedata.normalize("NFD", "zürich"),
        "checkout zür",
        "zürich\tcheckout",
        "zürich\ncheckout",
        "zürich\u00a0checkout",
        "zürich\u2003check\u00adout\u200b",
        '"zürich"',
        "“Zürich checkout”",
        "„Zürich” checkout",
        "«zürich checkout»",
        "‘zürich’ ‚checkout‘",  # noqa: RUF001 -- quotes of several languages
        "'zürich checkout'",
        "`zürich`",
        "ｃｈｅｃｋｏｕｔ",  # noqa: RUF001 -- as a Japanese keyboard writes it
        '""',
    ],
)
@pytest.mark.parametrize("name", ["Zürich checkout", ZURICH, "ZÜRICH  CHECKOUT"])
def test_words_are_found_however_they_are_typed(name: str, words: str) -> None:
    assert holds_words(name, words)


@pytest.mark.parametrize("words", ["zurich", "zürich shop", "checkouts", '"zürich" "shop"'])
def test_other_words_are_not_found(words: str) -> None:
    assert not holds_words("Zürich checkout", words)


@pytest.mark.parametrize("words", ["bob's", "bob’s", "BOB'S api", "“Bob’s”", "api-v2", "api–v2"])
def test_what_phones_type_otherwise_is_the_same(words: str) -> None:
    assert holds_words("Bob’s API-v2", words)
    assert holds_words("Bob's API–v2", words)


def test_german_sharp_s_and_the_turkish_dot_are_found_in_both_cases() -> None:
    assert holds_words("Straße", "STRASSE")
    assert holds_words("İstanbul", "İSTANBUL")


@given(st.text())
def test_the_normal_form_is_one(text: str) -> None:
    once = search_form(text)
    assert search_form(once) == once
    for form in ("NFC", "NFD"):
        assert search_form(unicodedata.normalize(form, text)) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zürich", unicodedata.normalize("NFD", "Zürich")),
        ("One.\r\nTwo.", "One.  \nTwo.\n"),
        ("\n One.", "One."),
    ],
)
def test_a_page_may_compose_letters_and_change_how_lines_end(one: str, other: str) -> None:
    assert same_text(one, other)


@pytest.mark.parametrize("other", ["one.", "One", "One.\n\nTwo.", "“One.”"])
def test_everything_else_is_another_text(other: str) -> None:
    assert not same_text("One.", other)
