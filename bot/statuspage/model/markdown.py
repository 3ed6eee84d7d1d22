"""The Markdown of messages as HTML that is safe on a public page, and as plain text."""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["heading", "lheading", "html_block", "html_inline", "image"]
)
_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow noopener noreferrer"

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 and HTML have no way to say; pasted text is full of it."""


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
