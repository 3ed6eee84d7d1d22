"""The dashboard: everything at once, for one person's eyes."""

from collections.abc import Iterator, Sequence

from bot.domain.dashboard import Dashboard, PageOverview
from bot.domain.pages import Component, ComponentStatus
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import lines, maintenance_messages, messages
from bot.slack.views.lines import Message

# A message takes fifty blocks and some 12,000 characters.
_PAGES, _INCIDENTS, _MAINTENANCES = 4, 7, 5
_COMPONENTS_ROOM = 700
_ALL_COMPONENTS_ROOM = 9000
_NO_PAGE = "Foghorn knows no page yet, since none could be read. Ask whoever runs it."


def dashboard(found: Dashboard) -> Message:
    """Return pages with what is not operational, and what is open with its buttons."""
    fresh = found.freshness
    parts = [
        *([] if found.pages else [blocks.section(_NO_PAGE)]),
        *(_page(seen) for seen in found.pages[:_PAGES]),
        *_more(len(found.pages) - _PAGES, "pages: `/statuspage components` shows them."),
        *_section(
            "Open incidents",
            "None that was reported here.",
            [messages.summary(each, fresh.get(each.id)) for each in found.incidents],
            _INCIDENTS,
            "incidents: `/incident list` shows them.",
        ),
        *_section(
            "Maintenance",
            "None that was scheduled here.",
            [maintenance_messages.summary(each, fresh.get(each.id)) for each in found.maintenances],
            _MAINTENANCES,
            "windows: `/maintenance list` shows them.",
        ),
        blocks.actions(
            blocks.button("Report an incident", ids.OPEN_REPORT),
            blocks.button("Schedule maintenance", ids.OPEN_SCHEDULE),
        ),
    ]
    count = f"{len(found.incidents)} open, {len(found.maintenances)} planned or running"
    return count, parts


def components(pages: Sequence[PageOverview]) -> Message:
    """Return every component with its status, page by page."""
    parts: list[Block] = []
    room = _ALL_COMPONENTS_ROOM // max(1, min(len(pages), 2 * _PAGES))
    for seen in pages[: 2 * _PAGES]:
        told = list(_told(seen, room - lines.LINE_LIMIT)) or ["It has no components."]
        parts += _packed([_head(seen), *told])
    parts += _more(len(pages) - 2 * _PAGES, "pages.")
    return "Components", parts or [blocks.section(_NO_PAGE)]


def guide(command: str) -> Message:
    """Return what the command can do, in its own name."""
    text = (
        f"*`{command}`* shows pages, what is not operational, what is open, planned or running\n"
        f"*`{command} components`* shows every component and its status\n"
        "Only you see the answer. `/incident` and `/maintenance` publish."
    )
    return "How to look at your status page", [blocks.section(text)]


def _page(seen: PageOverview) -> Block:
    if not seen.shown:
        return blocks.section(f"{_head(seen)}\n{_all_well(seen.total)}")
    return blocks.section("\n".join([_head(seen), *_told(seen, _COMPONENTS_ROOM)]))


def _all_well(total: int) -> str:
    return f"All {total} components are operational." if total else "It has no components."


def _head(seen: PageOverview) -> str:
    name = lines.short(seen.page.name)
    if seen.page.url:
        name = blocks.cut_markup(blocks.link(seen.page.url, seen.page.name), lines.LINE_LIMIT)
    return f"*{name}* · read {blocks.ago(seen.read_at)}"


def _told(seen: PageOverview, room: int) -> Iterator[str]:
    """Return a line for each component, and how many more there are when the room ends."""
    for number, component in enumerate(seen.shown):
        line = _line(component)
        room -= len(line) + 1
        if room < 0:
            yield f"• and {len(seen.shown) - number} more"
            return
        yield line


def _packed(told: Sequence[str]) -> list[Block]:
    """Return lines in as few blocks as take them."""
    texts = [told[0]]
    for line in told[1:]:
        if len(texts[-1]) + 1 + len(line) <= blocks.SECTION_LIMIT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [blocks.section(text) for text in texts]


def _line(component: Component) -> str:
    group = f" · {lines.short(component.group)}" if component.group else ""
    fine = component.status is ComponentStatus.OPERATIONAL
    status = component.status.label if fine else f"*{component.status.label}*"
    return f"• {lines.short(component.name)}{group}: {status}"


def _section(
    title: str, none: str, summaries: Sequence[list[Block]], most: int, more: str
) -> list[Block]:
    """Return the first `most` of what is open, or `none`; `more` says where the others are."""
    if not summaries:
        return [blocks.section(f"*{title}*\n{none}")]
    shown = [block for summary in summaries[:most] for block in summary]
    return [blocks.section(f"*{title}*"), *shown, *_more(len(summaries) - most, more)]


def _more(rest: int, more: str) -> list[Block]:
    return [blocks.context(f"And {rest} more {more}")] if rest > 0 else []
