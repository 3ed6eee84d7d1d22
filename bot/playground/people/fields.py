"""Fields of a view, found by what stands on the screen, and what may be put into them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bot.playground.block_kit.composition_objects import offered
from bot.playground.block_kit.displayed_text import read, unescape
from bot.playground.block_kit.element_state import is_many, stateful_elements, value_key
from bot.playground.errors import ClientRefusal, Json
from bot.playground.workspace.records import OpenView

Value = str | list[str] | datetime | None
IN_GROUP = " › "  # noqa: RUF001 - the sign between a group and its option


@dataclass(frozen=True)
class Option:
    """One entry of a select as the person sees it."""

    text: str
    value: str
    group: str | None
    description: str | None
    raw: Json

    @property
    def path(self) -> str:
        return f"{self.group}{IN_GROUP}{self.text}" if self.group else self.text

    def is_called(self, name: str) -> bool:
        return name in (self.text, self.value, self.path)


@dataclass(frozen=True)
class Field:
    """One element that holds a value, under its label."""

    block: Json
    element: Json
    label: str
    open_view: OpenView

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def key(self) -> tuple[str, str]:
        return self.block["block_id"], self.element["action_id"]

    @property
    def state(self) -> Json:
        block_id, action_id = self.key
        state: Json = self.open_view.values[block_id][action_id]
        return state

    @property
    def content(self) -> object:
        return self.state[value_key(self.element)]

    @property
    def dispatches(self) -> bool:
        """Whether a change is sent to the bot at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))

    @property
    def is_required(self) -> bool:
        return self.block["type"] == "input" and not self.block.get("optional")

    def put(self, content: object) -> None:
        self.state[value_key(self.element)] = content

    def put_all(self, contents: list[Any]) -> None:
        """Puts all of them, or the first into an element that holds one."""
        self.put(contents if is_many(self.element) else next(iter(contents), None))

    def action(self) -> Json:
        """The entry of `actions` that a change of this field sends."""
        block_id, action_id = self.key
        return {**self.state, "block_id": block_id, "action_id": action_id}

    def fill(self, text: str) -> None:
        """Types into a text input; refuses what Slack's window would not take."""
        if "_input" not in self.kind:
            raise ClientRefusal(f"{self.label!r} is a {self.kind}, nothing can be typed into it")
        most = self.element.get("max_length", 3000)
        if len(text) > most:
            raise ClientRefusal(f"{self.label!r} takes {most} characters, not {len(text)}")
        single = self.kind == "plain_text_input" and not self.element.get("multiline")
        if single and "\n" in text:
            raise ClientRefusal(f"{self.label!r} has one line only")
        self.put(text or None)

    def choose(self, chosen: list[Option]) -> None:
        if not is_many(self.element) and len(chosen) > 1:
            raise ClientRefusal(f"{self.label!r} takes one option")
        most = self.element.get("max_selected_items", 1000)
        if len(chosen) > most:
            raise ClientRefusal(f"{self.label!r} takes at most {most} options")
        self.put_all([one.raw for one in chosen])

    def tick(self, option: Option, *, on: bool) -> None:
        content = self.content
        ticked = {one["value"] for one in content} if isinstance(content, list) else set()
        ticked = ticked | {option.value} if on else ticked - {option.value}
        self.put([one for one in offered(self.element) if one["value"] in ticked])

    def pick(self, when: datetime | date | time | None) -> None:
        match self.kind, when:
            case _, None:
                self.put(None)
            case "datetimepicker", datetime(tzinfo=None):
                raise ClientRefusal("a datetimepicker takes an instant: give the datetime a zone")
            case "datetimepicker", datetime():
                self.put(int(when.timestamp()))
            case "datepicker", date():
                self.put(f"{when:%Y-%m-%d}")
            case "timepicker", time():
                self.put(f"{when:%H:%M}")
            case _:
                raise ClientRefusal(f"{self.label!r} is a {self.kind}, {when!r} does not fit")

    def shown(self) -> Value:
        content = self.content
        if self.kind == "datetimepicker" and isinstance(content, int):
            return datetime.fromtimestamp(content, UTC)
        if isinstance(content, list):
            return [_shown(one) for one in content]
        return None if content is None else _shown(content)


def _shown(content: object) -> str:
    if isinstance(content, dict) and "text" in content:
        return unescape(content["text"]["text"])
    return str(content)


def fields_of(open_view: OpenView) -> list[Field]:
    return [
        Field(block, element, _label(block, element), open_view)
        for block, element in stateful_elements(open_view.blocks)
    ]


def _label(block: Json, element: Json) -> str:
    if block["type"] == "input":
        return read(block["label"]["text"])
    if block["type"] == "section" and "text" in block:
        return read(block["text"]["text"])
    return read(element.get("placeholder", {}).get("text", ""))


def find_field(open_view: OpenView, label: str) -> Field:
    fields = fields_of(open_view)
    found = [one for one in fields if one.label == label]
    if len(found) != 1:
        names = [one.label for one in fields]
        raise ClientRefusal(f"{len(found)} fields are labelled {label!r}; on the screen: {names}")
    return found[0]


def options_in(holder: Json) -> list[Option]:
    """The options of an element or of the bot's answer to a search."""
    found = [_option(one, None) for one in holder.get("options") or []]
    for group in holder.get("option_groups") or []:
        label = unescape(group["label"]["text"])
        found += [_option(one, label) for one in group["options"]]
    return found


def _option(raw: Json, group: str | None) -> Option:
    described = raw.get("description")
    description = unescape(described["text"]) if described else None
    return Option(unescape(raw["text"]["text"]), raw["value"], group, description, raw)


def pick_option(options: list[Option], name: str) -> Option:
    found = [one for one in options if one.is_called(name)]
    if len(found) != 1:
        texts = [one.path for one in options]
        raise ClientRefusal(f"{len(found)} options are called {name!r}; offered: {texts}")
    return found[0]


def find_incomplete(open_view: OpenView) -> Iterator[tuple[Field, str]]:
    """What Slack's window complains of before it sends a submission."""
    for field in fields_of(open_view):
        content = field.content
        if field.is_required and content in (None, "", []):
            yield field, "please complete this required field"
        least = field.element.get("min_length", 0)
        if isinstance(content, str) and 0 < len(content) < least:
            yield field, f"at least {least} characters"
