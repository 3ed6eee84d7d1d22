"""How Slack takes its own markup apart, and texts that try to get in between."""

import re

from hypothesis import strategies as st

TOKEN = re.compile(r"<[^<>]*>")
ENTITY = re.compile(r"&(amp|lt|gt);")
LINK = re.compile(r"<(https?://|mailto:)[^<>|\s]+\|[^<>]*>")
DATE = re.compile(r"<!date\^\d+\^[^<>|]*\|[^<>]*>")

PIECES = st.sampled_from(
    [
        "a",
        "word",
        " ",
        "\n",
        "\n\n",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        ">",
        "> ",
        "- ",
        "1. ",
        "# ",
        "    ",
        "\t",
        "&",
        "&amp;",
        "&lt;",
        "<",
        "|",
        "!",
        "\\",
        "[",
        "](",
        "](!channel)",
        "](@U0ANN)",
        "](#C0INC)",
        "](javascript:alert(1))",
        "](https://x.example/?a=1&b=2)",
        ")",
        "<!channel>",
        "<!here|here>",
        "<@U0ANN>",
        "<#C0INC|ops>",
        "<!subteam^S1>",
        "<https://x.example>",
        "<!date^1^{time}|now>",
        "![",
        "@channel",
        "🔥",
        "naïve",
        "日本",
        "\u2028",
        "\x1c",
        "\r\n",
    ]
)
PERSONS_TEXT = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)


def is_whole(markup: str) -> bool:
    """Whether no link and no entity is cut: every sign that starts one belongs to a whole one."""
    rest = TOKEN.sub("", markup)
    return "<" not in rest and "&" not in ENTITY.sub("", markup)


def tokens(markup: str) -> list[str]:
    return TOKEN.findall(markup)
