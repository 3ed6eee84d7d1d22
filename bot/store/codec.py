"""How our frozen dataclasses lie in JSON columns and come back whole."""

from typing import Any

from pydantic import TypeAdapter

from bot.domain.deliveries import Announce, Payload, ReadBack, Reply, Show, Tell
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.pages import ComponentStatus
from bot.domain.submissions import Progress, Report

_KINDS: dict[str, type[Any]] = {
    "publish": IncidentDraft,
    "update": UpdateDraft,
    "read_back": ReadBack,
    "announce": Announce,
    "reply": Reply,
    "tell": Tell,
    "show": Show,
    "report": Report,
    "progress": Progress,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in _KINDS.items()}
_IMPACTS: TypeAdapter[dict[str, ComponentStatus]] = TypeAdapter(dict[str, ComponentStatus])


def kind_of(value: Payload | Report | Progress) -> str:
    """Return the word under which this sort of value is stored; it never changes."""
    return _NAMES[type(value)]


def to_json(value: Payload | Report | Progress) -> Any:  # noqa: ANN401 -- JSON has no narrower type
    """Return `value` as plain JSON values."""
    return _ADAPTERS[kind_of(value)].dump_python(value, mode="json")


def payload(kind: str, value: Any) -> Payload:  # noqa: ANN401 -- JSON has no narrower type
    """Return the delivery's payload that was stored as `kind`."""
    stored: Payload = _ADAPTERS[kind].validate_python(value)
    return stored


def form(value: Any) -> Report | Progress:  # noqa: ANN401 -- JSON has no narrower type
    """Return the form that was stored; only a report has pages."""
    stored: Report | Progress = _ADAPTERS[
        "report" if "pages" in value else "progress"
    ].validate_python(value)
    return stored


def impacts(value: Any) -> dict[str, ComponentStatus]:  # noqa: ANN401 -- JSON has no narrower type
    """Return what an incident does to components."""
    return _IMPACTS.validate_python(value)
