"""Messages: the parent, the replies in its thread, private letters and lists."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.bulletins import Bulletin, Standing
from bot.domain.deliveries import Tell
from bot.domain.incidents import Incident, IncidentStatus, PublicationState
from bot.domain.receipts import Receipt, ShownComponent
from bot.slack import blocks, ids, mrkdwn
from bot.slack.blocks import Block
from bot.slack.views import outcomes, words

Message = tuple[str, list[Block]]
"""The text for notifications, and the blocks."""

# A message takes some 12,000 characters, whatever names and reasons there are.
_COMPONENTS_LIMIT = 1500
_PAGES_LIMIT = 1500
_LINE_LIMIT = 500
_SHORT_LIMIT = 300
_SHOWN_COMPONENTS = 20
_SHOWN_STANDINGS = 10
_SHOWN_DIFFERENCES = 5
_LISTED = 15


def parent(bulletin: Bulletin) -> Message:
    """Return the one message that stands for an incident and is edited in place."""
    incident = bulletin.incident
    sign = words.INCIDENT_SIGNS[incident.status]
    live = any(each.state is PublicationState.LIVE for each in incident.publications)
    state = incident.status.label if live else "Not public yet"
    parts = [
        blocks.header(f"{sign if live else '⏳'} {incident.name}"),
        blocks.section(f"*{state}* · {_pages(incident, _PAGES_LIMIT)}"),
        *_component_lines(bulletin.components),
        *_standing_lines(bulletin.standings),
        blocks.context(_clock(incident), f"Reported by {_short(incident.owner_name)}"),
        *_buttons(incident, 5),
    ]
    text = f"{state}: {blocks.escape(blocks.cut(incident.name, 300))}"
    return text, parts


def published(receipt: Receipt) -> Message:
    """Return the reply that quotes what customers see, with the proof that they do."""
    sign = words.INCIDENT_SIGNS[receipt.status]
    status = receipt.status.label
    parts = [
        blocks.section(f"{sign} *{status}* · posted by {_short(receipt.author)}"),
        *blocks.quote(mrkdwn.from_markdown(receipt.message)),
        *_difference_lines(receipt.differences),
        *([blocks.section(_unread(receipt))] if receipt.unread else []),
        *_component_lines(receipt.components),
        blocks.context(_proof(receipt), _short(receipt.note or "")),
    ]
    summary = blocks.escape(blocks.cut(receipt.message, 500))
    return f"{status} on {_short(receipt.page_name)}: {summary}", parts


def letter(tell: Tell) -> Message:
    """Return a private message that says what happened and what the person can do."""
    parts = [blocks.section(f"*{_short(tell.title)}*\n{blocks.escape(tell.text)}")]
    if tell.submission_id:
        reopen = blocks.button(
            "Open the form again", ids.REOPEN, tell.submission_id, style="primary"
        )
        parts.append(blocks.actions(reopen))
    if tell.stuck:
        parts.append(
            blocks.actions(
                blocks.button("Look again", f"{ids.DECIDE}:look", tell.stuck, style="primary"),
                blocks.button("Publish again", f"{ids.DECIDE}:again", tell.stuck),
                blocks.button("Leave it", f"{ids.DECIDE}:leave", tell.stuck),
            )
        )
    return _short(tell.title), parts


def listed(incidents: Sequence[Incident]) -> Message:
    """Return the open incidents with their buttons, for one person's eyes."""
    if not incidents:
        text = "No incident is open. `/incident` reports one."
        return text, [blocks.section(text)]
    parts: list[Block] = []
    for incident in incidents[:_LISTED]:
        sign = words.INCIDENT_SIGNS[incident.status]
        head = f"{sign} *{_short(incident.name)}* · {incident.status.label}"
        pages = _pages(incident, _SHORT_LIMIT)
        parts += [
            blocks.section(f"{head}\n{_clock(incident)} · {pages}"),
            *_buttons(incident, 1),
        ]
    if len(incidents) > _LISTED:
        rest = len(incidents) - _LISTED
        parts.append(
            blocks.context(f"And {rest} more: `/incident update words` finds them by name.")
        )
    return f"{len(incidents)} open", parts


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


