"""The dashboard: pages, what is not operational, and what is open, planned or running."""

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
_MORE_PAGES = "more pages: `/statuspage components` shows them."
_NO_COMPONENTS = "It has no components."
_NO_PAGE = "Foghorn knows no page yet, since none could be read. Ask whoever runs it."


def dashboard(found: Dashboard) -> Message:
    """Return pages with what is not operational, and what is open with its buttons."""
    fresh = found.freshness
    parts = [
        *([] if found.pages else [blocks.section(_NO_PAGE)]),
        *(_page(seen) for seen in found.pages[:_PAGES]),
        *blocks.and_more(len(found.pages) - _PAGES, _MORE_PAGES),
        *_open(
            "Open incidents",
            "None that was reported here.",
            [messages.summary(each, fresh.get(each.id)) for each in found.incidents],
            _INCIDENTS,
            "incidents: `/incident list` shows them.",
        ),
        *_open(
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
        found = list(_component_lines(seen, room - lines.LINE_LIMIT))
        parts += blocks.packed([_head(seen), *(found or [_NO_COMPONENTS])])
    parts += blocks.and_more(len(pages) - 2 * _PAGES, "more pages.")
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
    all_well = f"All {seen.total} components are operational." if seen.total else _NO_COMPONENTS
    shown = _component_lines(seen, _COMPONENTS_ROOM) if seen.shown else [all_well]
    return blocks.section("\n".join([_head(seen), *shown]))


def _head(seen: PageOverview) -> str:
    name = blocks.cut_markup(blocks.link(seen.page.url, seen.page.name), lines.LINE_LIMIT)
    return f"*{name}* · read {blocks.ago(seen.read_at)}"


def _component_lines(seen: PageOverview, room: int) -> Iterator[str]:
    """Return a line for each component, and how many more there are when the room ends."""
    for number, component in enumerate(seen.shown):
        line = _line(component)
        room -= len(line) + 1
        if room < 0:
            yield f"• and {len(seen.shown) - number} more"
            return
        yield line


def _line(component: Component) -> str:
    group = f" · {blocks.short(component.group)}" if component.group else ""
    fine = component.status is ComponentStatus.OPERATIONAL
    status = component.status.label if fine else f"*{component.status.label}*"
    return f"• {blocks.short(component.name)}{group}: {status}"


def _open(
    title: str, none: str, summaries: Sequence[list[Block]], most: int, more: str
) -> list[Block]:
    """Return the first `most` of what is open, or `none`; `more` says where the others are."""
    if not summaries:
        return [blocks.section(f"*{title}*\n{none}")]
    shown = [block for summary in summaries[:most] for block in summary]
    return [
        blocks.section(f"*{title}*"),
        *shown,
        *blocks.and_more(len(summaries) - most, f"more {more}"),
    ]
