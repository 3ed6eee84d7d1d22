"""What calls do to the memory, one story per test."""

import pytest

from bot.playground import SlackError, Workspace
from bot.playground.web_api.methods import answer_url
from tests.playground.bolt_app import Json
from tests.playground.test_methods import post, post_ephemeral, refusal, run

NO_SCOPE = Workspace(scopes=["chat:write"])


@pytest.mark.parametrize(
    ("asked", "scope"),
    [
        (("users.info", {"user": "U0ANN"}), "users:read"),
        (("conversations.info", {"channel": "C0INC"}), "channels:read"),
        (("conversations.history", {"channel": "C0INC"}), "channels:history"),
        (("conversations.open", {"users": "U0ANN"}), "im:write"),
    ],
)
def test_a_method_names_the_scope_it_lacks(asked: tuple[str, Json], scope: str) -> None:
    with pytest.raises(SlackError) as caught:
        run(NO_SCOPE, asked)
    assert caught.value.answer()["needed"] == scope
    assert caught.value.answer()["provided"] == "chat:write"


def test_a_public_channel_needs_the_bot_or_a_scope() -> None:
    assert refusal(NO_SCOPE, post(channel="C0RAN")) == "not_in_channel"


def test_an_archived_channel_takes_nothing() -> None:
    workspace = Workspace()
    ts = run(workspace, post())["ts"]
    workspace.archive("incidents")
    assert refusal(workspace, post()) == "is_archived"
    update = ("chat.update", {"channel": "C0INC", "ts": ts, "text": "y"})
    assert refusal(workspace, update) == "is_inactive"


def test_long_text_is_cut_with_a_warning() -> None:
    answer = run(Workspace(), post(text="x" * 40_001))
    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_an_update_takes_4000_characters_at_most() -> None:
    workspace = Workspace()
    ts = run(workspace, post(text="x" * 5000))["ts"]
    update = ("chat.update", {"channel": "C0INC", "ts": ts, "text": "x" * 4001})
    assert refusal(workspace, update) == "msg_too_long"


def test_an_update_keeps_metadata_until_told_otherwise() -> None:
    workspace = Workspace()
    metadata = {"event_type": "a", "event_payload": {"b": 1}}
    ts = run(workspace, post(metadata=metadata))["ts"]
    update: Json = {"channel": "C0INC", "ts": ts, "text": "y"}
    run(workspace, ("chat.update", update))
    assert workspace.messages("incidents")[0].metadata == metadata
    run(workspace, ("chat.update", {**update, "metadata": {}}))
    (message,) = workspace.messages("incidents")
    assert (message.metadata, message.text) == (None, "y")
    assert message.edited


def test_a_bot_changes_its_own_messages_only() -> None:
    workspace = Workspace()
    said = workspace.post("C0INC", "U0ANN", {"text": "mine"})
    where = {"channel": "C0INC", "ts": said.ts}
    assert refusal(workspace, ("chat.update", {**where, "text": "y"})) == "cant_update_message"
    assert refusal(workspace, ("chat.delete", where)) == "cant_delete_message"


def test_a_private_message_cannot_be_updated() -> None:
    workspace = Workspace()
    ts = run(workspace, post_ephemeral())["message_ts"]
    update = ("chat.update", {"channel": "C0INC", "ts": ts, "text": "y"})
    assert refusal(workspace, update) == "message_not_found"
    assert [one.ephemeral_to for one in workspace.private("ann")] == ["U0ANN"]


def test_a_reply_answers_a_parent_and_no_reply() -> None:
    workspace = Workspace()
    parent = run(workspace, post())["ts"]
    reply = run(workspace, post(thread_ts=parent))["ts"]
    assert refusal(workspace, post(thread_ts=reply)) == "cannot_reply_to_message"


def test_a_broadcast_reply_stands_in_the_channel_too() -> None:
    workspace = Workspace()
    parent = run(workspace, post())["ts"]
    run(workspace, post(text="quiet", thread_ts=parent))
    run(workspace, post(text="loud", thread_ts=parent, reply_broadcast=True))
    assert [one.text for one in workspace.messages("incidents")] == ["x", "loud"]
    assert [one.text for one in workspace.thread(workspace.find("C0INC", parent))] == [
        "quiet",
        "loud",
    ]
    answer = run(workspace, ("conversations.replies", {"channel": "C0INC", "ts": parent}))
    assert [one["text"] for one in answer["messages"]] == ["x", "quiet", "loud"]


def test_history_shows_metadata_when_asked_and_pages() -> None:
    workspace = Workspace()
    for number in range(3):
        run(workspace, post(metadata={"event_type": "a", "event_payload": {"n": number}}))
    asked: Json = {"channel": "C0INC", "limit": 2, "include_all_metadata": True}
    first = run(workspace, ("conversations.history", asked))
    assert [one["metadata"]["event_payload"]["n"] for one in first["messages"]] == [2, 1]
    rest = {"channel": "C0INC", "limit": 2, "cursor": first["response_metadata"]["next_cursor"]}
    second = run(workspace, ("conversations.history", rest))
    assert len(second["messages"]) == 1
    assert "metadata" not in second["messages"][0]


