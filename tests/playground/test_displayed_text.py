from typing import Any

import pytest

from bot.playground import Message, Workspace
from bot.playground.block_kit.displayed_text import read
from bot.playground.web_api.methods import call
from tests.playground.bolt_app import plain


def posted(workspace: Workspace, **args: object) -> Message:
    call(workspace, "chat.postMessage", {"channel": "C0INC", **args})
    return workspace.messages("incidents")[-1]


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<https://a.example|the page>", "the page"),
        ("<https://a.example>", "https://a.example"),
        ("<@U0ANN> in <#C0INC|ops>", "@ann in #incidents"),
        ("<!channel> <!subteam^S1|@sre>", "@channel @sre"),
        ("<!date^1763649000^{time}|14:30 UTC>", "14:30 UTC"),
    ],
)
def test_a_reader_sees(written: str, seen: str) -> None:
    assert read(written, Workspace().name_of) == seen


@pytest.mark.parametrize(
    ("args", "pinged"),
    [
        ({"text": "<!channel> and <@U0ANN>"}, {"channel", "U0ANN"}),
        ({"text": "<!here|here>"}, {"here"}),
        ({"text": "&lt;!channel&gt; @here"}, set()),
        ({"text": "@here", "link_names": True}, {"here"}),
        ({"text": "<!subteam^S1>"}, {"S1"}),
        ({"text": "x", "blocks": [{"type": "header", "text": plain("<!channel>")}]}, set()),
        (
            {
                "text": "x",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<@U0BEN>"}}],
            },
            {"U0BEN"},
        ),
        ({"text": "<!everyone>", "blocks": [{"type": "divider"}]}, {"everyone"}),
        (
            {
                "text": "x",
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [{"type": "broadcast", "range": "here"}],
                            }
                        ],
                    }
                ],
            },
            {"here"},
        ),
    ],
)
def test_a_message_pings(args: dict[str, Any], pinged: set[str]) -> None:
    assert posted(Workspace(), **args).pings == pinged


def test_the_fallback_text_is_not_shown_beside_blocks() -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; b"}}]
    assert posted(Workspace(), text="fallback", blocks=blocks).shown == "a & b"
