"""The shapes of rich text and of a table's cells.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from bot.playground.block_kit.rules import (
    Rule,
    anything,
    by_type,
    items,
    number,
    one_of,
    shape,
    string,
    typed,
)

_STYLES = dict.fromkeys(
    ["bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"],
    anything,
)
_STYLE: dict[str, Rule] = {"style": shape({}, _STYLES)}

_INLINE = by_type(
    {
        "text": typed({"text": string(3000)}, _STYLE),
        "link": typed({"url": string(3000)}, {**_STYLE, "text": string(3000), "unsafe": anything}),
        "emoji": typed({"name": string(255)}, {**_STYLE, "unicode": anything}),
        "user": typed({"user_id": string(64)}, _STYLE),
        "usergroup": typed({"usergroup_id": string(64)}, _STYLE),
        "channel": typed({"channel_id": string(64)}, _STYLE),
        "broadcast": typed({"range": one_of("here", "channel", "everyone")}, _STYLE),
        "date": typed(
            {"timestamp": number(0, 9_999_999_999), "format": string(255)},
            {**_STYLE, "url": string(3000), "fallback": string(3000)},
        ),
        "color": typed({"value": string(20)}),
    }
)
_ELEMENTS = items(_INLINE, 1000, 0)
_SECTION = typed({"elements": _ELEMENTS})
_BORDER: dict[str, Rule] = {"border": number(0, 1)}

_PARTS = by_type(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": typed(
            {"elements": _ELEMENTS}, {**_BORDER, "language": string(64)}
        ),
        "rich_text_quote": typed({"elements": _ELEMENTS}, _BORDER),
        "rich_text_list": typed(
            {
                "style": one_of("bullet", "ordered"),
                "elements": items(by_type({"rich_text_section": _SECTION}), 1000),
            },
            {**_BORDER, "indent": number(0, 8), "offset": number(0, 10_000)},
        ),
    }
)

RICH_TEXT = typed({"elements": items(_PARTS, 1000, 0)}, {"block_id": string(255)})
TABLE_CELL = by_type(
    {
        "raw_text": typed({"text": string(3000)}),
        "raw_number": typed({"value": anything}, {"text": string(3000)}),
        "rich_text": RICH_TEXT,
    }
)
