"""The lines that messages share, for incidents and maintenances alike."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.parent_messages import DeliveryStatus
from bot.domain.receipts import ShownComponent
from bot.domain.subjects import Publication, PublicationState, Subject
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import results

Message = tuple[str, list[Block]]
"""The text for notifications, and the blocks."""

# A message takes some 12,000 characters, whatever names and reasons there are.
COMPONENTS_LIMIT = 1500
PAGES_LIMIT = 1500
LINE_LIMIT = 500
SHORT_LIMIT = 300
LISTED = 15
"""Subjects shown in a list."""
_SHOWN_COMPONENTS = 20
_SHOWN_STANDINGS = 10


def short(text: str) -> str:
    """Return a name or a sentence of somebody's, escaped, and cut where it would be a text."""
    return blocks.cut_markup(blocks.escape(text), SHORT_LIMIT)


def is_live(subject: Subject) -> bool:
    """Say whether customers can see it anywhere."""
    return any(each.state is PublicationState.LIVE for each in subject.publications)


def pages(publications: Sequence[Publication], limit: int) -> str:
    """Return the names of the pages, linked where they can be."""
    names = ", ".join(
        blocks.link(each.url, each.page_name) if each.url else blocks.escape(each.page_name)
        for each in publications
    )
    return blocks.cut_markup(names, limit)


def standings(found: Sequence[DeliveryStatus]) -> list[Block]:
    """Return what is not on its pages yet, page by page."""
    lines = [results.line(standing) for standing in found[:_SHOWN_STANDINGS]]
    if rest := len(found) - len(lines):
        lines.append(f"And {rest} more pages.")
    return [blocks.section(blocks.cut_markup(line, LINE_LIMIT)) for line in lines]


def components(found: Sequence[ShownComponent]) -> list[Block]:
    """Return how components are shown, and who holds them there if not we."""
    if not found:
        return []
    lines: list[str] = []
    room = COMPONENTS_LIMIT
    for component in found[:_SHOWN_COMPONENTS]:
        held = f" (held by “{short(component.held_by)}”)" if component.held_by else ""
        line = f"• {short(component.name)}: *{component.status.label}*{held}"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    if rest := len(found) - len(lines):
        lines.append(f"• and {rest} more")
    return [blocks.section("\n".join(lines))]


def last_heard(subject: Subject) -> str:
    """Say when customers last heard something."""
    if not subject.updated_at:
        return "Customers have not heard of it yet"
    return f"Last public update {blocks.ago(subject.updated_at)}"


def view_pages(publications: Sequence[Publication], most: int) -> list[Block]:
    """Return a button to each of the first `most` pages."""
    several = len(publications) > 1
    return [
        blocks.button(
            f"View page: {each.page_name}" if several else "View page",
            f"{ids.VIEW_PAGE}:{each.id}",
            url=each.url,
        )
        for each in publications[:most]
        if each.url
    ]


def utc(instant: datetime) -> str:
    """Return a time of day in UTC, and the reader's own."""
    return f"{instant:%H:%M} UTC ({blocks.date(instant)})"
