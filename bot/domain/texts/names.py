"""Names in a list: equal ones say what they belong to, and long ones differ when they are cut."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, takewhile
from operator import eq

_BETWEEN = " · "


def told_apart(named: Sequence[Sequence[str]]) -> list[str]:
    """Return each name with as many of its marks as tell it from the others.

    Each of `named` is a name, and then what it may be told apart by, such as its page.
    """
    deepest = max(map(len, named), default=1)
    texts = [name for name, *_marks in named]
    for depth in range(2, deepest + 1):
        often = Counter(texts)
        texts = [
            _BETWEEN.join(filter(None, parts[:depth])) if often[text] > 1 else text
            for parts, text in zip(named, texts, strict=True)
        ]
    return texts


def cut_apart(texts: Sequence[str], limit: int) -> list[str]:
    """Return each text in at most `limit` characters, no two alike; equal ones get a number.

    A long one keeps its beginning, and its end or where it first differs from the others.
    """
    ordered = sorted(set(texts))
    shared = dict.fromkeys(ordered, 0)
    for one, other in pairwise(ordered):
        alike = takewhile(bool, map(eq, one, other))
        common = sum(alike)
        shared[one], shared[other] = max(shared[one], common), common
    made: dict[str, None] = {}
    for text in texts:
        short = _cut(text, shared[text], limit)
        number, free = 1, short
        while free in made:
            number += 1
            mark = f" ({number})"
            free = short[: limit - len(mark)] + mark
        made[free] = None
    return list(made)


def _cut(text: str, differs: int, limit: int) -> str:
    """Shorten a text in the middle, so that what stands at `differs` is still to be seen."""
    if len(text) <= limit:
        return text
    head, tail = limit - 1 - limit // 3, limit // 3
    if differs < head:
        return f"{text[:head]}…{text[-tail:]}"
    head = limit // 3
    start = max(head, differs - limit // 4)
    rest = text[start:]
    room = limit - head - 1
    return f"{text[:head]}…{rest if len(rest) <= room else rest[: room - 1] + '…'}"
