"""How providers write times."""

from datetime import UTC, datetime


def write_instant(at: datetime) -> str:
    """Write an instant in RFC 3339, in UTC with milliseconds and `Z`, as Instatus answers them."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_utc(instant: datetime) -> datetime:
    """Return an instant in UTC; zone-less text is taken as UTC."""
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
