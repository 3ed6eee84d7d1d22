"""What a form turns into once it is submitted, and what it shows over itself."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.parent_messages import DeliveryStatus
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import lines


def publishing(promised: datetime | None = None) -> Block:
    """Return what stands in the form's place right after it was submitted; see `preview`."""
    text = "*Publishing…*\nYour text is kept. You can close this: the thread says how it went."
    return _plain_modal([blocks.section(text), *_promise(promised, "“Snooze” puts it off.")])


def outcome(statuses: Sequence[DeliveryStatus]) -> Block:
    """Return how a submission stands on each of its pages.

    What a page needs several writes for is said once, as long as they all stand alike.
    """
    paragraphs = dict.fromkeys(lines.delivery_status(each) for each in statuses[:90])
    return _plain_modal([blocks.section(each) for each in paragraphs])


def preview(
    name: str | None, status: str, message: str, when: str = "", promised: datetime | None = None
) -> Block:
    """Return what customers will see, as near as Slack can show it; an update has no name.

    `promised` is when the form says that they hear more.
    """
    title = "" if name is None else f"*{blocks.escape(name) or '(no name yet)'}*\n"
    head = title + " · ".join(blocks.escape(part) for part in (status, when) if part)
    text = mrkdwn.from_markdown(message) or "_(no message yet)_"
    parts = [blocks.section(head), *blocks.quote(text)]
    parts += _promise(promised, "“Next update in” sets another time.")
    return blocks.modal(ids.PLAIN, "Preview", parts, close="Back")


def notice(title: str, text: str) -> Block:
    """Return a few words in place of a form that cannot be shown."""
    return blocks.modal(ids.PLAIN, title, [blocks.section(blocks.escape(text))], close="Close")


def _promise(at: datetime | None, otherwise: str) -> list[Block]:
    return [blocks.context(f"{lines.promised(at)} {otherwise}")] if at else []


def _plain_modal(parts: list[Block]) -> Block:
    # What lies below, the first step of two, has had its say.
    modal = blocks.modal(ids.PLAIN, "Publishing", parts, close="Close")
    return modal | {"clear_on_close": True}
