"""Wall times and instants: what a clock on somebody's wall shows, and when that is."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.texts.time_grammar import typed_duration, typed_time, without_lead
from bot.errors import FormError

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_YEAR = 365.25


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name; UTC when there is none, see `caveat`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def caveat(name: str) -> str | None:
    """Return the sentence to show beside times in zone `name` when nobody knows that zone."""
    if zone_named(name).key == name:
        return None
    return f"Foghorn does not know the time zone “{name}”, so these times are in UTC."


def instant(wall: datetime, zone: str, field: str = "starts") -> datetime:
    """Return the UTC instant at which a clock in `zone` shows the naive time `wall`.

    Raise FormError for `field` when it never does, or does twice because clocks go back.
    """
    if problem := _problem(wall, zone_named(zone)):
        raise FormError({field: problem})
    return _meanings(wall, zone_named(zone))[0]


def wall_time(at: datetime, zone: str) -> datetime:
    """Return the naive time that a clock in `zone` shows at the instant `at`."""
    return at.astimezone(zone_named(zone)).replace(tzinfo=None, fold=0)


def typed(text: str, zone: str, now: datetime, ends: datetime) -> datetime:
    """Return the end that somebody writes behind `/maintenance extend`.

    A span ("30m", "1h30m", "45") counts from the planned end `ends`, or from now once that is past;
    a time of day is the next one after `now` in `zone`. Raise FormError for "ends" otherwise.
    """
    words = without_lead(text)
    if span := typed_duration(words):
        return _whole_minutes(max(ends, now)) + span
    if found := typed_time(words):
        at, named = found
        return _next(at, named or zone_named(zone), now)
    raise FormError(
        {
            "ends": f"“{text.strip()[:40]}” is neither a span nor a time. Write how much longer it "
            "takes (30m, 2h, 1h30m) or when it ends (14:30, or 14:30 UTC)."
        }
    )


def in_words(span: timedelta) -> str:
    """Return how long `span` is, rounded down, as a person says it: "2 h 5 min"."""
    minutes = max(span, timedelta()) // _MINUTE
    hours, rest = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if days >= 2 * _YEAR:
        return f"{int(days / _YEAR)} years"
    if days > 1:
        return f"{days} days"
    if days:
        return f"1 day {hours_left} h" if hours_left else "1 day"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def day(at: datetime) -> str:
    """Return the day of an instant in UTC: "27 Nov 2026"."""
    return _day(at.astimezone(UTC))


def utc(at: datetime) -> str:
    """Return an instant with its day, as Foghorn writes it everywhere: "27 Nov 2026, 20:30 UTC"."""
    return f"{day(at)}, {clock(at)}"


def in_utc(at: datetime, now: datetime) -> str:
    """Return an instant as customers read it: "14:30 UTC", with its day when that is not today."""
    return clock(at) if day(at) == day(now) else utc(at)


def clock(at: datetime) -> str:
    """Return the time of day of an instant: "20:30 UTC"."""
    return f"{at.astimezone(UTC):%H:%M} UTC"


def window(starts: datetime, ends: datetime) -> str:
    """Return a window in UTC: "27 Nov 2026, 20:30 to 22:00 UTC"."""
    until = clock(ends) if day(starts) == day(ends) else utc(ends)
    return f"{utc(starts).removesuffix(' UTC')} to {until}"


def following(at: time, place: tzinfo, now: datetime) -> tuple[datetime, ...]:
    """Return the instants after `now` at which a clock in `place` next shows `at`.

    They are two on a day when clocks go back over it, and none when the next day skips it.
    """
    return _following(at, place, now)[1]


def daily(at: time, zone: str, now: datetime) -> datetime:
    """Return the next instant after `now` for something that happens once a day in `zone`.

    That is when clocks are put forward on a day without this time, and only the first of two.
    """
    place = zone_named(zone)
    wall = datetime.combine(wall_time(now, zone), at)
    while (due := (*_meanings(wall, place), _change(wall, place))[0]) <= now:
        wall += _DAY
    return due


def _following(at: time, place: tzinfo, now: datetime) -> tuple[datetime, tuple[datetime, ...]]:
    wall = datetime.combine(_shown(now, place), at)
    while True:
        meanings = _meanings(wall, place)
        later = tuple(each for each in meanings if each > now)
        if later or (not meanings and _change(wall, place) > now):
            return wall, later
        wall += _DAY


def _next(at: time, place: tzinfo, now: datetime) -> datetime:
    wall, found = _following(at, place, now)
    if len(found) == 1:
        return found[0]
    problem = _problem(wall, place) or ""
    in_utc_then = " or ".join(f"{each:%H:%M} UTC" for each in found)
    raise FormError({"ends": f"{problem} Or write {in_utc_then}." if found else problem})


def _whole_minutes(at: datetime) -> datetime:
    down = at.replace(second=0, microsecond=0)
    return down if down == at else down + _MINUTE


def _meanings(wall: datetime, place: tzinfo) -> tuple[datetime, ...]:
    """Return the instants at which a clock shows `wall`, in their order."""
    found = {wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(at for at in found if at.astimezone(place).replace(tzinfo=None) == wall))


def _problem(wall: datetime, place: tzinfo) -> str | None:
    meanings = _meanings(wall, place)
    if len(meanings) == 1:
        return None
    change = _change(wall, place)
    old, new = (_shown(at, place) for at in (change - timedelta(seconds=1), change))
    old += timedelta(seconds=1)
    first, last = (_clock(each, wall) for each in (min(old, new) - _MINUTE, max(old, new)))
    choose = f"Choose {first} or earlier, or {last} or later."
    what = f"{_day(wall)}, {wall:%H:%M}"
    if not meanings:
        clocks = f"clocks go from {_clock(old, wall)} to {_clock(new, wall)}"
        return f"{what} does not exist in {place}: {clocks}. {choose}"
    twice = " and ".join(f"as {at:%H:%M} UTC ({at.astimezone(place):%Z})" for at in meanings)
    return f"{what} exists twice in {place}: {twice}. {choose}"


def _change(wall: datetime, place: tzinfo) -> datetime:
    """Return the instant of the clock change which makes `wall` exist twice or not at all."""
    sides = [wall.replace(tzinfo=place, fold=fold).utcoffset() or timedelta() for fold in (0, 1)]
    early, late = ((wall - side).replace(tzinfo=UTC) for side in (max(sides), min(sides)))
    before = early.astimezone(place).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) // 2).replace(microsecond=0)
        if middle.astimezone(place).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _shown(at: datetime, place: tzinfo) -> datetime:
    return at.astimezone(place).replace(tzinfo=None, fold=0)


def _clock(at: datetime, beside: datetime) -> str:
    return f"{at:%H:%M}" if at.date() == beside.date() else f"{_day(at)}, {at:%H:%M}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
