"""What a public text promises, and the text that promises anew when there is no news."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.incidents import Incident, IncidentStatus
from bot.domain.maintenances import Maintenance
from bot.domain.submissions import IncidentFields
from bot.domain.texts.time_grammar import (
    AMOUNT_IN_TEXT,
    TIME_OF_DAY,
    UTC_OFFSET,
    amount,
    time_of_day,
    utc_offset,
)
from bot.domain.times import following, in_utc, zone_named

_LONGEST = timedelta(hours=24)
"""A promise for later than this is none that a reminder should wait for."""
_NOON = 12
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
_EMPHASIS = re.compile("[*_`~]+")
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAY_OF_MONTH = "[0-9]{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"|(?:{_DAY_OF_MONTH}\s+{_MONTH}|{_MONTH}\s+{_DAY_OF_MONTH})\b(?:,?\s+[0-9]{{4}}\b)?)"
)
_ZONE = (
    "(?-i:[A-Z]{1,5})|[ecmp][sd]?t|cest|[ew]es?t|bst|ist|jst|kst|msk|hst"
    "|ak[sd]t|a[cew][sd]t|nz[sd]t"
)
"""A zone's short name: any in capitals, and those that people write in small letters too."""
_AT_ONCE = r"^(?:\s+(?:eta|time|is|due|expected|scheduled|planned))*[\s:(|→–—-]*"
"""What may stand between "Next update" and its time in a headline."""

_SPAN = re.compile(
    rf"(?:\b(?:in|within|every)\s+(?:the\s+next\s+)?(?:about\s+)?|{_AT_ONCE}){AMOUNT_IN_TEXT}",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?:\b(?:by|at|before|around|about|than|for|on):?\s+|{_AT_ONCE})"
    rf"(?:(?P<day_before>{_DATE}),?\s+(?:at\s+|by\s+)?)?{TIME_OF_DAY}"
    rf"(?:\s*\(?(?:{UTC_OFFSET}|(?P<zone>{_ZONE})\b)\)?)?"
    rf"(?:,?\s+(?:on\s+)?(?P<day_behind>today|tomorrow|{_DATE})\b)?",
    re.IGNORECASE,
)
_OTHER_DAY = (
    r"\b(?:tomorrow|yesterday|next\s+(?:week|month)"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b"
)
_BEFORE_IT = re.compile(_OTHER_DAY, re.IGNORECASE)
_BETWEEN = re.compile(rf"{_OTHER_DAY}|\b{_MONTH}\b|\b(?:not|never|was|were)\b|[0-9]", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?<!a\.m)(?<!p\.m)[.!?](?=\s|$)|(?<!:)\n\s*\n|\n(?=[\s>#+-]{0,12}(?-i:[A-Z]))", re.IGNORECASE
)
_FEW = r"(?:[0-9]|(?:an|one|two|three|four|more)\b|a\s+(?:half|few|couple|day)\b)"
_SPAN_GOES_ON = re.compile(
    rf"\w|[.,:][0-9]|\s+[0-9]|\s*(?:[&+–—-]|(?:to|or|and)\b)\s*{_FEW}"
    r"|\s+(?:after|of|past|before|from(?!\s+now\b)|ago|if|unless|once)\b",
    re.IGNORECASE,
)
_CLOCK_GOES_ON = re.compile(
    r"\w|[.:][0-9]|\s*(?:[&+±\N{MINUS SIGN}–—-]|(?:to|till?|until|or|and)\b)\s*[0-9]"
    rf"|[^\S\n]*(?-i:[A-Z])|[^.,;()\n]*?{_OTHER_DAY}",
    re.IGNORECASE,
)
_ZONE_GOES_ON = re.compile(
    r"\s*/|\s*\((?-i:[A-Z])|(?!\s+local)(?:\s+[a-z]+){1,2}\s+time\b", re.IGNORECASE
)
_LATER_HALF = re.compile(r"[^.,;()\n]*?\b(?:afternoon|evening|tonight|night)\b", re.IGNORECASE)

_STILL = {
    IncidentStatus.INVESTIGATING: "We are still investigating this.",
    IncidentStatus.IDENTIFIED: "We are still working on a fix.",
    IncidentStatus.MONITORING: "We are still monitoring the fix.",
}


def promised(text: str, now: datetime, zone: str) -> datetime | None:
    """Return when a public text promises the next update, as a UTC instant; None when unsure.

    Only what is said of an update counts, within a day. A time of day without a zone is one of
    `zone`; what names a zone by a word that neither is UTC nor holds there now, another day, or a
    span of which only a part was understood is no promise. Of several the first to fall due counts.
    """
    plain = _EMPHASIS.sub("", text)
    if not _UPDATE.search(plain):
        return None  # most texts promise nothing, and taking them apart is the dearer part
    found = [at for sentence in _SENTENCE.split(plain) for at in _within(sentence, now, zone)]
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
    read = _span if match.re is _SPAN else _clock
    at = read(match, rest[match.end() :], now, zone)
    if at and now < at <= now + _LONGEST:
        yield at


def _span(match: re.Match[str], behind: str, now: datetime, _zone: str) -> datetime | None:
    return None if _SPAN_GOES_ON.match(behind) else now + amount(match)


def _clock(match: re.Match[str], behind: str, now: datetime, zone: str) -> datetime | None:
    at, offset = time_of_day(match), utc_offset(match)
    named_zone, day = (match["zone"] or "").upper(), match["day_before"] or match["day_behind"]
    if not at or _CLOCK_GOES_ON.match(behind):
        return None
    if not (offset or named_zone) and _ZONE_GOES_ON.match(behind):
        return None
    if at.hour < _NOON and not match["half"] and _LATER_HALF.match(behind):
        return None
    place = offset or zone_named(zone)
    instants = following(at, place, now)
    if len(instants) != 1 or instants[0] > now + (_LONGEST if day else _AHEAD):
        return None
    shown = instants[0].astimezone(place)
    is_there = named_zone in ("", shown.tzname())
    return instants[0] if is_there and _is_that_day(day, shown, now.astimezone(place)) else None


def _is_that_day(named: str | None, shown: datetime, today: datetime) -> bool:
    """Say whether the day in words, if there is one, is the day of `shown`."""
    words = (named or "").lower()
    ahead = {"": None, "today": 0, "tomorrow": 1}
    if words in ahead:
        return ahead[words] in (None, (shown.date() - today.date()).days)
    parts = {each.lstrip("0") for each in re.findall(r"[0-9]+|\b[a-z]{3}", words)}
    date = {str(shown.day), f"{shown:%b}".lower()}
    return words == f"{shown:%Y-%m-%d}" or parts - {str(shown.year)} == date


def _round(at: datetime, silence: timedelta) -> datetime:
    """Return `at` rounded up to a time that reads well: five minutes, or one in a hurry."""
    step = timedelta(minutes=5 if silence >= timedelta(minutes=15) else 1)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - (midnight - at) // step * step
