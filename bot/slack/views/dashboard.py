"""The dashboard: everything at once, for one person's eyes."""

from collections.abc import Iterator, Sequence

from bot.domain.dashboard import Dashboard, PageSeen
from bot.domain.pages import Component, ComponentStatus
from bot.slack import blocks, ids
from bot.slack.blocks import Block
from bot.slack.views import lines, maintenance_messages, messages
from bot.slack.views.lines import Message

# A message takes fifty blocks and some 12,000 characters.
_PAGES, _INCIDENTS, _MAINTENANCES = 4, 7, 5
_COMPONENTS_ROOM = 700
_ALL_COMPONENTS_ROOM = 9000


def dashboard(found: Dashboard) -> Message:
    """Return pages with what is not operational, and what is open with its buttons."""
    parts = [
        *(_page(seen) for seen in found.pages[:_PAGES]),
        *_more(len(found.pages) - _PAGES, "pages", "/statuspage components"),
        *_incidents(found),
        *_maintenances(found),
        blocks.actions(
            blocks.button("Report an incident", ids.OPEN_REPORT),
            blocks.button("Schedule maintenance", ids.OPEN_SCHEDULE),
        ),
    ]
    count = f"{len(found.incidents)} open, {len(found.maintenances)} planned or running"
    return count, parts


def components(pages: Sequence[PageSeen]) -> Message:
    """Return every component with its status, page by page."""
    parts: list[Block] = []
    room = _ALL_COMPONENTS_ROOM // max(1, min(len(pages), 2 * _PAGES))
    for seen in pages[: 2 * _PAGES]:
        told = "\n".join(_told(seen, min(room, blocks.SECTION_LIMIT) - lines.LINE_LIMIT))
        parts.append(blocks.section(f"{_head(seen)}\n{told or 'It has no components.'}"))
    parts += _more(len(pages) - 2 * _PAGES, "pages", "")
    return "Components", parts or [blocks.section(_NO_PAGE)]


def guide(command: str) -> Message:
    """Return what the command can do, in its own name."""
    text = (
        f"*`{command}`* shows pages, what is not operational, what is open, planned or running\n"
        f"*`{command} components`* shows every component and its status\n"
        "Only you see the answer. `/incident` and `/maintenance` publish."
    )
    return "How to look at your status page", [blocks.section(text)]


_NO_PAGE = "Foghorn knows no page yet, since none could be read. Ask whoever runs it."


def _page(seen: PageSeen) -> Block:
    if not seen.shown:
        return blocks.section(f"{_head(seen)}\n{_all_well(seen.total)}")
    return blocks.section("\n".join([_head(seen), *_told(seen, _COMPONENTS_ROOM)]))


def _all_well(total: int) -> str:
    return f"All {total} components are operational." if total else "It has no components."


def _head(seen: PageSeen) -> str:
    name = lines.short(seen.page.name)
    if seen.page.url:
        name = blocks.cut_markup(blocks.link(seen.page.url, seen.page.name), lines.LINE_LIMIT)
    return f"*{name}* · read {blocks.ago(seen.read_at)}"


def _told(seen: PageSeen, room: int) -> Iterator[str]:
    """Return a line for each component, and how many more there are when the room ends."""
    for number, component in enumerate(seen.shown):
        line = _line(component)
        room -= len(line) + 1
        if room < 0:
            yield f"• and {len(seen.shown) - number} more"
            return
        yield line


def _line(component: Component) -> str:
    group = f" · {lines.short(component.group)}" if component.group else ""
    fine = component.status is ComponentStatus.OPERATIONAL
    status = component.status.label if fine else f"*{component.status.label}*"
    return f"• {lines.short(component.name)}{group}: {status}"


def _incidents(found: Dashboard) -> list[Block]:
    if not found.incidents:
        return [blocks.section("*Open incidents*\nNone that was reported here.")]
    parts = [blocks.section("*Open incidents*")]
    for incident in found.incidents[:_INCIDENTS]:
        parts += messages.summary(incident, found.freshness.get(incident.id))
    return parts + _more(len(found.incidents) - _INCIDENTS, "incidents", "/incident list")


def _maintenances(found: Dashboard) -> list[Block]:
    if not found.maintenances:
        return [blocks.section("*Maintenance*\nNone that was scheduled here.")]
    parts = [blocks.section("*Maintenance*")]
    for maintenance in found.maintenances[:_MAINTENANCES]:
        parts += maintenance_messages.summary(maintenance, found.freshness.get(maintenance.id))
    return parts + _more(len(found.maintenances) - _MAINTENANCES, "windows", "/maintenance list")


def _more(rest: int, what: str, command: str) -> list[Block]:
    if rest <= 0:
        return []
    where = f": `{command}` shows them." if command else "."
    return [blocks.context(f"And {rest} more {what}{where}")]
