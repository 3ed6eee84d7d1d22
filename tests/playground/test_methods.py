"""Bad and good calls, apart from blocks, with Slack's error names."""

from typing import Any

import pytest

from bot.playground import SlackError, Workspace
from bot.playground.web_api.methods import call
from tests.playground.bolt_app import field, modal, option, plain

Json = dict[str, Any]
INPUT = field("one", "Label", {"type": "plain_text_input"})


def post(**args: object) -> tuple[str, Json]:
    return "chat.postMessage", {"channel": "C0INC", "text": "x", **args}


def post_ephemeral(**args: object) -> tuple[str, Json]:
    return "chat.postEphemeral", {"channel": "C0INC", "user": "U0ANN", "text": "x", **args}


def show(view: object) -> tuple[str, Json]:
    return "views.open", {"trigger_id": "fresh", "view": view}


REFUSED: dict[str, tuple[tuple[str, Json], str]] = {
    "an unknown user group": (
        ("usergroups.users.list", {"usergroup": "S0NONE"}),
        "no_such_subteam",
    ),
    "an unknown method": (("chat.shout", {}), "unknown_method"),
    "an unknown argument": (post(colour="red"), "invalid_arguments"),
    "another team": (post(team_id="T0009"), "team_not_found"),
    "a number as text": (post(text=3), "invalid_arguments"),
    "no channel": (("chat.postMessage", {"text": "x"}), "channel_not_found"),
    "an unknown channel": (post(channel="C0NONE"), "channel_not_found"),
    "a private channel without the bot": (post(channel="C0PRI"), "channel_not_found"),
    "nothing to say": (post(text=""), "no_text"),
    "an empty list of blocks": (post(text="", blocks=[]), "no_text"),
    "blocks that are no list": (post(blocks={"type": "divider"}), "invalid_blocks_format"),
    "blocks that are no JSON": (post(blocks="[{"), "invalid_blocks_format"),
    "too much in all blocks": (
        post(blocks=[{"type": "section", "text": plain("x" * 2700)}] * 5),
        "msg_blocks_too_long",
    ),
    "text beside markdown_text": (post(markdown_text="x"), "markdown_text_conflict"),
    "a long markdown_text": (post(text="", markdown_text="x" * 12_001), "msg_too_long"),
    "a name of its own": (post(username="Boss"), "missing_scope"),
    "metadata without payload": (post(metadata={"event_type": "a"}), "invalid_metadata_format"),
    "metadata as text": (post(metadata='"x"'), "invalid_metadata_format"),
    "metadata of unknown shape": (
        post(metadata={"event_type": "a", "event_payload": {}, "more": 1}),
        "invalid_metadata_format",
    ),
    "large metadata": (
        post(metadata={"event_type": "a", "event_payload": {"x": "y" * 20_000}}),
        "metadata_too_large",
    ),
    "a message to nobody": (post_ephemeral(user=""), "invalid_arguments"),
    "a message to somebody elsewhere": (
        post_ephemeral(user="U0NONE"),
        "user_not_in_channel",
    ),
    "an update of nothing": (
        ("chat.update", {"channel": "C0INC", "ts": "1.000001", "text": "x"}),
        "message_not_found",
    ),
    "an update without ts": (("chat.update", {"channel": "C0INC"}), "invalid_arguments"),
    "a link to nothing": (
        ("chat.getPermalink", {"channel": "C0INC", "message_ts": "1.000001"}),
        "message_not_found",
    ),
    "history without membership": (
        ("conversations.history", {"channel": "C0RAN"}),
        "not_in_channel",
    ),
    "a limit that is no number": (
        ("conversations.history", {"channel": "C0INC", "limit": "ten"}),
        "invalid_arguments",
    ),
    "a thread that is not there": (
        ("conversations.replies", {"channel": "C0INC", "ts": "1.000001"}),
        "thread_not_found",
    ),
    "joining a private channel": (
        ("conversations.join", {"channel": "C0PRI"}),
        "channel_not_found",
    ),
    "talking to nobody": (("conversations.open", {}), "invalid_arguments"),
    "talking to a stranger": (("conversations.open", {"users": "U0NONE"}), "user_not_found"),
    "talking to several": (("conversations.open", {"users": "U0ANN,U0BEN"}), "missing_scope"),
    "an unknown person": (("users.info", {"user": "U0NONE"}), "user_not_found"),
    "no view": (("views.open", {"trigger_id": "x"}), "invalid_arguments"),
    "an unknown trigger": (
        ("views.open", {"trigger_id": "x", "view": modal("A")}),
        "invalid_trigger_id",
    ),
    "a view that is no object": (show("[]"), "invalid_arguments"),
    "a view of another type": (show({**modal("A"), "type": "dialog"}), "invalid_arguments"),
    "a Home tab in a modal": (show({"type": "home", "blocks": []}), "invalid_arguments"),
    "no title": (show({"type": "modal", "blocks": []}), "invalid_arguments"),
    "a title of 25": (show(modal("x" * 25)), "invalid_arguments"),
    "a submit of 25": (show(modal("A", submit=plain("x" * 25))), "invalid_arguments"),
    "a close of 25": (show(modal("A", close=plain("x" * 25))), "invalid_arguments"),
    "a callback_id of 256": (show(modal("A", callback_id="x" * 256)), "invalid_arguments"),
    "an external_id of 256": (show(modal("A", external_id="x" * 256)), "invalid_arguments"),
    "private_metadata of 3001": (
        show(modal("A", private_metadata="x" * 3001)),
        "invalid_arguments",
    ),
    "101 blocks": (show(modal("A", *[{"type": "divider"}] * 101)), "invalid_arguments"),
    "an input without submit": (
        show({"type": "modal", "title": plain("A"), "blocks": [INPUT]}),
        "invalid_arguments",
    ),
    "an unknown field of a view": (show(modal("A", colour="red")), "invalid_arguments"),
    "a markdown block in a modal": (
        show(modal("A", {"type": "markdown", "text": "x"})),
        "invalid_arguments",
    ),
    "two fields that want the focus": (
        show(
            modal(
                "A",
                field("one", "One", {"type": "plain_text_input", "focus_on_load": True}),
                field("two", "Two", {"type": "plain_text_input", "focus_on_load": True}),
            )
        ),
        "invalid_arguments",
    ),
    "a view beyond 250 kB": (
        show(
            modal(
                "A",
                *[
                    field(
                        str(number),
                        "Label",
                        {
                            "type": "static_select",
                            "options": [option("x" * 75, f"{'y' * 140}{n}") for n in range(100)],
                        },
                    )
                    for number in range(10)
                ],
            )
        ),
        "view_too_large",
    ),
    "an update of a view that is closed": (
        ("views.update", {"view_id": "V1", "view": modal("A")}),
        "not_found",
    ),
    "an update of no view": (("views.update", {"view": modal("A")}), "invalid_arguments"),
    "a Home tab for nobody": (
        ("views.publish", {"user_id": "U0NONE", "view": {"type": "home", "blocks": []}}),
        "user_not_found",
    ),
    "a modal as a Home tab": (
        ("views.publish", {"user_id": "U0ANN", "view": modal("A")}),
        "invalid_arguments",
    ),
    "a hash for no Home tab": (
        (
            "views.publish",
            {"user_id": "U0ANN", "view": {"type": "home", "blocks": []}, "hash": "1"},
        ),
        "hash_conflict",
    ),
}

