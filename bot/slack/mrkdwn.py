"""Slack's own markup, from the Markdown of pages."""

from collections.abc import Callable
from functools import lru_cache

from markdown_it.tree import SyntaxTreeNode

from bot.markdown import parser
from bot.slack.blocks import address, escape

_PARSER = parser()

_MARKS = {"strong": "*", "em": "_", "s": "~"}
_INDENT = "    "
_LABEL_LIMIT = 1000


@lru_cache(maxsize=256)  # a message is shown in a form, a preview, a parent and a thread
def from_markdown(text: str) -> str:
    """Return `text` as Slack's markup, everything a person wrote escaped so that nothing pings."""
    try:
        lines = _stacked(SyntaxTreeNode(_PARSER.parse(text)), apart=True)
    except RecursionError:  # marks within marks within marks: nobody means them
        lines = []
    # The parser drops what lies too deep, which customers may see all the same.
    return "\n".join(lines).strip() or escape(text.strip())


def _stacked(node: SyntaxTreeNode, *, apart: bool) -> list[str]:
    """Return the lines of what stands below `node`, with empty ones between if `apart`."""
    lines: list[str] = []
    for child in node.children:
        lines += [""] if lines and apart else []
        lines += _WRITERS.get(child.type, _paragraph)(child)
    return lines


def _paragraph(node: SyntaxTreeNode) -> list[str]:
    return "".join(_inline(child, frozenset()) for child in node.children).split("\n")


def _heading(node: SyntaxTreeNode) -> list[str]:
    words = "".join(_inline(child, frozenset({"strong"})) for child in node.children)
    return _marked("*", words).split("\n") if words else []


def _quote(node: SyntaxTreeNode) -> list[str]:
    return [f"&gt; {line}" for line in _stacked(node, apart=True)]


def _list(node: SyntaxTreeNode) -> list[str]:
    number = int(node.attrs.get("start", 1))
    lines: list[str] = []
    for item in node.children:
        mark = "•" if node.type == "bullet_list" else f"{number}."
        first, *more = _stacked(item, apart=False) or [""]
        lines += [f"{mark} {first}", *(_INDENT + line for line in more)]
        number += 1
    return lines


def _code(node: SyntaxTreeNode) -> list[str]:
    """Mark each line on its own, since Slack ends a fence where a message is cut or quoted."""
    language = [node.info] if node.info else []
    return [_literal(line) for line in [*language, *node.content.rstrip("\n").split("\n")]]


def _rule(_node: SyntaxTreeNode) -> list[str]:
    return ["———"]


_WRITERS: dict[str, Callable[[SyntaxTreeNode], list[str]]] = {
    "heading": _heading,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}


def _inline(node: SyntaxTreeNode, within: frozenset[str]) -> str:
    """Return one piece of a paragraph; `within` names what it stands in already."""
    match node.type:
        case "text":
            return escape(node.content)
        case "code_inline":
            return _literal(node.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            label = escape(node.content)
            return label if "link" in within else _link(str(node.attrs.get("src", "")), label)
    inner = "".join(_inline(child, within | {node.type}) for child in node.children)
    if node.type == "link" and "link" not in within:
        return _link(str(node.attrs.get("href", "")), inner)
    return _marked("" if node.type in within else _MARKS.get(node.type, ""), inner)


def _marked(mark: str, text: str) -> str:
    """Mark each line on its own, since Slack's marks end with the line."""
    return "\n".join(f"{mark}{line}{mark}" if line else "" for line in text.split("\n"))


def _link(url: str, label: str) -> str:
    label = " ".join(label.split())
    target = address(url)
    if target and len(label) <= _LABEL_LIMIT:
        return f"<{target}|{label or target}>"
    return f"{label} ({escape(url)})" if label else escape(url)


def _literal(text: str) -> str:
    """Return code of one line; with a mark of its own in it, it stands as it is."""
    return f"`{escape(text)}`" if text.strip() and "`" not in text else escape(text)
