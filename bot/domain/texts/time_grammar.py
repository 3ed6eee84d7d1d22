"""How a duration and a time of day are written: in settings, commands and public texts."""

import re
from datetime import time, timedelta, timezone

_SYMBOLS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DAYS, _HOURS, _MINUTES = "d(?:ays?)?", "h(?:(?:ou)?rs?)?", "m(?:in(?:ute)?s?)?"
_NUMBER = "[0-9]{1,4}"
_AND = r"\s*(?:(?:,|&|and\b)\s*)?"
_AMOUNT = rf"{_NUMBER}\s*(?:{_DAYS}|{_HOURS}|{_MINUTES})"
_WORDS = {
    "a": 1,
    "an": 1,
    "the": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
}
_NOON = 12
_LEAD = r"(?:\+|(?:until|till|to|by|for)\s)\s*"
_UTC = "utc|gmt|z"
_NUMBER_IN_TEXT = rf"{_NUMBER}(?:\.[0-9]{{1,2}})?|{'|'.join(_WORDS)}"

AMOUNT_IN_TEXT = (
    r"(?:(?P<half>half\s+an\s+hour\b)"
    rf"|(?P<hours>{_NUMBER_IN_TEXT})(?P<half_before>\s+and\s+a\s+half)?\s*{_HOURS}(?![a-z])"
    r"(?P<half_behind>\s+and\s+a\s+half\b)?"
    rf"(?:{_AND}(?P<rest>{_NUMBER_IN_TEXT})\s*{_MINUTES}(?![a-z]))?"
    rf"|(?P<minutes>{_NUMBER_IN_TEXT})\s*{_MINUTES}(?![a-z]))"
)
"""Matches "30 min", "an hour and a half" or "1 hour 30 minutes", for `amount`, in any case."""
TIME_OF_DAY = (
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?"
    rf"(?:\s*(?P<half>[ap])\.?m(?=\b|(?:{_UTC})\b)\.?)?"
)
"""Matches "14:30", "2 pm" or "2 p.m.", for `time_of_day`, and a bare hour, which is none."""
UTC_OFFSET = (
    rf"(?P<utc>{_UTC})\b"
    r"(?:\s?(?P<sign>\+\s?|[\N{MINUS SIGN}-])(?P<ahead>0?[0-9]|1[0-4])"
    r"(?::?(?P<odd>00|15|30|45))?(?![0-9:]))?"
)
"""Matches "UTC", "GMT", "Z" or "UTC+1", "UTC -03:30", for `utc_offset`, in any case."""

_SETTING = re.compile(rf"(?P<number>[0-9]{{1,6}})\s*(?P<symbol>{'|'.join(_SYMBOLS)})")
_SPAN = re.compile(
    rf"(?:(?P<days>{_NUMBER})\s*{_DAYS}{_AND})?"
    rf"(?:(?P<hours>{_NUMBER})\s*{_HOURS}{_AND})?"
    rf"(?:(?P<minutes>{_NUMBER})\s*(?:{_MINUTES})?)?",
    re.IGNORECASE,
)
_TYPED_TIME = re.compile(rf"{TIME_OF_DAY}\s*(?:{UTC_OFFSET})?", re.IGNORECASE)
_TYPED_LEAD = re.compile(rf"^\s*{_LEAD}", re.IGNORECASE)
_END = re.compile(
    rf"(?:^|(?<=\s))(?:{_LEAD})?"
    # Of times of day all but a bare hour, which more likely is a word of the name.
    rf"(?:{_AMOUNT}(?:{_AND}{_AMOUNT}){{0,2}}|{TIME_OF_DAY}(?(minute)|(?(half)|(?!)))(?:\s*{UTC_OFFSET})?)$"
    rf"|^\+?{_NUMBER}$",
    re.IGNORECASE,
)


def setting_duration(text: str) -> timedelta | None:
    """Return the duration that a setting names in one unit: "500ms", "90s"; None for any other."""
    match = _SETTING.fullmatch(text.strip())
    return timedelta(**{_SYMBOLS[match["symbol"]]: int(match["number"])}) if match else None


def setting_time(text: str) -> time | None:
    """Return the time of day that a setting names, as "09:00"; None for any other."""
    match = _TYPED_TIME.fullmatch(text.strip())
    return time_of_day(match) if match and not (match["half"] or match["utc"]) else None


def typed_duration(text: str) -> timedelta | None:
    """Return the duration that somebody typed: "1h30m", "2 hours", "45"; None for any other."""
    match = _SPAN.fullmatch(text)
    if not match:
        return None
    return timedelta(**{unit: int(number) for unit, number in match.groupdict("0").items()})


def typed_time(text: str) -> tuple[time, timezone | None] | None:
    """Return the time of day that somebody typed, and the zone that they named; None for any other.

    "14:30" and "2 pm" are such, and "14:30 UTC", "14:30Z" or "14:30 UTC+1".
    """
    match = _TYPED_TIME.fullmatch(text)
    at = time_of_day(match) if match else None
    return (at, utc_offset(match)) if match and at else None


def without_lead(text: str) -> str:
    """Return what was typed without the word that leads to an end: "until", "for", "+"."""
    return _TYPED_LEAD.sub("", text).strip()


def split_end(text: str) -> tuple[str, str]:
    """Return the words and, behind them, the end that were typed, if it only looks like one."""
    found = _END.search(text)
    return (text[: found.start()].strip(), " ".join(found[0].split())) if found else (text, "")


def amount(match: re.Match[str]) -> timedelta:
    """Return the duration that `AMOUNT_IN_TEXT` matched."""
    half = any(match[name] for name in ("half", "half_before", "half_behind"))
    hours = _number(match["hours"]) + (0.5 if half else 0)
    return timedelta(hours=hours, minutes=_number(match["rest"]) + _number(match["minutes"]))


def utc_offset(match: re.Match[str]) -> timezone | None:
    """Return the zone that `UTC_OFFSET` matched; None when it was left out."""
    if not match["utc"]:
        return None
    ahead = timedelta(hours=int(match["ahead"] or 0), minutes=int(match["odd"] or 0))
    return timezone(ahead if (match["sign"] or "+").startswith("+") else -ahead)


def time_of_day(match: re.Match[str]) -> time | None:
    """Return the time that `TIME_OF_DAY` matched; None when no clock shows it."""
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= _NOON:
        return None
    if not half and match["minute"] is None:
        return None
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    try:
        return time(hour, int(match["minute"] or 0))
    except ValueError:
        return None


def _number(word: str | None) -> float:
    word = (word or "0").lower()
    return _WORDS.get(word) or float(word)
