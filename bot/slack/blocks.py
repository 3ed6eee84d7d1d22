"""Block Kit pieces that keep Slack's limits and let no text of a person's ping anyone.

Limits: Slack's Block Kit reference.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date as date_type
from datetime import datetime
from typing import Any
from urllib.parse import quote as percent_encoded

from bot.domain import times

Block = dict[str, Any]

SECTION_LIMIT = 3000
OPTION_LIMIT = 75
LABEL_LIMIT = 75
INPUT_LABEL_LIMIT = 2000
OPTIONS_LIMIT = 100
PLAIN_INPUT_LIMIT = 3000
SHORT_LIMIT = 300
QUOTE_LIMIT = 6000
"""Characters of quoted text in a message, so that the whole stays below Slack's 12,000 or so."""
_QUOTED = "> "
_ADDRESS_LIMIT = 1500
_LABEL_LIMIT = 200
_WEB = re.compile(r"https?://.|mailto:.", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s<>|]")
_ATOM = re.compile(r"<[^<>]*>|&\w+;|.", re.DOTALL)
"""What is never cut: a link or date, an entity, a character."""


def escape(text: str) -> str:
    """Return `text` as Slack shows it literally: no mention, no link, no date in it works."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """Return `text`, or its beginning with an ellipsis when it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut_markup(markup: str, limit: int) -> str:
    """Cut text that is escaped already, never inside an entity or a link."""
    if len(markup) <= limit:
        return markup
    return markup[: _fitting(markup, limit - 1)].rstrip() + "…"


def short(text: str, limit: int = SHORT_LIMIT) -> str:
    """Return a name or a sentence of somebody's, escaped, and cut where it would be a text."""
    return cut_markup(escape(text), limit)


def _fitting(markup: str, limit: int) -> int:
    """Return the length of the longest beginning that is whole and not longer than `limit`."""
    end = 0
    for atom in _ATOM.finditer(markup):
        if atom.end() > limit:
            break
        end = atom.end()
    return end


def plain(text: str, limit: int = SECTION_LIMIT) -> Block:
    """Return a plain text object, in which nothing pings and no emoji name is replaced."""
    return {"type": "plain_text", "text": cut(text, limit) or " ", "emoji": False}


def mrkdwn(markup: str, limit: int = SECTION_LIMIT) -> Block:
    """Return a text object of Slack's markup; whatever people wrote in it is escaped already."""
    return {"type": "mrkdwn", "text": cut_markup(markup, limit), "verbatim": True}


def section(markup: str, limit: int = SECTION_LIMIT) -> Block:
    """Return a paragraph."""
    return {"type": "section", "text": mrkdwn(markup, limit)}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text, 150)}


def context(*markups: str) -> Block:
    """Return a line in small grey print."""
    return {"type": "context", "elements": [mrkdwn(markup) for markup in markups if markup][:10]}


def and_more(rest: int, what: str) -> list[Block]:
    """Return a line that says how much is left out, if anything is."""
    return [context(f"And {rest} {what}")] if rest > 0 else []


def quote(markup: str) -> list[Block]:
    """Return quoted paragraphs; what is too long for a message is visibly cut."""
    quoted = "\n".join(_QUOTED + line for line in markup.splitlines() or [""])
    return packed(cut_markup(quoted, QUOTE_LIMIT).split("\n"))


def as_written(text: str) -> Block:
    """Return a quoted text exactly as somebody wrote it, in which no markup works."""
    starts = range(0, len(text), SECTION_LIMIT)
    pieces = [text[start : start + SECTION_LIMIT] for start in starts]
    elements = [{"type": "text", "text": piece} for piece in pieces]
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": elements}]}


def packed(lines: Iterable[str]) -> list[Block]:
    """Return lines in as few paragraphs as take them; only a quoted one may be too long."""
    parts = [""]
    for line in lines:
        for piece in _break(line):
            joined = f"{parts[-1]}\n{piece}" if parts[-1] else piece
            if len(joined) <= SECTION_LIMIT:
                parts[-1] = joined
            else:
                parts.append(piece)
    return [section(part) for part in parts]


def _break(line: str) -> Iterable[str]:
    """Break a quoted line that is too long for a section, at a space where there is one."""
    while len(line) > SECTION_LIMIT:
        end = _fitting(line, SECTION_LIMIT)
        atoms = _ATOM.finditer(line, len(_QUOTED), end)
        end = max((atom.start() for atom in atoms if atom[0] == " "), default=end)
        # A single atom that is longer than a section can only be broken where it is.
        end = end if end > len(_QUOTED) else SECTION_LIMIT
        yield line[:end]
        line = _QUOTED + line[end:].lstrip()
    yield line


