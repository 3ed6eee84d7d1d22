"""Reminders: the question in the thread with the buttons that answer it, and the daily digest."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.deliveries import DirectMessage
from bot.domain.incidents import Incident
from bot.domain.maintenances import Maintenance
from bot.domain.reminders.digests import Digest
from bot.domain.reminders.ladders import Reminder, ReminderKind, ReminderOutcome, Rung
from bot.domain.subjects import Subject, in_short
from bot.domain.times import in_words
from bot.slack import blocks
from bot.slack.blocks import Block
from bot.slack.forms import ids
from bot.slack.forms.metadata import FormMetadata
from bot.slack.views import fields, lines
from bot.slack.views.lines import Message

_HEADS = {
    ReminderKind.UPDATE: "Update due",
    ReminderKind.BEFORE: "Maintenance ahead",
    ReminderKind.START: "Time to start",
    ReminderKind.ENDING: "On time?",
    ReminderKind.OVERRUN: "Overrun",
}
_RUNGS = {Rung.OWNER: "", Rung.CHANNEL: " · asked again", Rung.ESCALATION: " · escalated"}


def reminder(
    subject: Subject,
    remind: Reminder,
    snooze: Sequence[timedelta],
    outcome: ReminderOutcome | None = None,
) -> Message:
    """Return the question, who is asked, and what they can tap or what came of it."""
    title = _HEADS[remind.kind]
    head = f"{title.rstrip('?')}: {blocks.short(in_short(subject.name))}"
    asked = " ".join(lines.mention(person) for person in remind.people)
    words = blocks.short(remind.text, 2000)
    asking = blocks.section(f"⏰ *{title}*{_rung(remind)} {asked}".rstrip() + f"\n{words}")
    parts = [asking, *_below(subject.id, remind, snooze, outcome)]
    return f"{head}. {words}", parts


def question(
    message: DirectMessage,
    remind: Reminder,
    snooze: Sequence[timedelta],
    outcome: ReminderOutcome | None = None,
) -> Message:
    """Return the same for one person alone, who sees no parent message above it."""
    title = _HEADS[remind.kind].rstrip("?")
    name, words = blocks.short(message.title), blocks.short(message.text, 2000)
    asking = blocks.section(f"⏰ *{title}: {name}*{_rung(remind)}\n{words}")
    parts = [asking, *_below(message.subject_id, remind, snooze, outcome)]
    return f"{title}: {name}. {words}", parts


def digest(found: Digest) -> Message:
    """Return what has been open for long and what starts tomorrow."""
    parts = [
        blocks.section("🗓️ *Open and coming*"),
        *_listed("Open for longer than a day", found.open_long),
        *_listed("Starts tomorrow", found.starting),
    ]
    count = len(found.open_long)
    text = f"{count} open for longer than a day, {len(found.starting)} starting tomorrow"
    return text, parts


def hand_over(subject: Subject, metadata: FormMetadata) -> Block:
    """Return the form that asks who looks after a subject from now on."""
    element = {"type": "users_select", "placeholder": blocks.plain("Choose a person", 150)}
    parts = [
        blocks.section(f"*{blocks.short(subject.name)}*"),
        blocks.entry(ids.NEW_OWNER, "New owner", element),
        blocks.context("They are asked for the next update. The thread says who handed it over."),
    ]
    return fields.form(ids.HAND_OVER, "Hand over", parts, metadata, "Hand over")


def snooze(subject: Subject, spans: Sequence[timedelta], metadata: FormMetadata) -> Block:
    """Return the form that asks for how long the next question about a subject is put off."""
    options = _spans(subject.id, spans)
    parts = [
        blocks.section(f"*{blocks.short(subject.name)}*"),
        blocks.entry(ids.SPAN, "Snooze for", blocks.select(options, options[0]["value"])),
        blocks.context("Puts off the next reminder, and only that one. The thread says who did."),
    ]
    return fields.form(ids.SNOOZE, "Snooze", parts, metadata, "Snooze")


def _spans(subject_id: str, spans: Sequence[timedelta]) -> list[Block]:
    return [
        blocks.option(in_words(span), f"{subject_id}:{int(span.total_seconds())}") for span in spans
    ]


def _snooze_menu(subject_id: str, spans: Sequence[timedelta]) -> list[Block]:
    """Return the menu that puts off the next question, if there are spans to put it off for."""
    options = _spans(subject_id, spans)
    placeholder = blocks.plain("Snooze", 150)
    menu = blocks.select(options) | {"action_id": ids.SNOOZE, "placeholder": placeholder}
    return [menu] if options else []


def _below(
    subject_id: str,
    remind: Reminder,
    snooze: Sequence[timedelta],
    outcome: ReminderOutcome | None,
) -> list[Block]:
    """Return what came of a question, and what can be tapped as long as it is open."""
    parts = []
    if outcome:
        came = f"✅ *{blocks.short(outcome.text)}* · {lines.utc(outcome.at)}"
        parts.append(blocks.context(came))
    if not outcome or outcome.is_open:
        if remind.holding:
            said = f"*No change* publishes “{blocks.short(remind.holding)}”"
            parts.append(blocks.context(f"{said} Its time counts from the tap."))
        parts.append(blocks.actions(*_answers(subject_id, remind, snooze)))
    return parts


def _rung(remind: Reminder) -> str:
    """Say that it is asked again or higher up; not of the first question, whomever it asks."""
    first = remind.rung is Rung.CHANNEL and not remind.number
    return "" if first else _RUNGS[remind.rung]


def _answers(subject_id: str, remind: Reminder, snooze: Sequence[timedelta]) -> list[Block]:
    key = f"{subject_id}:{remind.turn}"
    take = blocks.button("Take over", ids.TAKE_OVER, subject_id)
    match remind.kind:
        case ReminderKind.UPDATE:
            own = [
                blocks.button("No change", ids.NO_CHANGE, key, style="primary"),
                blocks.button("Write update", ids.UPDATE, subject_id),
                blocks.button("Resolve", ids.RESOLVE, subject_id),
            ]
        case ReminderKind.BEFORE:
            own = [
                blocks.button("Post update", ids.POST_UPDATE, subject_id),
                blocks.button("Cancel", ids.CANCEL, subject_id),
            ]
        case ReminderKind.START:
            own = [
                blocks.button("Start now", ids.START_NOW, subject_id, style="primary"),
                blocks.button("Cancel", ids.CANCEL, subject_id),
            ]
        case _:
            own = [
                blocks.button("Complete", ids.COMPLETE_NOW, key, style="primary"),
                blocks.button("Extend 30", f"{ids.EXTEND_BY}:30", key),
                blocks.button("Extend 60", f"{ids.EXTEND_BY}:60", key),
                blocks.button("Turn into incident", ids.TURN, subject_id),
            ]
    return [*own, *_snooze_menu(subject_id, snooze), take]


def _listed(title: str, found: Sequence[Incident | Maintenance]) -> list[Block]:
    if not found:
        return []
    shown = [f"• {_line(subject)}" for subject in found[: lines.LISTED]]
    text = lines.bulleted([f"*{title}*", *shown], len(found) - len(shown))
    return [blocks.section(text)]


def _line(subject: Incident | Maintenance) -> str:
    name = blocks.short(in_short(subject.name), 150)
    began = subject.start if isinstance(subject, Maintenance) else subject.started_at
    owner = blocks.short(subject.owner_name, 60)
    return f"{name} · {subject.status.label} · since {blocks.date(began)} · {owner}"
