"""Reading `manifest.yml`, which needs the plainest part of YAML and no library for it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = tuple[int, str]
MANIFEST = Path(__file__).parent.parent / "manifest.yml"


def read_manifest(text: str = "") -> dict[str, Any]:
    """Return nested mappings and lists; a `- ` starts an item, everything else is a key."""
    lines = list(_lines(text or MANIFEST.read_text(encoding="utf-8")))
    value, rest = _value(lines, 0)
    assert isinstance(value, dict)
    assert rest == []
    return value


def _lines(text: str) -> Iterator[Line]:
    """Yield indent and content; an item's first key stands on a line of its own, deeper."""
    for line in text.splitlines():
        content = line.strip()
        indent = len(line) - len(line.lstrip())
        if content.startswith("- "):
            yield indent, "-"
            indent, content = indent + 2, content[2:]
        if content and not content.startswith("#"):
            yield indent, content


def _value(lines: list[Line], indent: int) -> tuple[object, list[Line]]:
    if lines[0][1] == "-":
        return _list(lines, indent)
    if not re.match(r"[\w$]+:( |$)", lines[0][1]):
        return _scalar(lines[0][1]), lines[1:]
    made: dict[str, object] = {}
    while lines and lines[0][0] == indent and lines[0][1] != "-":
        key, _colon, content = lines.pop(0)[1].partition(":")
        assert key not in made, f"{key} twice"
        if content:
            made[key] = _scalar(content.strip())
        else:
            made[key], lines = _value(lines, lines[0][0])
    return made, lines


def _list(lines: list[Line], indent: int) -> tuple[list[object], list[Line]]:
    made: list[object] = []
    while lines and lines[0] == (indent, "-"):
        item, lines = _value(lines[1:], lines[1][0])
        made.append(item)
    return made, lines


def _scalar(text: str) -> object:
    if text.startswith('"'):
        return text[1:-1]
    words: dict[str, object] = {"true": True, "false": False, "null": None, "[]": [], "{}": {}}
    return words.get(text, int(text) if text.isdecimal() else text)
