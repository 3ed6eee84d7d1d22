"""Messages about incidents, and those about any subject: parent, replies, private messages."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from bot.domain.deliveries import DirectMessage, ThreadNote
from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Maintenance
from bot.domain.parent_messages import ParentMessage
from bot.domain.receipts import Receipt
from bot.domain.reminders.ladders import ReminderOutcome
from bot.domain.reminders.watches import Freshness
from bot.domain.subjects import Subject, in_short
from bot.slack import blocks, mrkdwn
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.views import lines, maintenance_messages, reminders
from bot.slack.views.lines import Message

_SHOWN_DIFFERENCES = 5
_NOTHING_DUE: Mapping[str, Freshness] = MappingProxyType({})
_NEXT = {
    Freshness.FRESH: "next due",
    Freshness.DUE: "🟠 *update due* since",
    Freshness.OVERDUE: "🔴 *update overdue* since",
}


def parent(message: ParentMessage) -> Message:
    """Return the one message that stands for a subject and is edited in place."""
    if isinstance(message.subject, Maintenance):
        text, parts = maintenance_messages.parent(message.subject, message)
    else:
        text, parts = _parent(message.subject, message)
    # So that a click tells on which parent message of which subject it was.
    buttons = [each for each in parts if each["type"] == "actions"]
    for number, block in enumerate(buttons):
        block["block_id"] = f"{ids.PARENT}:{message.subject.id}:{number}"
    return text, parts


def _parent(subject: Incident, message: ParentMessage) -> Message:
    sign, state = _standing(subject, message)
    parts = [
        blocks.header(f"{sign} {subject.name}"),
        blocks.section(f"*{state}* · {lines.pages(subject.publications, lines.PAGES_LIMIT)}"),
        *lines.components(message.components),
        *lines.delivery_statuses(message.statuses),
        blocks.context(
            _clock(subject, message.freshness), f"Owner: {blocks.short(subject.owner_name)}"
        ),
        *_buttons(subject, 5),
    ]
    return lines.notification(state, subject.name), parts


def left(subject: Subject, reason: str) -> Message:
    """Return what stands in place of a parent message whose thread goes on in direct messages."""
    state = "Goes on in direct messages"
    text = (
        f"{blocks.short(reason)} So “{blocks.short(in_short(subject.name))}” goes on in direct "
        "messages, and this message is not brought up to date any more. `/incident list` and "
        "`/maintenance list` show where things stand."
    )
    return lines.notification(state, subject.name), [blocks.section(text)]


def out_of_date(name: str, link: str | None) -> Message:
    """Return what is said of a parent message that another has taken the place of."""
    newer = blocks.link(link, "in a newer message")
    text = (
        "This message is out of date: Slack does not let Foghorn change it any more, and its "
        f"buttons do nothing. “{blocks.short(in_short(name))}” goes on {newer}."
    )
    return "This message is out of date", [blocks.section(text)]


def published(receipt: Receipt) -> Message:
    """Return the reply that quotes what customers see, with the proof that they do."""
    sign, status = lines.SIGNS[receipt.status], receipt.status.label
    promised = lines.promised(receipt.promised) if receipt.promised else ""
    parts = [
        blocks.section(f"{sign} *{status}* · posted by {blocks.short(receipt.author)}"),
        *blocks.quote(mrkdwn.from_markdown(receipt.message)),
        *_window_line(receipt),
        *_difference_lines(receipt.differences),
        *([blocks.section(_unread(receipt))] if receipt.unread else []),
        *lines.components(receipt.components),
        blocks.context(_proof(receipt), blocks.short(receipt.note or ""), promised),
    ]
    summary = blocks.escape(blocks.cut(receipt.message, 500))
    return f"{status} on {blocks.short(receipt.page_name)}: {summary}", parts


def pointer(name: str, by: str, link: str | None) -> Message:
    """Return what a channel reads of something that was begun there and is announced elsewhere."""
    thread = blocks.link(link, "its thread") if link else "another channel"
    text = f"{blocks.short(by)} opened “{blocks.short(name)}” here. It goes on in {thread}."
    return text, [blocks.section(text)]


def noted(note: ThreadNote) -> Message:
    """Return a reply for the team, of which customers see nothing."""
    if note.undelivered:
        return direct_message(note.undelivered)
    return blocks.short(note.text), [blocks.section(blocks.escape(note.text))]


def direct_message(
    message: DirectMessage,
    snooze: Sequence[timedelta] = (),
    outcome: ReminderOutcome | None = None,
) -> Message:
    """Return a private message that says what happened and what the person can do.

    `snooze` are the spans for which a question can be put off, `outcome` is what came of it.
    """
    if message.question:
        head, parts = reminders.question(message, message.question, snooze, outcome)
    else:
        head = blocks.short(message.title)
        parts = [blocks.section(f"*{head}*\n{blocks.escape(message.text)}")]
        parts += _quoted(message)
        if message.stuck or message.submission_id:
            parts.append(blocks.actions(*_choices(message)))
    if message.reason:
        parts.append(blocks.context(_instead(message)))
    return head, parts


def text_before(message: DirectMessage) -> list[Message]:
    """Return the messages before a private one whose text is too long to stand in it."""
    texts = lines.split(message.quoted, blocks.QUOTE_LIMIT)
    if len(texts) == 1:
        return []
    title = blocks.short(message.title)
    heads = [f"*{title}*\nText {n} of {len(texts)}" for n in range(1, len(texts) + 1)]
    return [
        (title, [blocks.section(head), blocks.as_written(text)])
        for head, text in zip(heads, texts, strict=True)
    ]


def _quoted(message: DirectMessage) -> list[Block]:
    if before := len(text_before(message)):
        return [blocks.section(f"Its text stands above, in {before} messages.")]
    return [blocks.as_written(message.quoted)] if message.quoted else []


def _instead(message: DirectMessage) -> str:
    """Say why somebody has a message that was meant for another."""
    first, reason = message.missed[0], blocks.short(message.reason)
    if not first:
        return f"This comes to you since nobody else could be told. {reason}"
    return f"This is for {lines.mention(first)}, who cannot be reached: {reason}"


def _choices(message: DirectMessage) -> Iterator[Block]:
    stuck = message.stuck
    if stuck:
        yield blocks.button("Look again", f"{ids.DECIDE}:look", stuck, style="primary")
        yield blocks.button("Publish again", f"{ids.DECIDE}:again", stuck)
    if message.submission_id:
        style = None if stuck else "primary"
        yield blocks.button("Open the form again", ids.REOPEN, message.submission_id, style=style)
    if stuck:
        yield blocks.button("Leave it", f"{ids.DECIDE}:leave", stuck)


def listed(incidents: Sequence[Incident], shown: Mapping[str, Freshness] = _NOTHING_DUE) -> Message:
    """Return the open incidents with their buttons, for one person's eyes."""
    if not incidents:
        text = "No incident is open. `/incident` reports one."
        return text, [blocks.section(text)]
    first = incidents[: lines.LISTED]
    parts = [block for each in first for block in summary(each, shown.get(each.id))]
    more = "more: `/incident update words` finds them by name."
    parts += blocks.and_more(len(incidents) - len(first), more)
    return f"{len(incidents)} open", parts


