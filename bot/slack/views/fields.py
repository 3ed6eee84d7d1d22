"""The fields and lines that forms share, for incidents and maintenances alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import times
from bot.domain.pages import Capabilities, Component, Page
from bot.domain.texts.names import cut_apart, told_apart
from bot.markdown import rare_elements
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import lines

Choice = tuple[Sequence[str], str, str | None]
"""A name and what it may be told apart by, the value it stands for, and a description."""

_FOCUS = "focus_on_load"
_NAMED = 5
_LINKED = 10


@dataclass(frozen=True, slots=True)
class PageChoice:
    """A page that a form can publish to, and what it can do."""

    page: Page
    capabilities: Capabilities


def form(  # noqa: PLR0913 -- these are the parts of a form
    callback_id: str,
    title: str,
    parts: Sequence[Block],
    metadata: FormMetadata,
    submit: str,
    *,
    close: str = "Cancel",
) -> Block:
    """Return a form that carries `metadata`; `submit` is the button's word: what it does.

    One types into the first field that must be filled and is empty.
    """
    made = [dict(part) for part in parts]
    if first := next(filter(_must_be_filled, made), None):
        first["element"] = {**first["element"], _FOCUS: True}
    text = metadata.dump()
    return blocks.modal(callback_id, title, made, submit=submit, close=close, metadata=text)


def _must_be_filled(part: Block) -> bool:
    asks = part["type"] == "input" and not part["optional"]
    return asks and not any(name.startswith("initial_") for name in part["element"])


def as_sent(view: Block, submit: str) -> Block:
    """Return an open form as Slack sent it, without what Slack added, and what submits it.

    Where one types at that moment is left alone.
    """
    ours = ("type", "callback_id", "title", "close", "blocks", "private_metadata")
    made = {name: view[name] for name in ours} | {"submit": blocks.plain(submit, 24)}
    return made | {"blocks": [_unfocused(part) for part in view["blocks"]]}


def _unfocused(part: Block) -> Block:
    if _FOCUS not in part.get("element", {}):
        return part
    return part | {"element": {name: v for name, v in part["element"].items() if name != _FOCUS}}


def with_text(part: Block, text: str) -> Block:
    """Return a text field of an open form with another text in it.

    Slack keeps what stands in a field of the same name, so it gets another, see `forms.fields`.
    """
    name, _colon, number = part["block_id"].partition(":")
    element = part["element"] | {"initial_value": text[: blocks.PLAIN_INPUT_LIMIT]}
    return part | {"block_id": f"{name}:{int(number or 0) + 1}", "element": element}


def note(text: str) -> list[Block]:
    """Return a line on top of a form."""
    return [blocks.section(blocks.escape(text))] if text else []


def literal(text: str) -> Block:
    """Return a paragraph in which no sign is a mark, such as a name of somebody's."""
    return {"type": "section", "text": blocks.plain(text)}


def pages(
    choices: Sequence[PageChoice], chosen: Sequence[str], *, dispatch: bool = False
) -> list[Block]:
    """Return the choice of pages; with one page there is nothing to choose."""
    if len(choices) < 2:  # noqa: PLR2004 -- as the first line says
        return []
    known = [choice.page for choice in choices[: blocks.OPTIONS_LIMIT]]
    options = _options([(each.marks, each.id, None) for each in known])
    element = {
        "type": "multi_static_select",
        "options": options,
        "initial_options": [one for one in options if one["value"] in chosen] or options[:1],
        "placeholder": blocks.plain("Choose pages", 150),
    }
    return [blocks.entry(ids.PAGES, "Page", element, dispatch=dispatch)]


def with_pages(view: Block, choices: Sequence[PageChoice]) -> Block:
    """Return an open form with the choice of pages, which were not known when it was opened."""
    shown = as_sent(view, view["submit"]["text"])
    note = blocks.section("Foghorn has read its pages only now: choose those that are meant.")
    return shown | {"blocks": [note, *pages(choices, ()), *shown["blocks"]]}


def chosen_pages(choices: Sequence[PageChoice], chosen: Sequence[str]) -> Sequence[PageChoice]:
    """Return the pages that a form publishes to as it stands; the first when none is chosen."""
    return [each for each in choices if each.page.id in chosen] or choices[:1]


def message(text: str, placeholder: str) -> Block:
    """Return the field for what customers read."""
    element = blocks.text_input(text, multiline=True, placeholder=placeholder)
    hint = "Markdown, exactly as customers will see it."
    return blocks.entry(ids.MESSAGE, "Message", element, hint=hint)


def components(chosen: Mapping[str, Component]) -> Block:
    """Return the search for components, with the chosen ones by their keys."""
    element: Block = {
        "type": "multi_external_select",
        "min_query_length": 0,
        "max_selected_items": blocks.OPTIONS_LIMIT,  # the next form must be able to show them all
        "placeholder": blocks.plain("Search components", 150),
    }
    if chosen:
        element["initial_options"] = component_choices(chosen)
    return blocks.entry(ids.COMPONENTS, "Affected components", element, optional=True)


