"""The Markdown of messages as HTML that is safe on a public page, and as plain text."""

import html
import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from bot.markdown import parser

_TAGS = {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "s", "strong", "ul"}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow noopener noreferrer"

_BOLD_PARAGRAPH = {"heading_open": "<p><strong>", "heading_close": "</strong></p>\n"}
"""A heading in a message is none of the page's."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 and HTML have no way to say; pasted text is full of it."""


def _bold_paragraph(_page: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    return _BOLD_PARAGRAPH[tokens[index].type]


def _linked_image(_page: RendererHTML, tokens: Sequence[Token], index: int, *_: object) -> str:
    """Return an image as a link: whoever reads the page asks no other server for it."""
    image = tokens[index]
    address = str(image.attrs.get("src", ""))
    return f'<a href="{html.escape(address)}">{html.escape(image.content or address)}</a>'


def _page_parser() -> MarkdownIt:
    made = parser()
    for name in _BOLD_PARAGRAPH:
        made.add_render_rule(name, _bold_paragraph)
    made.add_render_rule("image", _linked_image)
    return made


_PARSER = _page_parser()


@lru_cache(maxsize=2048)
def to_html(text: str) -> str:
    """Return `text` as HTML with nothing in it but simple marks and links to the web."""
    return nh3.clean(
        _PARSER.render(xml_safe(text)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=_REL,
        url_relative="deny",
    ).strip()


@lru_cache(maxsize=2048)
def to_text(text: str) -> str:
    bare = nh3.clean(to_html(text).replace("<br>", ""), tags=set(), attributes={})
    return html.unescape(bare).strip()


def xml_safe(text: str) -> str:
    """Return `text` without the characters that no page and no feed can hold."""
    return _NOT_IN_XML.sub("", text)