TAKEN: dict[str, tuple[str, Json]] = {
    "a plain message": post(),
    "blocks as JSON in a form": post(blocks='[{"type": "divider"}]'),
    "flags as figures": post(unfurl_links="0", reply_broadcast="1"),
    "a direct message by a person's id": post(channel="U0ANN"),
    "a public channel with chat:write.public": post(channel="C0RAN"),
    "metadata": post(metadata={"event_type": "a", "event_payload": {"b": 1}}),
    "a private message": post_ephemeral(),
    "an empty modal": show(modal("A")),
    "a modal with an input": show(modal("A", INPUT)),
    "a Home tab": ("views.publish", {"user_id": "U0ANN", "view": {"type": "home", "blocks": []}}),
    "who am I": ("auth.test", {}),
    "who is Ann": ("users.info", {"user": "U0ANN"}),
    "a channel": ("conversations.info", {"channel": "C0INC", "include_num_members": "1"}),
    "a direct conversation": ("conversations.open", {"users": "U0ANN"}),
    "joining": ("conversations.join", {"channel": "C0RAN"}),
    "history": ("conversations.history", {"channel": "C0INC"}),
}


def run(workspace: Workspace, asked: tuple[str, Json]) -> Json:
    method, args = asked
    if args.get("trigger_id") == "fresh":
        args = {**args, "trigger_id": workspace.triggers.issue("U0ANN")}
    return call(workspace, method, args)


def refusal(workspace: Workspace, asked: tuple[str, Json]) -> str:
    with pytest.raises(SlackError) as caught:
        run(workspace, asked)
    return caught.value.name


@pytest.mark.parametrize("case", REFUSED)
def test_slack_refuses(case: str) -> None:
    asked, name = REFUSED[case]
    assert refusal(Workspace(), asked) == name


@pytest.mark.parametrize("case", TAKEN)
def test_slack_takes(case: str) -> None:
    assert run(Workspace(), TAKEN[case])["ok"]


def test_a_user_group_tells_its_members() -> None:
    workspace = Workspace()
    workspace.groups["S0OPS"] = ("U0ANN", "U0BEN")
    answer = call(workspace, "usergroups.users.list", {"usergroup": "S0OPS"})
    assert answer["users"] == ["U0ANN", "U0BEN"]
