"""The metadata of a form: what it carries along unseen."""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FormMetadata:
    """Where a form came from and what it is about.

    `replaces` is the refused submission that the form corrects; `root_view_id` the first step's
    view, when this is the second; `resolves` says that the person wants to resolve. `turns` is the
    maintenance that an incident takes over; `verb` and `end` are what was typed behind
    `/maintenance`, `zone` is the person's time zone. `seen` is the last submission about the
    subject that the form takes into account.
    """

    channel: str = ""
    subject_id: str = ""
    replaces: str = ""
    root_view_id: str = ""
    resolves: bool = False
    turns: str = ""
    verb: str = ""
    end: str = ""
    zone: str = ""
    seen: str = ""

    def dump(self) -> str:
        """Return it as short text."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})


_EMPTY = asdict(FormMetadata())


def form_metadata(view: dict[str, Any]) -> FormMetadata:
    """Return what this view carries, but for what another version of Foghorn may have added."""
    try:
        carried = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        carried = {}
    if not isinstance(carried, dict):
        carried = {}
    known = {
        name: carried[name]
        for name, empty in _EMPTY.items()
        if isinstance(carried.get(name), type(empty))
    }
    return FormMetadata(**known)
