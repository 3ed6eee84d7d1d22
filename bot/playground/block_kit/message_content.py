"""The rules of a message's content: text, blocks, metadata, attachments.

Source: https://docs.slack.dev/reference/methods/chat.postMessage and chat.update
"""

import json

from bot.playground.block_kit.blocks import check_blocks
from bot.playground.block_kit.rules import Findings, anything, matching, shape, string
from bot.playground.errors import Json, SlackError

LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4_000
LONGEST_MARKDOWN = 12_000
# Slack does not document this one: https://github.com/slackapi/bolt-js/issues/2509
LONGEST_BLOCKS = 13_000
LARGEST_METADATA = 16_000
MOST_ATTACHMENTS = 100

# Only what still makes sense beside blocks: https://docs.slack.dev/messaging/formatting-message-text
_ATTACHMENT = shape(
    {},
    {
        "color": matching(r"good|warning|danger|#?[0-9A-Fa-f]{6}", "a colour"),
        "blocks": anything,
        "fallback": string(3000),
        "text": string(8000),
        "pretext": string(3000),
        "title": string(3000),
        "title_link": string(3000),
        "footer": string(300),
        "mrkdwn_in": anything,
    },
)


def check_content(args: Json) -> None:
    """Raises what chat.postMessage answers to such content."""
    blocks = args.get("blocks") or []
    markdown = args.get("markdown_text")
    if markdown and (blocks or args.get("text")):
        raise SlackError("markdown_text_conflict")
    if not (blocks or markdown or args.get("text") or args.get("attachments")):
        raise SlackError("no_text")
    if len(markdown or "") > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    _check_blocks(blocks)
    attachments = args.get("attachments") or []
    _check_attachments(attachments)
    if _written([blocks, [one.get("blocks") for one in attachments]]) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    check_metadata(args.get("metadata"))


def _check_blocks(blocks: object) -> None:
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    found = Findings()
    check_blocks(found, "/blocks", blocks, "message")
    if found.messages:
        raise SlackError("invalid_blocks", *found.messages)


def _check_attachments(attachments: object) -> None:
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    found = Findings()
    for index, one in enumerate(attachments):
        _ATTACHMENT(found, f"/attachments/{index}", one)
        check_blocks(found, f"/attachments/{index}/blocks", one.get("blocks", []), "message")
    if found.messages:
        raise SlackError("invalid_attachments", *found.messages)


def check_metadata(metadata: object) -> None:
    if metadata in (None, {}):
        return
    if (
        not isinstance(metadata, dict)
        or set(metadata) - {"event_type", "event_payload", "entities"}
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata, ensure_ascii=False).encode()) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")


def _written(part: object) -> int:
    """How many characters of text stand anywhere in the blocks."""
    if isinstance(part, dict):
        own = part.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_written, part.values()))
    if isinstance(part, list):
        return sum(map(_written, part))
    return 0
