"""Everybody's open views: stacks of modals and Home tabs."""

import copy
from collections.abc import Callable
from itertools import chain, count

from bot.playground.block_kit.element_state import add_missing_ids, carry_values_over, initial_state
from bot.playground.block_kit.views import check_view
from bot.playground.errors import Json, SlackError
from bot.playground.workspace.records import OpenView
from bot.playground.workspace.triggers import Triggers

DEEPEST = 3


class OpenViews:
    """Opens, pushes, updates and closes views by Slack's rules."""

    def __init__(self, triggers: Triggers, now: Callable[[], float]) -> None:
        self._triggers = triggers
        self._now = now
        self._numbers = count(1)
        self.stacks: dict[str, list[OpenView]] = {}
        self.homes: dict[str, OpenView] = {}
        self.submitting: list[OpenView] = []

    def open(self, trigger_id: str, view: object) -> OpenView:
        trigger = self._triggers.check(trigger_id)
        body = check_view(view, "modal")
        self._check_external_id(body, None)
        self._triggers.use(trigger)
        opened = self._make(trigger.user, body)
        self.stacks[trigger.user] = [opened]
        return opened

    def push(self, trigger_id: str, view: object) -> OpenView:
        trigger = self._triggers.check(trigger_id)
        pushed = self.push_on(trigger.view_id or "", view)
        self._triggers.use(trigger)
        return pushed

    def push_on(self, view_id: str, view: object) -> OpenView:
        body = check_view(view, "modal")
        below = self._find(view_id, "")
        if len(self.stacks.get(below.user, [])) >= DEEPEST:
            raise SlackError("push_limit_reached")
        self._check_external_id(body, None)
        pushed = self._make(below.user, body)
        pushed.root_id, pushed.previous_id = below.root_id, below.id
        self.stacks[below.user].append(pushed)
        return pushed

    def update(
        self, view: object, *, hash_: str | None, view_id: str, external_id: str
    ) -> OpenView:
        if bool(view_id) == bool(external_id):
            raise SlackError("invalid_arguments", "[ERROR] pass either view_id or external_id")
        return self.change(self._find(view_id, external_id), view, hash_)

    def publish(self, user: str, view: object, hash_: str | None) -> OpenView:
        if user in self.homes:
            return self.change(self.homes[user], view, hash_)
        body = check_view(view, "home")
        if hash_:
            raise SlackError("hash_conflict")
        self._check_external_id(body, None)
        self.homes[user] = self._make(user, body)
        return self.homes[user]

    def change(self, open_view: OpenView, view: object, hash_: str | None = None) -> OpenView:
        """Gives it another content; values that still fit stay."""
        body = check_view(view, open_view.body["type"])
        if hash_ and hash_ != open_view.hash:
            raise SlackError("hash_conflict")
        self._check_external_id(body, open_view)
        open_view.body = self._add_missing_ids(body)
        open_view.values = carry_values_over(open_view.values, open_view.blocks)
        open_view.hash = self._new_hash()
        return open_view

    def is_open(self, open_view: OpenView) -> bool:
        return open_view in self._all()

    def is_submitting(self, view_id: str, external_id: str) -> bool:
        """Whether a submission of this view waits for the bot's ack."""
        return any(one.is_called(view_id, external_id) for one in self.submitting)

    def top(self, user: str) -> OpenView | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def close(self, open_view: OpenView) -> None:
        stack = self.stacks.get(open_view.user, [])
        if open_view in stack:
            stack.remove(open_view)

    def clear(self, user: str) -> None:
        self.stacks.pop(user, None)

    def _all(self) -> list[OpenView]:
        return [*chain.from_iterable(self.stacks.values()), *self.homes.values()]

    def _find(self, view_id: str, external_id: str) -> OpenView:
        for open_view in self._all():
            if open_view.is_called(view_id, external_id):
                return open_view
        raise SlackError("not_found")

    def _check_external_id(self, body: Json, own: OpenView | None) -> None:
        wanted = body.get("external_id")
        if wanted and any(one.external_id == wanted for one in self._all() if one is not own):
            raise SlackError("duplicate_external_id")

    def _make(self, user: str, body: Json) -> OpenView:
        view_id = f"V{next(self._numbers):06d}"
        done = self._add_missing_ids(body)
        values = initial_state(done["blocks"])
        return OpenView(view_id, user, done, self._new_hash(), values, root_id=view_id)

    def _add_missing_ids(self, body: Json) -> Json:
        blocks = add_missing_ids(body["blocks"], lambda: f"b{next(self._numbers):05d}")
        return {**copy.deepcopy(body), "blocks": blocks}

    def _new_hash(self) -> str:
        return f"{int(self._now())}.h{next(self._numbers):06d}"
