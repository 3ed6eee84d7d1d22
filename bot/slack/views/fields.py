"""The fields and lines that forms share, for incidents and maintenances alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import times
from bot.domain.pages import Capabilities, Component, Page
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import words

_NAMED = 5
_LINKED = 10


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A page that a form can publish to, and what it can do."""

    page: Page
    capabilities: Capabilities


def note(text: str) -> list[Block]:
    """Return a line on top of a form."""
    return [blocks.section(blocks.escape(text))] if text else []


def pages(
    choices: Sequence[PageChoice], chosen: Sequence[str], *, dispatch: bool = False
) -> list[Block]:
    """Return the choice of pages; with one page there is nothing to choose."""
    if len(choices) < 2:  # noqa: PLR2004 -- as the first line says
        return []
    options = [
        blocks.option(choice.page.name, choice.page.id)
        for choice in choices[: blocks.OPTIONS_LIMIT]
    ]
    element = {
        "type": "multi_static_select",
        "options": options,
        "initial_options": [one for one in options if one["value"] in chosen] or options[:1],
        "placeholder": blocks.plain("Choose pages", 150),
    }
    more = {"dispatch_action": True} if dispatch else {}
    return [blocks.entry(ids.PAGES, "Page", element, **more)]


def chosen_pages(choices: Sequence[PageChoice], chosen: Sequence[str]) -> Sequence[PageChoice]:
    """Return the pages that a form publishes to as it stands; the first when none is chosen."""
    return [each for each in choices if each.page.id in chosen] or choices[:1]


def message(text: str, placeholder: str) -> Block:
    """Return the field for what customers read."""
    element = blocks.text_input(text, multiline=True, placeholder=placeholder)
    hint = blocks.plain("Markdown, exactly as customers will see it.", 2000)
    return blocks.entry(ids.MESSAGE, "Message", element, hint=hint)


def components(chosen: Mapping[str, Component]) -> Block:
    """Return the search for components, with the chosen ones by their keys."""
    element: Block = {
        "type": "multi_external_select",
        "min_query_length": 0,
        "max_selected_items": blocks.OPTIONS_LIMIT,  # the next form must be able to show them all
        "placeholder": blocks.plain("Search components", 150),
    }
    initial = [words.component_option(key, each, None) for key, each in chosen.items()]
    if initial:
        element["initial_options"] = initial
    return blocks.entry(ids.COMPONENTS, "Affected components", element, optional=True)


def notify(*, ticked: bool) -> Block:
    """Return the question whether subscribers hear of an update."""
    option = blocks.option("Tell the page's subscribers now", "notify")
    element = blocks.checkboxes([option], [option] if ticked else [])
    return blocks.entry(ids.NOTIFY, "Notify subscribers", element, optional=True)


def publishes(choices: Sequence[PageChoice]) -> str:
    """Say where a form publishes."""
    if len(choices) > 1:
        return f"Publishes to the chosen of {len(choices)} pages"
    return f"Publishes to {', '.join(_linked(each.page) for each in choices)}"


def publishes_to(choices: Sequence[PageChoice]) -> str:
    """Say where a form publishes, by the names of all its pages."""
    shown = [_linked(each.page) for each in choices[:_LINKED]]
    more = f" and {len(choices) - len(shown)} more" if len(choices) > len(shown) else ""
    return f"Publishes to {', '.join(shown)}{more}"


def capped(choices: Sequence[PageChoice]) -> str:
    """Say which pages tell nobody when they have too many subscribers; nothing if none does."""
    limited = [each for each in choices if each.capabilities.notify_limit]
    if not limited:
        return ""
    most = min(each.capabilities.notify_limit or 0 for each in limited)
    return f" {names(limited)}: not when the page has more than {most:,} subscribers."


def zone_hint(zone: str) -> Block:
    """Return which clock the times of a form are of: Slack shows everybody their own."""
    return blocks.plain(times.caveat(zone) or f"In your time zone: {zone}.", 2000)


def names(choices: Iterable[PageChoice]) -> str:
    """Return the names of some pages, escaped."""
    return blocks.escape(", ".join(each.page.name for each in list(choices)[:_NAMED]))


def _linked(page: Page) -> str:
    return blocks.link(page.url, page.name) if page.url else blocks.escape(page.name)
