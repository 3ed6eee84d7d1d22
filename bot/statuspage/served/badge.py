"""A badge with the page's overall status, to show elsewhere."""

from xml.sax.saxutils import escape

from bot.statuspage.model.overall_status import overall_status
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.formatting import LETTERS
from bot.statuspage.served.html import STATUS_COLOURS

_LETTER = 6.4
"""About how wide a letter is at 11 pixels; `textLength` makes it true."""
_LEFT = 47
_PAD = 14


def badge(state: SiteState) -> bytes:
    """Return the badge as SVG, with nothing in it but shapes and text."""
    found = overall_status(state)
    text = escape(found.sentence.lower())
    inner = round(len(text) * _LETTER)
    right = inner + _PAD
    width = _LEFT + right
    tone = STATUS_COLOURS[LETTERS[found.status]]
    font = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img"'
        f' aria-label="status: {text}"><title>status: {text}</title>'
        f'<rect width="{width}" height="20" rx="4" fill="#30363d"/>'
        f'<path d="M{_LEFT} 0h{right - 4}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H{_LEFT}z" fill="{tone}"/>'
        f'<g fill="#fff" {font}><text x="{_LEFT / 2}" y="14" textLength="33">status</text>'
        f'<text x="{_LEFT + right / 2}" y="14" textLength="{inner}">{text}</text></g></svg>'
    ).encode()
