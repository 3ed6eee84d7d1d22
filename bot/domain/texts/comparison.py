"""When two texts are the same, and when what somebody typed is in a name."""

import unicodedata

_DOUBLE, _SINGLE, _DASHES = "“”„‟«»″〝〞", "‘’‚‛‹›′`´", "‐‑‒–—―−"  # noqa: RUF001 -- as they are typed
_ALIKE = str.maketrans(
    _DOUBLE + _SINGLE + _DASHES,
    '"' * len(_DOUBLE) + "'" * len(_SINGLE) + "-" * len(_DASHES),
)
_UNSEEN = {"Cf", "Cc"}


def composed(text: str) -> str:
    """Return the text with each letter in one piece: "ü", however it was typed."""
    return unicodedata.normalize("NFC", text)


def same_text(one: str, other: str) -> bool:
    """Compare two public texts; a page may trim them, compose letters, change how lines end."""
    return _lines(one) == _lines(other)


def search_form(text: str) -> str:
    """Return the one form in which texts are searched: no case, one kind of quotes and blanks.

    It is its own form, and the same for every way to put a letter together.
    """
    folded = text.translate(_ALIKE)
    while (again := _folded(folded)) != folded:
        folded = again
    return folded


def search_words(typed: str) -> list[str]:
    """Return the words to search for, in that form, without the quotes around them."""
    words = (word.strip("\"'") for word in search_form(typed).split())
    return [word for word in words if word]


def holds_words(name: str, typed: str) -> bool:
    """Say whether `name` has every word that was typed."""
    form = search_form(name)
    return all(word in form for word in search_words(typed))


def same_name(typed: str, name: str) -> bool:
    """Say whether somebody typed this name, in small letters or with quotes around it, say."""
    return search_words(typed) == search_words(name)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold())
    seen = (" " if each.isspace() else each for each in plain)
    return " ".join(
        "".join(each for each in seen if unicodedata.category(each) not in _UNSEEN).split()
    )


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in composed(text).strip().splitlines()]