def nothing_matches(words_given: str, typed: str) -> Message:
    """Return that no open incident matches, with a way to report what was typed as a new one."""
    found = (
        f" with “{blocks.escape(blocks.cut(words_given, 200))}” in its name" if words_given else ""
    )
    text = f"No incident{found} is open, so there is nothing to update."
    again = blocks.button("Report an incident", ids.OPEN_REPORT, blocks.cut(typed, 1900))
    return text, [blocks.section(text), blocks.actions(again)]


def try_again(reason: str, name: str) -> Message:
    """Return that a form could not be opened, with a button that tries once more."""
    text = f"{blocks.escape(blocks.cut(reason, _LINE_LIMIT))} Nothing was published."
    again = blocks.button("Open the form", ids.OPEN_REPORT, blocks.cut(name, 1900), style="primary")
    return text, [blocks.section(text), blocks.actions(again)]


def _short(text: str) -> str:
    """Return a name or a sentence of somebody's, escaped, and cut where it would be a text."""
    return blocks.cut_markup(blocks.escape(text), _SHORT_LIMIT)


def _pages(incident: Incident, limit: int) -> str:
    names = ", ".join(
        blocks.link(each.url, each.page_name) if each.url else blocks.escape(each.page_name)
        for each in incident.publications
    )
    return blocks.cut_markup(names, limit)


def _standing_lines(standings: Sequence[Standing]) -> list[Block]:
    lines = [outcomes.line(standing) for standing in standings[:_SHOWN_STANDINGS]]
    if rest := len(standings) - len(lines):
        lines.append(f"And {rest} more pages.")
    return [blocks.section(blocks.cut_markup(line, _LINE_LIMIT)) for line in lines]


def _difference_lines(differences: Sequence[str]) -> list[Block]:
    lines = [f"⚠️ *The page differs:* {_short(one)}" for one in differences[:_SHOWN_DIFFERENCES]]
    if rest := len(differences) - len(lines):
        lines.append(f"⚠️ And {rest} more differences: have a look at the page.")
    return [blocks.section(line) for line in lines]


def _component_lines(components: Sequence[ShownComponent]) -> list[Block]:
    if not components:
        return []
    lines: list[str] = []
    room = _COMPONENTS_LIMIT
    for component in components[:_SHOWN_COMPONENTS]:
        held = f" (held by “{_short(component.held_by)}”)" if component.held_by else ""
        line = f"• {_short(component.name)}: *{component.status.label}*{held}"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    if rest := len(components) - len(lines):
        lines.append(f"• and {rest} more")
    return [blocks.section("\n".join(lines))]


def _clock(incident: Incident) -> str:
    if not incident.updated_at:
        return "Customers have not heard of it yet"
    said = f"Last public update {blocks.date(incident.updated_at)}"
    if incident.status is IncidentStatus.RESOLVED or not incident.due_at:
        return said
    return f"{said} · next due {blocks.date(incident.due_at)}"


def _buttons(incident: Incident, pages: int) -> list[Block]:
    buttons = []
    if incident.is_open:
        buttons += [
            blocks.button("Update", ids.UPDATE, incident.id, style="primary"),
            blocks.button("Resolve", ids.RESOLVE, incident.id),
        ]
    for publication in incident.publications[:pages]:
        if publication.url:
            name = f"View page: {publication.page_name}"
            text = name if len(incident.publications) > 1 else "View page"
            action_id = f"{ids.VIEW_PAGE}:{publication.id}"
            buttons.append(blocks.button(text, action_id, url=publication.url))
    return [blocks.actions(*buttons)] if buttons else []


def _proof(receipt: Receipt) -> str:
    page = _short(receipt.page_name)
    if receipt.url:
        page = blocks.link(receipt.url, receipt.page_name)
    told = "subscribers notified" if receipt.notified else "subscribers not notified"
    checked = "" if receipt.unread else "read back from the page, "
    return f"{page} · {checked}{_utc(receipt.published_at)} · {told}"


def _utc(instant: datetime) -> str:
    return f"{instant:%H:%M} UTC ({blocks.date(instant)})"


def _unread(receipt: Receipt) -> str:
    reason = _short(receipt.unread or "")
    return f"⚠️ *Published, but the page could not be read back:* {reason} Have a look at the page."