def test_a_deleted_message_is_gone() -> None:
    workspace = Workspace()
    ts = run(workspace, post())["ts"]
    run(workspace, ("chat.delete", {"channel": "C0INC", "ts": ts}))
    assert workspace.messages("incidents") == []


def test_a_permalink_names_its_thread() -> None:
    workspace = Workspace()
    parent = run(workspace, post())["ts"]
    reply = run(workspace, post(thread_ts=parent))["ts"]
    asked = ("chat.getPermalink", {"channel": "C0INC", "message_ts": reply})
    assert run(workspace, asked)["permalink"].endswith(f"?thread_ts={parent}&cid=C0INC")


def test_a_reply_is_broadcast_later_without_other_words() -> None:
    workspace = Workspace()
    parent = run(workspace, post())["ts"]
    reply = run(workspace, post(text="quiet", thread_ts=parent))["ts"]
    where: Json = {"channel": "C0INC", "reply_broadcast": True}
    at_once = ("chat.update", {**where, "ts": reply, "text": "loud"})
    assert refusal(workspace, at_once) == "no_dual_broadcast_content_update"
    assert refusal(workspace, ("chat.update", {**where, "ts": parent})) == "cant_broadcast_message"
    run(workspace, ("chat.update", {**where, "ts": reply}))
    assert [one.text for one in workspace.messages("incidents")] == ["x", "quiet"]


def test_rich_text_stays_rich() -> None:
    workspace = Workspace()
    rich = {"type": "rich_text", "elements": []}
    ts = run(workspace, post(blocks=[rich]))["ts"]
    update: Json = {"channel": "C0INC", "ts": ts, "text": "x", "blocks": [{"type": "divider"}]}
    assert refusal(workspace, ("chat.update", update)) == "block_mismatch"


def test_without_membership_nothing_is_changed() -> None:
    workspace = Workspace()
    ts = run(workspace, post())["ts"]
    workspace.remove_bot("incidents")
    workspace.scopes.discard("chat:write.public")
    update = ("chat.update", {"channel": "C0INC", "ts": ts, "text": "y"})
    assert refusal(workspace, update) == "not_in_channel"


def test_joining_has_its_own_refusals() -> None:
    workspace = Workspace()
    direct = run(workspace, ("conversations.open", {"users": "U0ANN", "return_im": True}))
    place = {"channel": direct["channel"]["id"]}
    joining = ("conversations.join", place)
    assert refusal(workspace, joining) == "method_not_supported_for_channel_type"
    assert run(workspace, ("conversations.open", place))["channel"] == {"id": place["channel"]}
    again = run(workspace, ("conversations.join", {"channel": "C0INC"}))
    assert again["warning"] == "already_in_channel"
    workspace.archive("random")
    assert refusal(workspace, ("conversations.join", {"channel": "C0RAN"})) == "is_archived"


def test_history_is_bounded_by_time() -> None:
    workspace = Workspace()
    first, second, third = (run(workspace, post(text=str(n)))["ts"] for n in range(3))
    asked = {"channel": "C0INC", "oldest": first, "latest": third}
    answer = run(workspace, ("conversations.history", asked))
    assert [one["ts"] for one in answer["messages"]] == [second]
    answer = run(workspace, ("conversations.history", {**asked, "inclusive": True}))
    assert len(answer["messages"]) == 3


def test_a_response_url_lives_half_an_hour() -> None:
    hour = [1_763_649_000.0]
    workspace = Workspace(now=lambda: hour[0])
    key = workspace.response_urls.issue("C0INC", "U0ANN").rpartition("/")[2]
    answer_url(workspace, key, {"text": "in time", "response_type": "in_channel"})
    hour[0] += 1801
    with pytest.raises(SlackError, match="expired_url"):
        answer_url(workspace, key, {"text": "late"})
    with pytest.raises(SlackError, match="no_active_hooks"):
        answer_url(workspace, "other", {"text": "late"})
    assert [one.text for one in workspace.messages("incidents")] == ["in time"]


@pytest.mark.parametrize(
    ("person", "error"), [("U0ANN", "user_disabled"), ("U0BOT", "cannot_dm_bot")]
)
def test_there_are_no_direct_messages_with_who_was_deactivated_or_is_a_bot(
    person: str, error: str
) -> None:
    workspace = Workspace()
    known = run(workspace, ("conversations.open", {"users": "U0ANN"}))["channel"]["id"]
    workspace.deactivate("ann")
    assert refusal(workspace, post(channel=person)) == error
    assert refusal(workspace, ("conversations.open", {"users": person})) == error
    assert refusal(workspace, post(channel=known)) == "user_disabled"
