"""What a person writes and chooses in a view's fields, in the browser."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.playground.errors import ClientRefusal, Json
from bot.playground.people.fields import Field, Option, fields_of, options_in
from bot.playground.people.interactions import Interactions
from bot.playground.web.browser_requests import BadBrowserRequest, BrowserRequest
from bot.playground.workspace.records import OpenView, User

_PLACES = ("users_select", "channels_select", "conversations_select")
_READERS: dict[str, Callable[[str], datetime | date | time]] = {
    "datepicker": date.fromisoformat,
    "timepicker": time.fromisoformat,
    "datetimepicker": datetime.fromisoformat,
}
_FieldKey = tuple[str, str, str]  # view, block, action


class FieldWriter:
    """Writes into fields by the rules of `Person`; knows which options a search has offered."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions
        self._found: defaultdict[_FieldKey, dict[str, Option]] = defaultdict(dict)

    def write(self, user: User, field: Field, request: BrowserRequest) -> None:
        if "_input" in field.kind:
            field.fill(request.string("value"))
        elif field.kind in _READERS:
            field.pick(_parse_time(user, field, request.string("value")))
        elif field.kind.removeprefix("multi_") in _PLACES:
            ids = request.strings("value")
            workspace = self._interactions.workspace
            if not all(one in workspace.users or one in workspace.channels for one in ids):
                raise ClientRefusal("That is not among the options.")
            field.put_all(ids)
        else:
            known = self._offered(field)
            wanted = request.strings("value")
            if not all(value in known for value in wanted):
                raise ClientRefusal("That is not among the options.")
            field.choose([known[value] for value in wanted])

    async def search(self, user: User, field: Field, query: str) -> Json:
        """Asks the bot what an external select offers, as the typed text grows."""
        if "external" not in field.kind:
            raise BadBrowserRequest("that field is not searched")
        least = field.element.get("min_query_length", 3)
        if len(query) < least:
            return {"least": least}
        found = options_in(await self._interactions.suggest(user, field, query))
        self._found[field.open_view.id, *field.key].update({one.value: one for one in found})
        return {"options": [_entry(one) for one in found]}

    def _offered(self, field: Field) -> dict[str, Option]:
        offered = {one.value: one for one in options_in(field.element)}
        if "external" not in field.kind:
            return offered
        content = field.content if isinstance(field.content, list) else [field.content]
        chosen = options_in({"options": [one for one in content if one]})
        found = self._found[field.open_view.id, *field.key]
        return found | {one.value: one for one in chosen}


def field_at(open_view: OpenView, key: tuple[str, str]) -> Field:
    for field in fields_of(open_view):
        if field.key == key:
            return field
    raise ClientRefusal("That field is gone.")


def zone_of(user: User) -> tzinfo:
    """The person's time zone; without a zone database, the offset that Slack tells."""
    try:
        return ZoneInfo(user.tz)
    except ZoneInfoNotFoundError:
        return timezone(timedelta(seconds=user.tz_offset))


def local_time(user: User, instant: object) -> str | None:
    """What a datetimepicker shows to this person."""
    if not isinstance(instant, int):
        return None
    return f"{datetime.fromtimestamp(instant, zone_of(user)):%Y-%m-%dT%H:%M}"


def _parse_time(user: User, field: Field, text: str) -> datetime | date | time | None:
    if not text:
        return None
    try:
        when = _READERS[field.kind](text)
    except ValueError:
        raise ClientRefusal("That is no date and time.") from None
    return when.replace(tzinfo=zone_of(user)) if isinstance(when, datetime) else when


def _entry(option: Option) -> Json:
    return {
        "text": option.text,
        "value": option.value,
        "group": option.group,
        "description": option.description,
    }
