"""A person in front of a view: reads it, fills it, clicks in it, submits it."""

from abc import ABC, abstractmethod
from datetime import date, datetime, time
from typing import overload

from bot.playground.block_kit.displayed_text import read, shown_texts
from bot.playground.block_kit.element_state import apply_action
from bot.playground.errors import ClientRefusal, Json
from bot.playground.people.clicks import find_click
from bot.playground.people.fields import (
    IN_GROUP,
    Field,
    Option,
    Value,
    fields_of,
    find_field,
    find_incomplete,
    options_in,
    pick_option,
)
from bot.playground.people.interactions import Interactions, SubmitResult
from bot.playground.workspace.journal import Ack
from bot.playground.workspace.records import OpenView, User
from bot.playground.workspace.serialisation import serialise_view


class Surface(ABC):
    """A view on somebody's screen, always as it stands now."""

    def __init__(self, user: User, interactions: Interactions) -> None:
        self._user = user
        self._interactions = interactions

    @property
    @abstractmethod
    def open_view(self) -> OpenView:
        """What Slack has of it at this moment."""

    @property
    def view(self) -> Json:
        return serialise_view(self._interactions.workspace, self.open_view)

    @property
    def view_id(self) -> str:
        return self.open_view.id

    @property
    def labels(self) -> list[str]:
        """The labels of the input blocks, from top to bottom."""
        blocks = self.open_view.blocks
        return [read(one["label"]["text"]) for one in blocks if one["type"] == "input"]

    @property
    def text(self) -> str:
        """Everything that stands on the view."""
        body = self.open_view.body
        parts = [body.get("title"), body["blocks"], body.get("submit"), body.get("close")]
        return "\n".join(shown_texts(parts, self._interactions.workspace.name_of))

    def value(self, label: str) -> Value:
        return self._field(label).shown()

    async def options(self, label: str, query: str = "") -> list[Option]:
        """What the select offers; an external one asks the bot."""
        field = self._field(label)
        if "external" not in field.kind:
            return options_in(field.element)
        least = field.element.get("min_query_length", 3)
        if len(query) < least:
            raise ClientRefusal(f"{label!r} searches from {least} characters on, not for {query!r}")
        return options_in(await self._interactions.suggest(self._user, field, query))

    def fill(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    async def enter(self, label: str, text: str) -> Ack | None:
        """Types and presses Enter, which an input with `dispatch_action` sends to the bot."""
        self.fill(label, text)
        return await self._changed(self._field(label))

    async def choose(self, label: str, *names: str) -> Ack | None:
        """Chooses options by text, by path (group and text) or by value, in place of the old."""
        field = self._field(label)
        workspace = self._interactions.workspace
        if "users_select" in field.kind:
            field.put_all([workspace.user(name).id for name in names])
        elif "channels_select" in field.kind or "conversations_select" in field.kind:
            field.put_all([workspace.channel(name).id for name in names])
        else:
            field.choose([await self._search(label, name) for name in names])
        return await self._changed(field)

    async def _search(self, label: str, name: str) -> Option:
        found = await self.options(label, name.rpartition(IN_GROUP)[2])
        if not any(one.is_called(name) for one in found):
            least = self._field(label).element.get("min_query_length", 3)
            found = await self.options(label) if least == 0 else found
        return pick_option(found, name)

    async def tick(self, label: str, on: bool = True) -> Ack | None:  # noqa: FBT001, FBT002 - reads as a tick
        """Ticks a box, named by its own text or, if it is alone, by its label."""
        for field in fields_of(self.open_view):
            if field.kind != "checkboxes":
                continue
            options = options_in(field.element)
            own = [one for one in options if one.text == label]
            if own or (field.label == label and len(options) == 1):
                field.tick((own or options)[0], on=on)
                return await self._changed(field)
        raise ClientRefusal(f"no box is called {label!r}; on the screen: {self.text!r}")

    async def pick(self, label: str, when: datetime | date | time | None) -> Ack | None:
        field = self._field(label)
        field.pick(when)
        return await self._changed(field)

    async def click(self, text: str) -> Ack:
        """Clicks a button, or an item of an overflow menu, by its text."""
        open_view = self.open_view
        action = find_click(open_view.blocks, text)
        if action is None:
            raise ClientRefusal(f"no button {text!r}; on the screen: {self.text!r}")
        apply_action(open_view.values, action)
        return await self._interactions.click_in_view(self._user, open_view, action)

    async def _changed(self, field: Field) -> Ack | None:
        if not field.dispatches:
            return None
        return await self._interactions.click_in_view(self._user, field.open_view, field.action())

    def _field(self, label: str) -> Field:
        return find_field(self.open_view, label)


class Home(Surface):
    """The Home tab of the bot, as one person sees it."""

    @property
    def open_view(self) -> OpenView:
        open_view = self._interactions.workspace.open_views.homes.get(self._user.id)
        if open_view is None:
            raise ClientRefusal(f"{self._user.name} sees an empty Home tab")
        return open_view


class Modal(Surface):
    """The top of one person's stack of modals."""

    @property
    def open_view(self) -> OpenView:
        open_view = self._interactions.workspace.open_views.top(self._user.id)
        if open_view is None:
            raise ClientRefusal(f"no modal is open for {self._user.name}")
        return open_view

    @property
    def is_open(self) -> bool:
        return self._interactions.workspace.open_views.top(self._user.id) is not None

    @property
    def title(self) -> str:
        return read(self.open_view.body["title"]["text"])

    @property
    def submit_label(self) -> str | None:
        submit = self.open_view.body.get("submit")
        return read(submit["text"]) if submit else None

    @overload
    async def submit(self) -> SubmitResult: ...
    @overload
    async def submit(self, times: int) -> list[SubmitResult]: ...
    async def submit(self, times: int | None = None) -> SubmitResult | list[SubmitResult]:
        """Presses the submit button; with `times`, the same payload arrives so often at once."""
        open_view = self.open_view
        if self.submit_label is None:
            raise ClientRefusal(f"{self.title!r} has no button to submit it")
        if complaints := [f"{field.label}: {what}" for field, what in find_incomplete(open_view)]:
            raise ClientRefusal("; ".join(complaints))
        done = await self._interactions.submit(self._user, open_view, times or 1)
        return done[0] if times is None else done

    async def close(self, *, everything: bool = False) -> None:
        """Presses Cancel, or with `everything` the cross that closes the whole stack."""
        await self._interactions.close(self._user, self.open_view, everything=everything)
