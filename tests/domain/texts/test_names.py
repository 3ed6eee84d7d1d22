from hypothesis import given
from hypothesis import strategies as st

from bot.domain.texts.names import cut_apart, told_apart

LONG = "Payment gateway for card transactions of the north-western European region, node "


def test_equal_names_say_what_they_belong_to() -> None:
    named = [
        ("API", "Core", "Shop"),
        ("API", "Edge", "Shop"),
        ("Web", "Core", "Shop"),
        ("Mail", "", "Shop"),
        ("Mail", "", "Bank"),
    ]
    assert told_apart(named) == ["API · Core", "API · Edge", "Web", "Mail · Shop", "Mail · Bank"]
    assert told_apart([]) == []


def test_names_that_differ_late_still_differ_when_they_are_cut() -> None:
    texts = [f"{LONG}{number}" for number in (1, 2, 11)] + [f"{LONG}{'x' * 90}{n}" for n in "ab"]
    short = cut_apart(texts, 75)
    assert [text[:9] for text in short] == ["Payment g"] * 5
    assert [text[-2:] for text in short] == [" 1", " 2", "11", "xa", "xb"]


def test_what_fits_stays_and_equal_texts_are_numbered() -> None:
    assert cut_apart(["API", "Web", "API"], 75) == ["API", "Web", "API (2)"]
    first, second = cut_apart(["x" * 76, "x" * 76], 75)
    assert (second, len(second)) == (f"{first[:71]} (2)", 75)


COMMON = st.sampled_from(["", "node " * 20, "a" * 80, "ab" * 60])
TEXTS = st.builds("{}{}{}".format, COMMON, st.text("ab1", max_size=90), COMMON)


@given(st.lists(TEXTS, max_size=30))
def test_no_two_of_a_list_are_ever_alike(texts: list[str]) -> None:
    short = cut_apart(texts, 75)
    assert len(short) == len(texts) == len(set(short))
    assert all(len(text) <= 75 for text in short)