def component_choices(found: Mapping[str, Component]) -> list[Block]:
    """Return components as choices; the group stands in the text, since names are not unique."""
    texts = component_names(found)
    short = cut_apart(texts, blocks.OPTION_LIMIT)
    return [
        blocks.option(text, key, full if full != text else None)
        for key, full, text in zip(found, texts, short, strict=True)
    ]


def component_names(found: Mapping[str, Component]) -> list[str]:
    """Return the names of components with their groups."""
    return [" · ".join(filter(None, (each.name, each.group))) for each in found.values()]


def component_options(found: Mapping[str, Component], total: int) -> list[Block]:
    """Return the one option group of components that were found; it says when there are more."""
    if not found:
        return []
    hint = f" ({len(found)} of {total}: type to narrow)" if total > len(found) else ""
    label = blocks.plain(f"Components{hint}", blocks.LABEL_LIMIT)
    return [{"label": label, "options": component_choices(found)}]


def notify(*, ticked: bool) -> Block:
    """Return the question whether subscribers hear of an update."""
    option = blocks.option("Tell the page's subscribers now", "notify")
    element = blocks.checkboxes([option], [option] if ticked else [])
    return blocks.entry(ids.NOTIFY, "Notify subscribers", element, optional=True)


def preview_button() -> Block:
    """Return the button that shows what customers would see."""
    return blocks.actions(blocks.button("Preview", ids.PREVIEW))


def pick(
    callback_id: str,
    title: str,
    question: str,
    choices: Sequence[Choice],
    metadata: FormMetadata,
) -> Block:
    """Return the question which of several is meant."""
    options = _options(choices[: blocks.OPTIONS_LIMIT])
    element = blocks.select(options, options[0]["value"])
    parts = [blocks.entry(ids.PICKED, question, element)]
    parts += blocks.and_more(
        len(choices) - len(options), "more: say words of its name in the command."
    )
    return form(callback_id, title, parts, metadata, "Next")


def _options(choices: Sequence[Choice]) -> list[Block]:
    """Return options of which no two read alike."""
    texts = cut_apart(told_apart([parts for parts, *_ in choices]), blocks.OPTION_LIMIT)
    return [
        blocks.option(text, value, description)
        for text, (_parts, value, description) in zip(texts, choices, strict=True)
    ]


def publishes(choices: Sequence[PageChoice]) -> str:
    """Say where a form publishes."""
    if len(choices) > 1:
        return f"Publishes to the chosen of {len(choices)} pages"
    return publishes_to(choices)


def publishes_to(choices: Sequence[PageChoice]) -> str:
    """Say where a form publishes, by the names of all its pages."""
    shown = [blocks.link(each.page.url, each.page.name) for each in choices[:_LINKED]]
    more = f" and {len(choices) - len(shown)} more" if len(choices) > len(shown) else ""
    return f"Publishes to {', '.join(shown)}{more}"


def ticked_tells(choices: Sequence[PageChoice]) -> str:
    """Say what a tick at *Notify subscribers* does on these pages."""
    ticked = "With “Notify subscribers” ticked, subscribers of the page hear of it at once."
    return tells(ticked, choices)


def tells(notice: str, choices: Sequence[PageChoice]) -> str:
    """Say that subscribers hear of it, as `notice` words it, and which pages tell nobody."""
    silent = [each for each in choices if not each.capabilities.has_subscribers]
    limited = [each for each in choices if each.capabilities.notify_limit]
    sentences = [] if silent and len(silent) == len(choices) else [notice]
    if limited:
        most = min(each.capabilities.notify_limit or 0 for each in limited)
        limit = f"not when the page has more than {most:,} subscribers"
        sentences.append(f"{names(limited)}: {limit}.")
    if silent:
        sentences.append(f"{names(silent)}: {lines.FEEDS_ALONE}.")
    return " ".join(sentences)


def rendering(message: str, choices: Sequence[PageChoice]) -> str:
    """Say what in a message some of these pages may show otherwise; nothing if there is none."""
    unproven = [each for each in choices if not each.capabilities.renders_all]
    rare = rare_elements(message) if unproven else []
    if not rare:
        return ""
    return (
        f"{names(unproven)} may show {', '.join(rare)} otherwise: which Markdown it takes is not "
        "published. Paragraphs, bold, lists and links are safe."
    )


def zone_hint(zone: str) -> str:
    """Say which clock the times of a form are of: Slack shows everybody their own."""
    return times.caveat(zone) or f"In your time zone: {zone}."


def names(choices: Iterable[PageChoice]) -> str:
    """Return the names of some pages, escaped."""
    return blocks.escape(", ".join(each.page.name for each in list(choices)[:_NAMED]))