def summary(incident: Incident, freshness: Freshness | None) -> list[Block]:
    """Return an incident in two lines, and its buttons."""
    sign = lines.SIGNS[incident.status]
    head = f"{sign} *{blocks.short(incident.name)}* · {incident.status.label}"
    pages = lines.pages(incident.publications, blocks.SHORT_LIMIT)
    return [
        blocks.section(f"{head}\n{_clock(incident, freshness)} · {pages}"),
        *_buttons(incident, 1),
    ]


def guide(command: str) -> Message:
    """Return what the command can do, in its own name."""
    text = (
        f"*`{command} [name]`* opens the form to report an incident\n"
        f"*`{command} list`* shows what is open\n"
        f"*`{command} update [words]`* posts an update; the words pick the incident by its name\n"
        f"*`{command} resolve [words]`* resolves it\n"
        "What you publish is kept first, sent once, read back from the page, and shown in a thread."
    )
    return "How to publish incidents", [blocks.section(text)]


def nothing_matches(name: str, typed: str) -> Message:
    """Return that no open incident matches, with a way to report what was typed as a new one."""
    text = f"No incident{lines.in_its_name(name)} is open, so there is nothing to update."
    again = blocks.button("Report an incident", ids.OPEN_REPORT, blocks.cut(typed, 1900))
    return text, blocks.with_button(text, again)


