"""The one Markdown of public messages: previews, receipts and our own page read it alike."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_BARE = re.compile(r"https?://[^\s<>\"“”„]+", re.IGNORECASE)
_BEHIND = ".,;:!?'’*_~…"
"""Signs that end the sentence around an address, and not the address."""
_RARE = {
    "heading_open": "a heading",
    "blockquote_open": "a quote",
    "s_open": "struck words",
    "fence": "code",
    "code_block": "code",
    "code_inline": "code",
    "image": "an image",
    "hr": "a rule",
}


def parser() -> MarkdownIt:
    """Return a parser that links bare addresses, and takes no HTML.

    It knows no references: what looks like one would vanish, and with it what somebody wrote.
    """
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 100})
    made.enable("strikethrough").disable("reference")
    made.core.ruler.push("bare_addresses", _link_addresses)
    return made


def rare_elements(text: str) -> list[str]:
    """Return the elements in `text` that not every page is known to render."""
    tokens = [each for block in _PARSER.parse(text) for each in (block, *(block.children or ()))]
    return list(dict.fromkeys(_RARE[each.type] for each in tokens if each.type in _RARE))


def _link_addresses(state: StateCore) -> None:
    for block in state.tokens:
        if block.children and "://" in block.content:
            block.children = list(_with_links(block.children))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    within = 0
    for token in tokens:
        within += token.nesting if token.type.startswith("link_") else 0
        if within or token.type != "text":
            yield token
        else:
            yield from _split(token.content)


def _split(text: str) -> Iterator[Token]:
    end = 0
    for match in _BARE.finditer(text):
        address = _without_what_is_behind(match[0])
        yield Token("text", "", 0, content=text[end : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield Token("text", "", 0, content=address)
        yield Token("link_close", "a", -1)
        end = match.start() + len(address)
    yield Token("text", "", 0, content=text[end:])


def _without_what_is_behind(address: str) -> str:
    while address[-1] in _BEHIND or (address[-1] in ")]}" and not _is_closed(address)):
        address = address[:-1]
    return address


def _is_closed(address: str) -> bool:
    pairs = {")": "(", "]": "[", "}": "{"}
    return address.count(address[-1]) <= address.count(pairs[address[-1]])


_PARSER = parser()
