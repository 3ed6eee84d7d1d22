"""The signs, windows and lines that messages and forms share, for incidents and maintenances."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import times
from bot.domain.deliveries import State
from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.parent_messages import DeliveryStatus, ParentMessage
from bot.domain.receipts import ShownComponent
from bot.domain.subjects import Publication, PublicationState, Subject, is_group
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids

Message = tuple[str, list[Block]]
"""The text for notifications, and the blocks."""

# A message takes some 12,000 characters, whatever names and reasons there are.
COMPONENTS_LIMIT = 1500
PAGES_LIMIT = 1500
LINE_LIMIT = 500
LISTED = 15
"""Subjects shown in a list."""
_DAY = timedelta(days=1)
_SHOWN_COMPONENTS = 20
_SHOWN_STATUSES = 10

LOOKED_AFTER = (("Hand over", ids.HAND_OVER), ("Snooze", ids.SNOOZE_FORM))
"""The last entries of every menu “⋯”."""

SIGNS: dict[IncidentStatus | MaintenanceStatus, str] = {
    IncidentStatus.INVESTIGATING: "🔎",
    IncidentStatus.IDENTIFIED: "🎯",
    IncidentStatus.MONITORING: "👀",
    IncidentStatus.RESOLVED: "✅",
    IncidentStatus.UNKNOWN: "❔",
    MaintenanceStatus.SCHEDULED: "🗓️",
    MaintenanceStatus.IN_PROGRESS: "🛠️",
    MaintenanceStatus.COMPLETED: "✅",
    MaintenanceStatus.CANCELLED: "🚫",
    MaintenanceStatus.UNKNOWN: "❔",
}
"""The one sign that stands for a status, always beside its word."""


FEEDS_ALONE = "in the feeds; this page has no subscribers"
"""Who hears of a post on a page that can tell nobody."""


def both_windows(starts: datetime, ends: datetime) -> str:
    """Return a window in UTC and, in Slack's markup, in the reader's own zone."""
    # On one day, or through one night, the day is said once.
    until = blocks.clock(ends) if ends - starts < _DAY else blocks.date(ends)
    return f"{times.window(starts, ends)} ({blocks.date(starts)} to {until})"


def real_window(
    starts: datetime, ends: datetime, began: datetime | None, ended: datetime | None
) -> str:
    """Return a planned window, and when it began and ended if that was in another minute."""
    planned = both_windows(starts, ends)
    real = [
        f"{verb} {times.in_utc(at, plan)} ({blocks.date(at)})"
        for verb, plan, at in (("began", starts, began), ("ended", ends, ended))
        if at and _minute(at) != _minute(plan)
    ]
    return f"{planned} · *{', '.join(real)}*" if real else planned


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def utc(instant: datetime) -> str:
    """Return a time of day in UTC, and the reader's own."""
    return f"{times.clock(instant)} ({blocks.date(instant)})"


def promised(at: datetime) -> str:
    """Say when customers were promised more."""
    return f"Next update promised for {utc(at)}: the owner is asked then."


def split(text: str, limit: int) -> list[str]:
    """Return a text in parts that are whole lines or words where that is possible."""
    parts = []
    while len(text) > limit:
        end = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit)) + 1 or limit
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


def mention(person_or_group: str) -> str:
    """Return what pings a person or a group, as far as they can read it."""
    return f"<!subteam^{person_or_group}>" if is_group(person_or_group) else f"<@{person_or_group}>"


def is_live(subject: Subject) -> bool:
    """Say whether customers can see it anywhere."""
    return any(each.state is PublicationState.LIVE for each in subject.publications)


def pages(publications: Sequence[Publication], limit: int) -> str:
    """Return the names of the pages, linked where they can be."""
    names = [blocks.link(each.url, each.page_name) for each in publications]
    return blocks.cut_markup(", ".join(names), limit)


def page_names(subject: Subject) -> str:
    """Return the names of a subject's pages."""
    return ", ".join(each.page_name for each in subject.publications)


