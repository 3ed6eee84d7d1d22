"""Strict checks of request bodies, field by field."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Check = Callable[[Any], bool]

_ISO_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


def text(longest: int | None = None, *, empty: bool = False) -> Check:
    def check(value: Any) -> bool:  # noqa: ANN401 (whatever JSON holds)
        fits = isinstance(value, str) and (longest is None or len(value) <= longest)
        return fits and (empty or bool(value.strip()))

    return check


def one_of(words: Collection[str]) -> Check:
    return lambda value: isinstance(value, str) and value in words


def flag(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, bool)


def minutes(value: Any) -> bool:  # noqa: ANN401
    """A whole number of minutes."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def date(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, str) and _ISO_UTC.fullmatch(value) is not None


def ids(value: Any) -> bool:  # noqa: ANN401
    """A list of texts, each once."""
    texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return texts and len(set(value)) == len(value)


def pairs(key: str, word: str, words: Collection[str]) -> Check:
    """A list of objects of exactly an id and a status, each id once."""

    def check(value: Any) -> bool:  # noqa: ANN401
        fits = isinstance(value, list) and all(
            isinstance(each, dict) and each.keys() == {key, word} and each[word] in words
            for each in value
        )
        return fits and ids([each[key] for each in value])

    return check


def problems(
    body: Mapping[str, Any], required: Mapping[str, Check], optional: Mapping[str, Check]
) -> list[tuple[str, str]]:
    """Return each field that is wrong with the reason; fields nobody knows are wrong too."""
    checks = {**required, **optional}
    return [
        *((name, "is_required") for name in required if name not in body),
        *((name, "unknown") for name in body if name not in checks),
        *(
            (name, "invalid")
            for name, check in checks.items()
            if name in body and not check(body[name])
        ),
    ]
