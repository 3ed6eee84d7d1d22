"""How instants are written to providers."""

from datetime import UTC, datetime


def instant(at: datetime) -> str:
    """Write an instant in RFC 3339, in UTC with milliseconds and `Z`, as Instatus answers them."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
