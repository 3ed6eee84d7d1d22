"""The rules of the house about Slack: the manifest, who listens, and what Slack lets us do."""

import ast
import re
from functools import cache
from typing import Any, cast

import pytest

from bot.playground.block_kit.blocks import all_elements
from bot.playground.web_api.methods import METHODS
from bot.slack.app import routes
from bot.slack.context import ListenerContext
from tests.manifest import read_manifest
from tests.slack.cases import LONGEST, TYPICAL
from tests.test_house import CODE, ROOT, name, nodes

MANIFEST = read_manifest()
FEATURES = MANIFEST["features"]
COMMANDS = FEATURES["slash_commands"]
SHORTCUTS = FEATURES["shortcuts"]
ROUTES = routes(cast("ListenerContext", None))

READS = {"channels:history", "groups:history", "im:history"}
# What each method of the Web API asks for: https://docs.slack.dev/reference/methods
SCOPES: dict[str, set[str]] = {
    "apps_connections_open": set(),  # asks for one of the app token
    "auth_test": set(),
    "chat_getPermalink": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": READS,
    "conversations_join": {"channels:join"},
    "conversations_open": {"im:write"},
    "conversations_replies": READS,
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
}
# Slack's own: https://slack.com/help/articles/201259356
TAKEN = (
    "apps archive away call collapse dnd expand feed feedback huddle invite join keys leave me msg "
    "mute open prefs pro remind remove rename search shortcuts shrug star status topic who"
)


def test_the_manifest_names_a_version_that_slack_reads() -> None:
    assert MANIFEST["_metadata"] == {"major_version": 2, "minor_version": 0}


@pytest.mark.parametrize(
    ("where", "text", "most"),
    [
        ("name", MANIFEST["display_information"]["name"], 35),
        ("description", MANIFEST["display_information"]["description"], 140),
        ("bot", FEATURES["bot_user"]["display_name"], 80),
        *((each["command"], each["command"], 32) for each in COMMANDS),
        *((each["command"], each["description"], 2000) for each in COMMANDS),
        *((each["command"], each["usage_hint"], 1000) for each in COMMANDS),
        *((each["callback_id"], each["callback_id"], 255) for each in SHORTCUTS),
        *((each["callback_id"], each["name"], 24) for each in SHORTCUTS),
        *((each["callback_id"], each["description"], 150) for each in SHORTCUTS),
    ],
)
def test_a_text_of_the_manifest_fits(where: str, text: str, most: int) -> None:
    assert 0 < len(text) <= most, where


def test_the_manifest_keeps_slacks_numbers_and_names() -> None:
    assert 0 < len(COMMANDS) <= 50
    assert 0 < len(SHORTCUTS) <= 10
    assert all(re.fullmatch(r"/[a-z0-9_-]+", each["command"]) for each in COMMANDS)
    assert not {each["command"].removeprefix("/") for each in COMMANDS} & set(TAKEN.split())
    assert all(each["type"] in {"global", "message"} for each in SHORTCUTS)
    assert re.fullmatch("#[0-9a-f]{6}", MANIFEST["display_information"]["background_color"])
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_people_can_be_written_to() -> None:
    tabs = FEATURES["app_home"]
    assert tabs["home_tab_enabled"]
    assert tabs["messages_tab_enabled"]
    assert not tabs["messages_tab_read_only_enabled"]


def test_every_command_has_a_listener_and_the_reverse() -> None:
    # By its last word, since an app may be installed with prefixed commands.
    last_words = [each["command"].removeprefix("/").rpartition("-")[2] for each in COMMANDS]
    assert sorted(last_words) == sorted(ROUTES.commands)


def test_every_shortcut_has_a_listener_and_the_reverse() -> None:
    assert sorted(each["callback_id"] for each in SHORTCUTS) == sorted(ROUTES.shortcuts)


def test_no_event_is_asked_for_that_nobody_listens_to() -> None:
    asked = MANIFEST["settings"].get("event_subscriptions", {}).get("bot_events", [])
    assert sorted(asked) == sorted(getattr(ROUTES, "events", {}))
    assert len(asked) <= 100


Shown = tuple[dict[str, Any], list[dict[str, Any]]]


@cache
def shown() -> tuple[Shown, ...]:
    """Every view that we show, with its blocks; a message is a view without a name."""
    views = [make() for view in [*TYPICAL.values(), *LONGEST.values()] for make in view.values()]
    messages: list[Shown] = [({}, view[1]) for view in views if isinstance(view, tuple)]
    modals = [view for view in views if isinstance(view, dict) and "blocks" in view]
    return (*messages, *((view, view["blocks"]) for view in modals))


def test_every_button_has_a_listener_and_the_reverse() -> None:
    clicked = {
        element["action_id"].partition(":")[0]
        for _view, parts in shown()
        for block in parts
        if block["type"] != "input" or block.get("dispatch_action")
        for element in all_elements([block])
    }
    # What a menu offers is done by the listener of the button of that name.
    offered = {
        option["value"].partition(":")[0]
        for _view, parts in shown()
        for element in all_elements(parts)
        if element["type"] == "overflow"
        for option in element["options"]
    }
    assert sorted(clicked | offered) == sorted(ROUTES.actions)


def test_every_form_has_a_listener_and_the_reverse() -> None:
    submitted = {view["callback_id"] for view, _parts in shown() if "submit" in view}
    assert sorted(submitted) == sorted(ROUTES.submissions)


def test_every_search_has_a_listener_and_the_reverse() -> None:
    searched = {
        element["action_id"]
        for _view, parts in shown()
        for element in all_elements(parts)
        if element["type"].endswith("external_select")
    }
    assert sorted(searched) == sorted(ROUTES.options)


def called() -> set[str]:
    """The methods of the Web API that our code calls, as Slack's client spells them."""
    families = "|".join({method.partition(".")[0] for method in METHODS} | {"reactions", "pins"})
    ours = [path for path in CODE if "playground" not in name(path)]
    return {
        node.attr
        for _path, node in nodes(ours)
        if isinstance(node, ast.Attribute) and re.fullmatch(rf"({families})_\w+", node.attr)
    }


def test_every_scope_is_used_and_every_call_has_its_scope() -> None:
    assert called() == set(SCOPES)
    granted = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert sorted(granted) == sorted({"commands"}.union(*SCOPES.values()))


@pytest.mark.parametrize("method", SCOPES)
def test_the_stand_in_asks_for_the_same_scopes(method: str) -> None:
    [asked] = [each.scope for name, each in METHODS.items() if name.replace(".", "_") == method]
    assert asked is None or SCOPES[method] == {asked}


# What several forms are made of is seen in each form's own golden file.
PIECES = {"fields"}


def test_every_view_has_a_golden_file() -> None:
    folder = ROOT / "bot/slack/views"
    views = {
        f"{path.stem}.{node.name}"
        for path in sorted(folder.glob("*.py"))
        if path.stem not in PIECES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns
        and ast.unparse(node.returns) in {"Block", "Message"}
    }
    golden = {file.stem for file in (ROOT / "tests/slack/golden").iterdir()}
    assert views <= golden
    assert set(TYPICAL) == set(LONGEST) == golden
