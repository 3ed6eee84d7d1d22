"""What a form turns into once it is submitted, and what it shows over itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.deliveries import State
from bot.domain.parent_messages import DeliveryStatus
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import fields, lines

_UNDER_WAY = "Publishing"
_TITLES = {State.DONE: "Published", State.REFUSED: "Not published"}
_SHOWN = 8
"""Windows and components that a preview names."""


def publishing(promised: datetime | None = None) -> Block:
    """Return what stands in the form's place right after it was submitted; see `preview`."""
    text = "*Publishing…*\nYour text is kept. You can close this: the thread says how it went."
    return _plain_modal([blocks.section(text), *_promise(promised, "“Snooze” puts it off.")])


def outcome(statuses: Sequence[DeliveryStatus], thread: str | None = None) -> Block:
    """Return how a form stands on each of its pages; `thread` is the address of its thread.

    What a page needs several writes for is said once, as long as they all stand alike.
    """
    paragraphs = dict.fromkeys(lines.delivery_status(each) for each in statuses[:90])
    parts = [blocks.section(each) for each in paragraphs]
    parts += [blocks.section(blocks.link(thread, "Go to the thread"))] if thread else []
    states = {each.state for each in statuses}
    title = next((word for state, word in _TITLES.items() if states == {state}), _UNDER_WAY)
    return _plain_modal(parts, title)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a form would publish as it is filled in; an update has no name.

    `when` are windows, `components` pairs of a name and what becomes of it, `facts` lines of markup
    about where it goes and who hears of it. `promised` is when the form says that they hear more.
    """

    name: str | None
    status: str
    message: str
    when: Sequence[str] = ()
    components: Sequence[tuple[str, str]] = ()
    facts: Sequence[str] = ()
    promised: datetime | None = None


def preview(shown: Preview) -> Block:
    """Return what customers will see, as near as Slack can show it."""
    name = [] if shown.name is None else [fields.literal(shown.name.strip() or "(no name yet)")]
    windows = [*shown.when[:_SHOWN], *_rest(shown.when)]
    head = "\n".join([f"*{shown.status}*", *map(blocks.escape, windows)])
    text = mrkdwn.from_markdown(shown.message) or "_(no message yet)_"
    listed = [
        f"• {blocks.short(each)}: *{blocks.short(then)}*"
        for each, then in shown.components[:_SHOWN]
    ]
    listed += _rest(shown.components)
    parts = [*name, blocks.section(head), *blocks.quote(text)]
    parts += [blocks.section("\n".join(listed))] if listed else []
    parts += [blocks.context(*shown.facts)] if any(shown.facts) else []
    parts += _promise(shown.promised, "“Next update in” sets another time.")
    return blocks.modal(ids.PLAIN, "Preview", parts, close="Back")


def _rest(some: Sequence[object]) -> list[str]:
    return [f"and {len(some) - _SHOWN} more"] if len(some) > _SHOWN else []


def notice(title: str, text: str) -> Block:
    """Return a few words in place of a form that cannot be shown."""
    return blocks.modal(ids.PLAIN, title, [blocks.section(blocks.escape(text))], close="Close")


def _promise(at: datetime | None, otherwise: str) -> list[Block]:
    return [blocks.context(f"{lines.promised(at)} {otherwise}")] if at else []


def _plain_modal(parts: list[Block], title: str = _UNDER_WAY) -> Block:
    # What lies below, the first step of two, has had its say.
    modal = blocks.modal(ids.PLAIN, title, parts, close="Close")
    return modal | {"clear_on_close": True}
