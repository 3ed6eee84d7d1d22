"""Everybody's open views: stacks of modals and Home tabs."""

import copy
from collections.abc import Callable
from itertools import count

from bot.playground.block_kit.element_state import add_missing_ids, carry_values_over, initial_state
from bot.playground.block_kit.views import check_view
from bot.playground.errors import Json, SlackError
from bot.playground.workspace.records import OpenView, Trigger
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

    # --- what the bot asks for ---

    def open(self, trigger_id: str, view: object) -> OpenView:
        trigger = self._look(trigger_id)
        body = check_view(view, "modal")
        self._check_external_id(body, None)
        self._triggers.use(trigger)
        opened = self._make(trigger.user, body)
        self.stacks[trigger.user] = [opened]
        return opened

    def push(self, trigger_id: str, view: object) -> OpenView:
        trigger = self._look(trigger_id)
        body = check_view(view, "modal")
        below = self._find_by_id(trigger.view_id or "")
        self._check_push(below, body)
        self._triggers.use(trigger)
        return self._put_on(below, body)

    def update(
        self, view: object, *, hash_: str | None, view_id: str, external_id: str
    ) -> OpenView:
        if bool(view_id) == bool(external_id):
            raise SlackError(
                "invalid_arguments", messages=["[ERROR] pass either view_id or external_id"]
            )
        open_view = self._find(view_id, external_id)
        body = check_view(view, open_view.body["type"])
        self._check_hash(open_view, hash_)
        self._check_external_id(body, open_view)
        self.replace(open_view, body)
        return open_view

    def publish(self, user: str, view: object, hash_: str | None) -> OpenView:
        body = check_view(view, "home")
        open_view = self.homes.get(user)
        if open_view is None:
            if hash_:
                raise SlackError("hash_conflict")
            self._check_external_id(body, None)
            self.homes[user] = open_view = self._make(user, body)
        else:
            self._check_hash(open_view, hash_)
            self._check_external_id(body, open_view)
            self.replace(open_view, body)
        return open_view

    # --- what follows from an interaction ---

    def answer_update(self, open_view: OpenView, view: object) -> None:
        body = check_view(view, "modal")
        self._check_external_id(body, open_view)
        self.replace(open_view, body)

    def answer_push(self, below: OpenView, view: object) -> OpenView:
        body = check_view(view, "modal")
        self._check_push(below, body)
        return self._put_on(below, body)

    def is_open(self, open_view: OpenView) -> bool:
        return open_view in self.stacks.get(open_view.user, []) or open_view in self.homes.values()

    def is_submitting(self, view_id: object, external_id: object) -> bool:
        """Whether a submission of this view waits for the bot's ack."""
        return any(
            open_view.id == view_id or (external_id and open_view.external_id == external_id)
            for open_view in self.submitting
        )

    def top(self, user: str) -> OpenView | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def close(self, open_view: OpenView) -> None:
        stack = self.stacks.get(open_view.user, [])
        if open_view in stack:
            stack.remove(open_view)

    def clear(self, user: str) -> None:
        self.stacks.pop(user, None)

    def replace(self, open_view: OpenView, body: Json) -> None:
        open_view.body = self._completed(body)
        open_view.values = carry_values_over(open_view.values, open_view.blocks)
        open_view.hash = self._new_hash()

    # --- the rules ---

    def _look(self, trigger_id: str) -> Trigger:
        return self._triggers.check(trigger_id)

    def _all(self) -> list[OpenView]:
        modals = [open_view for stack in self.stacks.values() for open_view in stack]
        return modals + list(self.homes.values())

    def _find_by_id(self, view_id: str) -> OpenView:
        return self._find(view_id, "")

    def _find(self, view_id: str, external_id: str) -> OpenView:
        for open_view in self._all():
            if open_view.id == view_id or (external_id and open_view.external_id == external_id):
                return open_view
        raise SlackError("not_found")

    def _check_push(self, below: OpenView, body: Json) -> None:
        if len(self.stacks.get(below.user, [])) >= DEEPEST:
            raise SlackError("push_limit_reached")
        self._check_external_id(body, None)

    def _check_hash(self, open_view: OpenView, hash_: str | None) -> None:
        if hash_ and hash_ != open_view.hash:
            raise SlackError("hash_conflict")

    def _check_external_id(self, body: Json, own: OpenView | None) -> None:
        wanted = body.get("external_id")
        if wanted and any(one.external_id == wanted for one in self._all() if one is not own):
            raise SlackError("duplicate_external_id")

    # --- making ---

    def _put_on(self, below: OpenView, body: Json) -> OpenView:
        pushed = self._make(below.user, body)
        pushed.root_id, pushed.previous_id = below.root_id, below.id
        self.stacks[below.user].append(pushed)
        return pushed

    def _make(self, user: str, body: Json) -> OpenView:
        view_id = f"V{next(self._numbers):06d}"
        done = self._completed(body)
        values = initial_state(done["blocks"])
        return OpenView(view_id, user, done, self._new_hash(), values, root_id=view_id)

    def _completed(self, body: Json) -> Json:
        return {
            **copy.deepcopy(body),
            "blocks": add_missing_ids(body["blocks"], self._new_block_id),
        }

    def _new_block_id(self) -> str:
        return f"b{next(self._numbers):05d}"

    def _new_hash(self) -> str:
        return f"{int(self._now())}.h{next(self._numbers):06d}"
