"""Maintenances: planned work on components, within a window."""

from enum import StrEnum


class MaintenanceStatus(StrEnum):
    """Where planned work stands; `UNKNOWN` is a word of the page's that we do not know."""

    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The field's own words for a person."""
        return self.value.replace("_", " ").capitalize()
