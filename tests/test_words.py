"""Words of ours that never reach a person, whoever reads Slack, the page or the manual."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.block_kit.displayed_text import shown_texts
from tests.slack.cases import LONGEST, TYPICAL
from tests.test_house import CODE, ROOT, name

OURS = re.compile(r"\b(submi(t|ss)\w*|subjects?|deliver\w*)\b", re.IGNORECASE)
SAMPLES = ("We will submit it.", "Submitted.", "a submission", "The subject is", "two deliveries")
# The look-alike of Slack says what Slack says.
UNSEEN = ("bot/playground/",)
LOGGED = {"debug", "info", "warning", "error", "exception"}
READ = [
    *(
        ROOT / each
        for each in ("README.md", "docs/using.md", "manifest.yml", "foghorn.example.toml")
    ),
    *sorted((ROOT / "bot").rglob("*.html")),
    *sorted((ROOT / "bot").rglob("*.j2")),
]


@pytest.mark.parametrize("text", SAMPLES)
def test_a_word_of_ours_is_seen(text: str) -> None:
    assert OURS.search(text)


def test_no_view_says_a_word_of_ours() -> None:
    said = [
        text
        for views in (TYPICAL, LONGEST)
        for cases in views.values()
        for make in cases.values()
        for text in _shown(make())
        if OURS.search(text)
    ]
    assert said == []


def _shown(view: object) -> list[str]:
    parts = list(view) if isinstance(view, tuple) else [view]
    return [*shown_texts(parts), *(each for each in parts if isinstance(each, str))]


def test_no_sentence_in_the_code_says_a_word_of_ours() -> None:
    """Errors, notices, questions: whatever is put together where no view shows it."""
    files = [path for path in CODE if not name(path).startswith(UNSEEN)]
    said = [
        f"{name(path)}:{node.lineno}: {node.value!r}"
        for path in files
        for node in _sentences(ast.parse(path.read_text(encoding="utf-8")))
        if OURS.search(str(node.value))
    ]
    assert said == []


def _sentences(node: ast.AST) -> Iterator[ast.Constant]:
    """Every text of several words, but for docstrings and what is logged."""
    if _is_docstring(node) or _is_logged(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_logged(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in LOGGED


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_that_people_read_says_a_word_of_ours(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    # A table of settings is named as it is.
    said = [line for line in lines if OURS.search(line) and not re.match(r"#? ?\[delivery\]", line)]
    assert said == []
