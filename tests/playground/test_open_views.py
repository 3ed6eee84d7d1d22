"""Triggers, hashes and the stack of views."""

from typing import Any

import pytest

from bot.playground import SlackError, Workspace
from bot.playground.web_api.methods import call
from tests.playground.bolt_app import field, modal

Json = dict[str, Any]
NAME = field("name", "Name", {"type": "plain_text_input", "initial_value": "first"})


class ManualClock:
    """A clock that moves by hand."""

    def __init__(self) -> None:
        self.time = 1_763_649_000.0

    def __call__(self) -> float:
        return self.time


def start() -> tuple[Workspace, ManualClock]:
    clock = ManualClock()
    return Workspace(now=clock), clock


def show(workspace: Workspace, view: Json | None = None) -> Json:
    trigger = workspace.triggers.issue("U0ANN")
    answer = call(workspace, "views.open", {"trigger_id": trigger, "view": view or modal("A")})
    return dict(answer["view"])


def push(workspace: Workspace, view_id: str, **more: object) -> Json:
    trigger = workspace.triggers.issue("U0ANN", view_id)
    pushed = {"trigger_id": trigger, "view": modal("B", **more)}
    return dict(call(workspace, "views.push", pushed)["view"])


def refusal(workspace: Workspace, method: str, **args: object) -> str:
    with pytest.raises(SlackError) as caught:
        call(workspace, method, args)
    return caught.value.name


def test_a_trigger_id_works_only_once() -> None:
    workspace, _ = start()
    trigger = workspace.triggers.issue("U0ANN")
    call(workspace, "views.open", {"trigger_id": trigger, "view": modal("A")})
    again = refusal(workspace, "views.open", trigger_id=trigger, view=modal("A"))
    assert again == "exchanged_trigger_id"


def test_a_trigger_id_lives_three_seconds() -> None:
    workspace, clock = start()
    trigger = workspace.triggers.issue("U0ANN")
    clock.time += 3.1
    late = refusal(workspace, "views.open", trigger_id=trigger, view=modal("A"))
    assert late == "expired_trigger_id"


def test_a_refused_view_leaves_the_trigger_id_unused() -> None:
    workspace, _ = start()
    trigger = workspace.triggers.issue("U0ANN")
    refusal(workspace, "views.open", trigger_id=trigger, view=modal("x" * 25))
    assert call(workspace, "views.open", {"trigger_id": trigger, "view": modal("A")})["ok"]


def test_three_views_stand_on_each_other_at_most() -> None:
    workspace, _ = start()
    first = show(workspace)
    second = push(workspace, first["id"])
    third = push(workspace, second["id"])
    assert third["root_view_id"] == first["id"]
    assert third["previous_view_id"] == second["id"]
    trigger = workspace.triggers.issue("U0ANN", third["id"])
    more = refusal(workspace, "views.push", trigger_id=trigger, view=modal("B"))
    assert more == "push_limit_reached"


def test_a_push_needs_a_trigger_from_within_a_view() -> None:
    workspace, _ = start()
    show(workspace)
    trigger = workspace.triggers.issue("U0ANN")
    assert refusal(workspace, "views.push", trigger_id=trigger, view=modal("B")) == "not_found"


def test_only_the_newest_hash_updates() -> None:
    workspace, _ = start()
    first = show(workspace)
    update: Json = {"view_id": first["id"], "hash": first["hash"], "view": modal("B")}
    second = call(workspace, "views.update", update)["view"]
    assert second["hash"] != first["hash"]
    assert refusal(workspace, "views.update", **update) == "hash_conflict"


def test_an_external_id_finds_its_view_and_is_taken() -> None:
    workspace, _ = start()
    show(workspace, modal("A", external_id="mine"))
    update = {"external_id": "mine", "view": modal("B", external_id="mine")}
    assert call(workspace, "views.update", update)["view"]["title"]["text"] == "B"
    trigger = workspace.triggers.issue("U0BEN")
    view = modal("A", external_id="mine")
    again = refusal(workspace, "views.open", trigger_id=trigger, view=view)
    assert again == "duplicate_external_id"


def test_a_closed_view_is_not_found() -> None:
    workspace, _ = start()
    view = show(workspace)
    workspace.open_views.clear("U0ANN")
    gone = refusal(workspace, "views.update", view_id=view["id"], view=modal("B"))
    assert gone == "not_found"


def test_what_was_typed_survives_an_update_by_its_ids() -> None:
    workspace, _ = start()
    view = show(workspace, modal("A", NAME))
    open_view = workspace.open_views.top("U0ANN")
    assert open_view is not None
    open_view.values["name"]["value"]["value"] = "typed"
    other = {**NAME, "element": {**NAME["element"], "initial_value": "second"}}
    call(workspace, "views.update", {"view_id": view["id"], "view": modal("A", other)})
    assert open_view.values["name"]["value"]["value"] == "typed"
    call(
        workspace,
        "views.update",
        {"view_id": view["id"], "view": modal("A", {**other, "block_id": "name__2"})},
    )
    assert open_view.values == {
        "name__2": {"value": {"type": "plain_text_input", "value": "second"}}
    }


def test_a_home_tab_has_a_hash_too() -> None:
    workspace, _ = start()
    home = {"type": "home", "blocks": []}
    args: Json = {"user_id": "U0ANN", "view": home}
    first = call(workspace, "views.publish", args)["view"]
    call(workspace, "views.publish", {**args, "hash": first["hash"]})
    assert refusal(workspace, "views.publish", **args, hash=first["hash"]) == "hash_conflict"


def test_a_home_tab_can_be_off() -> None:
    workspace, _ = start()
    workspace.home_enabled = False
    home = {"type": "home", "blocks": []}
    assert refusal(workspace, "views.publish", user_id="U0ANN", view=home) == "not_enabled"