def try_again(reason: str, value: str, action_id: str) -> Message:
    """Return that a form could not be opened, with a button that tries once more."""
    text = f"{blocks.escape(blocks.cut(reason, lines.LINE_LIMIT))} Nothing was published."
    again = blocks.button("Open the form", action_id, blocks.cut(value, 1900), style="primary")
    return text, blocks.with_button(text, again)


def private_text(text: str) -> Message:
    """Return a few private words."""
    shown = blocks.short(text, blocks.SECTION_LIMIT)
    return shown, [blocks.section(shown)]


def _standing(incident: Incident, message: ParentMessage) -> tuple[str, str]:
    """Return the sign and the word for where it stands, for customers."""
    if lines.is_live(incident):
        return lines.SIGNS[incident.status], incident.status.label
    if incident.updated_at and not incident.is_anywhere:
        return "🗑️", "No longer public"
    return "⏳", lines.not_live(message)


def _difference_lines(differences: Sequence[str]) -> list[Block]:
    shown = differences[:_SHOWN_DIFFERENCES]
    found = [f"⚠️ *The page differs:* {blocks.short(one)}" for one in shown]
    if rest := len(differences) - len(found):
        found.append(f"⚠️ And {rest} more differences: have a look at the page.")
    return [blocks.section(line) for line in found]


def _window_line(receipt: Receipt) -> list[Block]:
    if not receipt.starts or not receipt.ends:
        return []
    when = lines.real_window(receipt.starts, receipt.ends, receipt.began, receipt.ended)
    return [blocks.section(f"*When:* {when}")]


def _clock(incident: Incident, freshness: Freshness | None) -> str:
    heard = lines.last_heard(incident)
    if incident.status is IncidentStatus.RESOLVED or not (incident.due_at and incident.updated_at):
        return heard
    return f"{heard} · {_NEXT[freshness or Freshness.FRESH]} {blocks.date(incident.due_at)}"


def _buttons(incident: Incident, pages: int) -> list[Block]:
    buttons = lines.view_pages(incident.publications, pages)
    if incident.is_open:
        buttons = [
            blocks.button("Update", ids.UPDATE, incident.id, style="primary"),
            blocks.button("Resolve", ids.RESOLVE, incident.id),
            *buttons,
            *lines.more(incident.id, *lines.LOOKED_AFTER),
        ]
    return [blocks.actions(*buttons)] if buttons else []


_NOTIFIED = {
    True: "subscribers notified",
    False: "subscribers not notified",
    None: "nobody knows whether subscribers were notified",
}


def _proof(receipt: Receipt) -> str:
    page = blocks.link(receipt.url, receipt.page_name)
    checked = "" if receipt.unread else "read back from the page, "
    published = lines.utc(receipt.published_at)
    told = _NOTIFIED[receipt.notified] if receipt.has_subscribers else lines.FEEDS_ALONE
    return f"{page} · {checked}{published} · {told}"


def _unread(receipt: Receipt) -> str:
    reason = blocks.short(receipt.unread or "")
    return f"⚠️ *Published, but the page could not be read back:* {reason} Have a look at the page."