def address(url: str) -> str:
    """Return `url` as it may stand in a link; nothing where it is no address on the web.

    Slack reads `<!channel>`, `<@U…>` and `<#C…>` as mentions, whatever label follows.
    """
    encoded = _UNSAFE.sub(lambda sign: percent_encoded(sign[0]), url.strip())
    safe = escape(encoded)
    return safe if _WEB.match(encoded) and len(safe) <= _ADDRESS_LIMIT else ""


def link(url: str | None, label: str) -> str:
    """Return a link in Slack's markup; just the label where `url` is no address on the web."""
    words = escape(" ".join(cut(label, _LABEL_LIMIT).split()))
    target = address(url or "")
    return f"<{target}|{words or target}>" if target else words


def date(instant: datetime) -> str:
    """Return an instant in the reader's own zone, with the UTC time for those who see no dates."""
    return _token(instant, "{date_short_pretty} {time}", times.utc(instant))


def clock(instant: datetime) -> str:
    """Return the time of day of an instant, as `date` does."""
    return _token(instant, "{time}", times.clock(instant))


def ago(instant: datetime) -> str:
    """Return how long ago an instant was, as of when it is looked at."""
    return _token(instant, "{ago}", f"at {times.utc(instant)}")


def _token(instant: datetime, shown: str, otherwise: str) -> str:
    return f"<!date^{int(instant.timestamp())}^{shown}|{otherwise}>"


def button(  # noqa: PLR0913 -- these are the parts of a button
    text: str,
    action_id: str,
    value: str = "",
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """Return a button; `value` comes back when it is clicked."""
    made: Block = {"type": "button", "text": plain(text, 75), "action_id": action_id}
    return made | _given(value=value or None, style=style, url=url, confirm=confirm)


def confirmation(title: str, text: str, yes: str) -> Block:
    """Return a question that Slack asks before a click counts."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Leave it", 30),
    }


def actions(*buttons: Block) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def with_button(markup: str, button: Block) -> list[Block]:
    """Return a paragraph, and what can be done about it."""
    return [section(markup), actions(button)]


def option(text: str, value: str, description: str | None = None) -> Block:
    """Return one choice of a menu."""
    made: Block = {"text": plain(text, OPTION_LIMIT), "value": value}
    return made | _given(description=plain(description, OPTION_LIMIT) if description else None)


def entry(  # noqa: PLR0913 -- these are the parts of a field
    name: str,
    label: str,
    element: Block,
    *,
    optional: bool = False,
    dispatch: bool = False,
    hint: str = "",
) -> Block:
    """Return a field of a form, known to us as `name`; with `dispatch` we hear of each change."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, INPUT_LABEL_LIMIT),
        "element": {"action_id": name, **element},
        "optional": optional,
    } | _given(dispatch_action=dispatch or None, hint=plain(hint, 2000) if hint else None)


def text_input(
    value: str | None = None, *, multiline: bool = False, placeholder: str = ""
) -> Block:
    """Return a text field, filled in as far as Slack lets us."""
    field = {"type": "plain_text_input", "multiline": multiline, "max_length": PLAIN_INPUT_LIMIT}
    return field | _given(
        initial_value=value[:PLAIN_INPUT_LIMIT] if value else None,
        placeholder=plain(placeholder, 150) if placeholder else None,
    )


def select(options: Sequence[Block], *wanted: str) -> Block:
    """Return a menu of at most a hundred options; the first of the values `wanted` is chosen."""
    by_value = {option["value"]: option for option in options}
    chosen = next((by_value[value] for value in wanted if value in by_value), None)
    return {"type": "static_select", "options": list(options)} | _given(initial_option=chosen)


def checkboxes(options: Sequence[Block], ticked: Sequence[Block] = ()) -> Block:
    """Return boxes to tick, at most ten."""
    return {"type": "checkboxes", "options": list(options)} | _given(
        initial_options=list(ticked) or None
    )


def instant_picker(chosen: datetime | None = None) -> Block:
    """Return a choice of day and time, which Slack shows and takes in the reader's own zone."""
    return {"type": "datetimepicker"} | _given(
        initial_date_time=int(chosen.timestamp()) if chosen else None
    )


def day_picker(chosen: date_type | None = None) -> Block:
    """Return a choice of a day."""
    return {"type": "datepicker"} | _given(initial_date=chosen.isoformat() if chosen else None)


def number_input(value: int | None, least: int, most: int) -> Block:
    """Return a field for a whole number."""
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": str(least),
        "max_value": str(most),
    } | _given(initial_value=str(value) if value is not None else None)


def modal(  # noqa: PLR0913 -- these are the parts of a modal
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: str = "",
) -> Block:
    """Return a modal."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks),
        "private_metadata": metadata,
    } | _given(submit=plain(submit, 24) if submit else None)


def _given(**fields: Any) -> Block:  # noqa: ANN401 -- Block Kit's own fields
    return {name: value for name, value in fields.items() if value is not None}