def notification(state: str, name: str) -> str:
    """Return what notifications say of a parent message."""
    return f"{state}: {blocks.escape(blocks.cut(name, 300))}"


def in_its_name(words: str) -> str:
    """Say which words were looked for, if any were."""
    return f" with “{blocks.escape(blocks.cut(words, 200))}” in its name" if words else ""


def delivery_status(found: DeliveryStatus) -> str:
    """Return in one paragraph how one thing owed to a page stands."""
    page = blocks.link(found.url, found.page_name)
    reason = f" {blocks.escape(found.reason)}" if found.reason else ""
    match found.state:
        case State.DONE:
            return f"✅ *Published* on {page}. Its receipt follows in the thread."
        case State.REFUSED:
            left = (
                "A message with what can be done goes to its author, or to whoever else can be "
                "reached."
            )
            return f"❌ *Not published* on {page}.{reason} {left}"
        case State.STUCK:
            return f"❔ *Nobody knows yet whether it is on {page}.*{reason} Somebody has to decide."
        case State.UNSURE | State.LOOKING:
            return f"⏳ *Checking whether {page} took it.*{reason} It is not sent twice."
    if not found.next_try:
        return f"⏳ *Publishing* to {page}…"
    known, twice = "Not on", ""
    if found.in_doubt:
        known, twice = "Not confirmed on", " and not published twice,"
    when = blocks.date(found.next_try)
    return f"⏳ *{known} {page} yet.*{reason} It is kept and tried again,{twice} next {when}."


def delivery_statuses(found: Sequence[DeliveryStatus]) -> list[Block]:
    """Return what is not on its pages yet, page by page."""
    lines = [delivery_status(each) for each in found[:_SHOWN_STATUSES]]
    if rest := len(found) - len(lines):
        lines.append(f"And {rest} more pages.")
    return [blocks.section(line, LINE_LIMIT) for line in lines]


def components(found: Sequence[ShownComponent]) -> list[Block]:
    """Return how components are shown, and who holds them there if not we."""
    if not found:
        return []
    lines: list[str] = []
    room = COMPONENTS_LIMIT
    for component in found[:_SHOWN_COMPONENTS]:
        held = f" (held by “{blocks.short(component.held_by)}”)" if component.held_by else ""
        line = f"• {blocks.short(component.name)}: *{component.status.label}*{held}"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    return [blocks.section(bulleted(lines, len(found) - len(lines)))]


def bulleted(lines: Sequence[str], rest: int) -> str:
    """Return lines in one paragraph, and how many more there are."""
    return "\n".join([*lines, f"• and {rest} more"] if rest else lines)


def not_live(message: ParentMessage) -> str:
    """Return the word for something that no page is known to show."""
    return "Perhaps public already" if message.in_doubt else "Not public yet"


def last_heard(subject: Subject) -> str:
    """Say when customers last heard something."""
    if not subject.updated_at:
        return "Not confirmed yet that customers have heard of it"
    return f"Last public update {blocks.ago(subject.updated_at)}"


def more(subject_id: str, *entries: tuple[str, str]) -> list[Block]:
    """Return the menu “⋯” of what is done less often: words and names of at most five buttons."""
    options = [blocks.option(text, f"{action_id}:{subject_id}") for text, action_id in entries]
    return [{"type": "overflow", "action_id": ids.MORE, "options": options}]


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


def has_buttons(message: Message) -> bool:
    """Say whether something can be done with a message but follow its links."""
    return any(part["type"] == "actions" and _links(part) != [part] for part in message[1])


def to_read(message: Message, reason: str) -> Message:
    """Return a message with nothing but its links to click, for whom `reason` keeps from more."""
    text, parts = message
    read = [
        each for part in parts for each in (_links(part) if part["type"] == "actions" else [part])
    ]
    return text, [*read, blocks.context(blocks.short(reason))]


def _links(row: Block) -> list[Block]:
    """Return a row of buttons without those that are no links."""
    links = [each for each in row["elements"] if each.get("url")]
    return [blocks.actions(*links)] if links else []
