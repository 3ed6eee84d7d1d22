"""How our frozen dataclasses lie in JSON columns and come back whole."""

from typing import Any

from pydantic import TypeAdapter

from bot.domain.deliveries import (
    Announcement,
    DigestPost,
    DirectMessage,
    FormProgress,
    Payload,
    StepCheck,
    ThreadNote,
    ThreadPointer,
)
from bot.domain.incidents import IncidentDraft, UpdateDraft
from bot.domain.maintenances import MaintenanceDraft, MaintenanceUpdateDraft, Removal, WindowDraft
from bot.domain.pages import ComponentStatus
from bot.domain.receipts import ReadBack, Receipt
from bot.domain.reminders.ladders import Reminder, ReminderOutcome
from bot.domain.submissions import Form, MaintenanceUpdateForm, ReportForm, ScheduleForm, UpdateForm

_KINDS: dict[str, type[Any]] = {
    "publish": IncidentDraft,
    "update": UpdateDraft,
    "schedule": MaintenanceDraft,
    "maintenance_update": MaintenanceUpdateDraft,
    "move": WindowDraft,
    "remove": Removal,
    "check": StepCheck,
    "read_back": ReadBack,
    "announce": Announcement,
    "reply": Receipt,
    "note": ThreadNote,
    "remind": Reminder,
    "outcome": ReminderOutcome,
    "digest": DigestPost,
    "tell": DirectMessage,
    "show": FormProgress,
    "point": ThreadPointer,
    "report": ReportForm,
    "progress": UpdateForm,
    "schedule_form": ScheduleForm,
    "maintenance_progress": MaintenanceUpdateForm,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_ADAPTERS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(kind) for name, kind in _KINDS.items()}
_IMPACTS: TypeAdapter[dict[str, ComponentStatus]] = TypeAdapter(dict[str, ComponentStatus])


def kind_of(value: Payload | Form) -> str:
    """Return the word under which this sort of value is stored; it never changes."""
    return _NAMES[type(value)]


def to_json(value: Payload | Form) -> Any:  # noqa: ANN401 -- JSON has no narrower type
    """Return `value` as plain JSON values."""
    return _ADAPTERS[kind_of(value)].dump_python(value, mode="json")


def payload(kind: str, value: Any) -> Payload:  # noqa: ANN401 -- JSON has no narrower type
    """Return the delivery's payload that was stored as `kind`."""
    stored: Payload = _ADAPTERS[kind].validate_python(value)
    return stored


def form(kind: str, value: Any) -> Form:  # noqa: ANN401 -- JSON has no narrower type
    """Return the form that was stored as `kind`."""
    stored: Form = _ADAPTERS[kind].validate_python(value)
    return stored


def schedule(value: Any) -> ScheduleForm:  # noqa: ANN401 -- JSON has no narrower type
    """Return the form that was stored with a series, which has no other kind."""
    stored: ScheduleForm = _ADAPTERS[_NAMES[ScheduleForm]].validate_python(value)
    return stored


def impacts(value: Any) -> dict[str, ComponentStatus]:  # noqa: ANN401 -- JSON has no narrower type
    """Return what an incident does to components."""
    return _IMPACTS.validate_python(value)
