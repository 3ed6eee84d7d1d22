"""What a public text promises, and the text that promises anew when there is no news."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Maintenance
from bot.domain.submissions import IncidentFields
from bot.domain.time_grammar import AMOUNT_IN_TEXT, TIME_OF_DAY, amount, time_of_day
from bot.domain.times import following, in_utc, wall_time, zone_named

_LONGEST = timedelta(hours=24)
"""A promise for later than this is none that a reminder should wait for."""
_AHEAD = timedelta(hours=12)
"""A time of day further ahead than this was more likely meant for the past."""

_UPDATE = re.compile(
    r"(?<!\bno )\b(?:(?:next|another|further|more)\s+(?:status\s+)?updates?\b"
    r"|(?:will|shall|’ll|'ll)\s+(?:also\s+|be\s+)?(?:"
    r"updat(?:e|ing)\s+(?:you|again|here|everyone|customers|this|by|in|at|within|every|before)\b"
    r"|(?:post|shar|provid|giv|send|publish|hav|issu)(?:e|ing)?\s+(?:you\s+)?"
    r"(?:(?:an?|our|the|regular|more|next)\s+)*updates?\b"
    r"|(?:report|check)\s+back\b|post\s+again\b))",
    re.IGNORECASE,
)
_UTC = ("UTC", "GMT", "Z")
_SPAN = re.compile(
    rf"\b(?:in|within|every)\s+(?:the\s+next\s+)?(?:about\s+)?{AMOUNT_IN_TEXT}", re.IGNORECASE
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_CLOCK = re.compile(
    rf"\b(?:by|at|before|around)\s+{TIME_OF_DAY}"
    r"(?:\s*(?P<zone>(?-i:Z|[A-Z]{3,5})|utc|gmt)\b)?"
    rf"(?:\s+(?:(?P<day>today|tomorrow)|on\s+(?P<date>[0-9]{{1,2}}\s+(?:{_MONTHS})))\b)?",
    re.IGNORECASE,
)
_OTHER_DAY = r"\b(?:tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
_BEFORE_IT = re.compile(_OTHER_DAY, re.IGNORECASE)
_BETWEEN = re.compile(rf"{_OTHER_DAY}|\b(?:{_MONTHS}|not|never|was|were)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<!a\.m)(?<!p\.m)[.!?](?=\s|$)|\n\s*\n", re.IGNORECASE)

_STILL = {
    IncidentStatus.INVESTIGATING: "We are still investigating this.",
    IncidentStatus.IDENTIFIED: "We are still working on a fix.",
    IncidentStatus.MONITORING: "We are still monitoring the fix.",
}


def promised(text: str, now: datetime, zone: str) -> datetime | None:
    """Return when a public text promises the next update, as a UTC instant; None when unsure.

    Only what is said of an update counts, within a day. A time of day without a zone is one of
    `zone`; with a zone that is neither UTC nor that one, or with another day, nothing is taken. Of
    several promises the first to fall due counts.
    """
    if not _UPDATE.search(text):
        return None  # most texts promise nothing, and taking them apart is the dearer part
    found = [at for sentence in _SENTENCE.split(text) for at in _within(sentence, now, zone)]
    return min(found, default=None)


def chosen(fields: IncidentFields, now: datetime) -> datetime | None:
    """Return when a form promises the next update: by its field, else by its text."""
    if fields.status is IncidentStatus.RESOLVED:
        return None
    if fields.next_update:
        return now + timedelta(minutes=fields.next_update)
    return promised(fields.message, now, fields.zone) if fields.by_text else None


def holding(
    subject: Incident | Maintenance, silence: timedelta, now: datetime
) -> tuple[str, datetime]:
    """Return the text that says "no change", and the instant of the next update promised in it."""
    due = _round(now + silence, silence)
    still = "We are still working on this."
    if isinstance(subject, Maintenance):
        still = "The maintenance is still in progress."
        if now >= subject.ends_at:
            still = "The maintenance is taking longer than planned."
    else:
        still = _STILL.get(subject.status, still)
    return f"{still} Next update by {in_utc(due, now)}.", due


def _within(sentence: str, now: datetime, zone: str) -> Iterator[datetime]:
    said = _UPDATE.search(sentence)
    if not said:
        return
    rest = sentence[said.end() :]
    found = [each for each in (_SPAN.search(rest), _CLOCK.search(rest)) if each]
    match = min(found, key=lambda each: each.start(), default=None)
    if not match or _BEFORE_IT.search(sentence, 0, said.start()):
        return
    if _BETWEEN.search(rest, 0, match.start()):
        return
    at = now + amount(match) if match.re is _SPAN else _clock(match, now, zone)
    if at and now < at <= now + _LONGEST:
        yield at


def _clock(match: re.Match[str], now: datetime, zone: str) -> datetime | None:
    at = time_of_day(match)
    name = (match["zone"] or "").upper()
    if name in _UTC:
        zone, name = "UTC", ""
    instants = following(at, zone, now) if at else ()
    if len(instants) != 1 or instants[0] > now + _AHEAD:
        return None
    shown = instants[0].astimezone(zone_named(zone))
    is_there = name in ("", shown.tzname())
    return instants[0] if is_there and _is_that_day(match, shown, wall_time(now, zone)) else None


def _is_that_day(match: re.Match[str], shown: datetime, today: datetime) -> bool:
    """Say whether the day in words, if there is one, is the day of `shown`."""
    if match["date"]:
        return match["date"].lower().split() == f"{shown.day} {shown:%B}".lower().split()
    ahead = (shown.date() - today.date()).days
    return {"today": 0, "tomorrow": 1}.get((match["day"] or "").lower(), ahead) == ahead


def _round(at: datetime, silence: timedelta) -> datetime:
    """Return `at` rounded up to a time that reads well: five minutes, or one in a hurry."""
    step = timedelta(minutes=5 if silence >= timedelta(minutes=15) else 1)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (midnight - at) // step * step
