"""From the Markdown of pages to Slack's own markup."""

from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.slack.blocks import escape, link

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")

_MARKS = {"strong": "*", "em": "_", "s": "~"}


def from_markdown(text: str) -> str:
    """Return `text` as Slack's markup, everything a person wrote escaped so that nothing pings."""
    lines: list[str] = []
    bullets: list[str] = []
    for token in _PARSER.parse(text):
        match token.type:
            case "bullet_list_open":
                bullets.append("•")
            case "ordered_list_open":
                bullets.append(str(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                bullets.pop()
            case "list_item_open":
                lines.append(_bullet(bullets))
            case "inline":
                lines.append(_inline(token.children or []))
            case "fence" | "code_block":
                lines.append(f"```\n{escape(token.content)}```\n")
            case "paragraph_close" | "heading_close":
                lines.append("\n" if token.hidden else "\n\n")
    return "".join(lines).strip()


def _bullet(bullets: list[str]) -> str:
    mark = bullets[-1]
    if mark.isdigit():
        bullets[-1] = str(int(mark) + 1)
        mark += "."
    return f"{'    ' * (len(bullets) - 1)}{mark} "


def _inline(tokens: Sequence[Token]) -> str:
    made: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(made)))
        elif token.type == "link_close":
            href, start = links.pop()
            label = "".join(made[start:])
            made[start:] = [f"{link(href, '')[:-2]}|{label}>" if label else link(href, href)]
        else:
            made.append(_piece(token))
    return "".join(made)


def _piece(token: Token) -> str:
    writers: dict[str, Callable[[], str]] = {
        "text": lambda: escape(token.content),
        "code_inline": lambda: f"`{escape(token.content)}`",
        "softbreak": lambda: "\n",
        "hardbreak": lambda: "\n",
        "image": lambda: escape(token.content),
    }
    if token.type in writers:
        return writers[token.type]()
    return _MARKS.get(token.type.rpartition("_")[0], "")
