"""The small rules that the shapes of blocks and views are made of."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from bot.playground.errors import Json


class Findings:
    """The complaints about one payload, each with the JSON pointer that Slack names."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, complaint: str) -> None:
        self.messages.append(f"[ERROR] {complaint} [json-pointer:{pointer}]")


Rule = Callable[[Findings, str, object], None]


def anything(found: Findings, at: str, value: object) -> None:
    """Accepts every value; the field is only known to exist."""


def _must_be(what: str, accepts: Callable[[Any], bool]) -> Rule:
    def rule(found: Findings, at: str, value: object) -> None:
        if not accepts(value):
            found.add(at, f"must be {what}")

    return rule


flag = _must_be("a boolean", lambda value: isinstance(value, bool))


def string(most: int, least: int = 1) -> Rule:
    def rule(found: Findings, at: str, value: object) -> None:
        if not isinstance(value, str):
            found.add(at, "must be a string")
        elif len(value) > most:
            found.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            found.add(at, f"must be more than {least - 1} characters")

    return rule


def number(low: int, high: int) -> Rule:
    def rule(found: Findings, at: str, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            found.add(at, "must be an integer")
        elif not low <= value <= high:
            found.add(at, f"must be between {low} and {high}")

    return rule


def one_of(*words: str) -> Rule:
    return _must_be(f"one of: {', '.join(words)}", lambda value: value in words)


def matching(pattern: str, what: str) -> Rule:
    regex = re.compile(pattern)
    return _must_be(what, lambda value: isinstance(value, str) and bool(regex.fullmatch(value)))


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


calendar_day = _must_be("a date like YYYY-MM-DD", _is_day)


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    def check(found: Findings, at: str, value: object) -> None:
        if not isinstance(value, list):
            found.add(at, "must be an array")
            return
        if len(value) > most:
            found.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            found.add(at, f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            rule(found, f"{at}/{index}", item)

    return check


def shape(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    fields = {**required, **(optional or {})}

    def check(found: Findings, at: str, value: object) -> None:
        if not isinstance(value, dict):
            found.add(at, "must be an object")
            return
        for name in required:
            if name not in value:
                found.add(at, f"missing required field: {name}")
        for name, part in value.items():
            if name in fields:
                fields[name](found, f"{at}/{name}", part)
            else:
                found.add(at, f"invalid additional property: {name}")

    return check


def typed(
    required: Mapping[str, Rule] | None = None, optional: Mapping[str, Rule] | None = None
) -> Rule:
    """A shape that is one of several by its `type`."""
    return shape({"type": anything, **(required or {})}, optional)


def both(first: Rule, *others: Callable[[Findings, str, Json], None]) -> Rule:
    """Joins a shape with checks across its fields, which run on objects only."""

    def check(found: Findings, at: str, value: object) -> None:
        first(found, at, value)
        if isinstance(value, dict):
            for other in others:
                other(found, at, value)

    return check


def either(one: str, other: str) -> Callable[[Findings, str, Json], None]:
    def check(found: Findings, at: str, value: Json) -> None:
        if (one in value) == (other in value):
            found.add(at, f"must have either {one} or {other}")

    return check


def by_type(shapes: Mapping[str, Rule], allowed: Iterable[str] | None = None) -> Rule:
    """Chooses the shape by `type`; a known type in a wrong place is refused too."""
    places = frozenset(shapes if allowed is None else allowed)

    def check(found: Findings, at: str, value: object) -> None:
        if not isinstance(value, dict):
            found.add(at, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in shapes:
            found.add(f"{at}/type", f"unsupported type: {kind}")
        elif kind not in places:
            found.add(f"{at}/type", f"{kind} is not allowed here")
        else:
            shapes[kind](found, at, value)

    return check
