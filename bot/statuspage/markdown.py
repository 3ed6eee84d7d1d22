"""The Markdown of messages as HTML that is safe on a public page, and as plain text."""

import html
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from bot.statuspage.words import sayable

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    ["heading", "lheading", "html_block", "html_inline", "image"]
)
_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow noopener noreferrer"


@lru_cache(maxsize=2048)
def to_html(text: str) -> str:
    """Return `text` as HTML with nothing in it but simple marks and links to the web."""
    return nh3.clean(
        _PARSER.render(sayable(text)),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel=_REL,
        url_relative="deny",
    ).strip()


@lru_cache(maxsize=2048)
def to_text(text: str) -> str:
    """Return `text` without its marks."""
    bare = nh3.clean(to_html(text).replace("<br>", ""), tags=set(), attributes={})
    return html.unescape(bare).strip()
