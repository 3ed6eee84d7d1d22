"""A form is stored with its kind, and what is read back and answered lies flat."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FORMS = ("submissions", "drafts")
# Until now each form was known by a field that no other had.
_MARKS = {
    "zone": "schedule_form",
    "maintenance_id": "maintenance_progress",
    "incident_id": "progress",
    "pages": "report",
}


def upgrade() -> None:
    """Make the change."""
    for name in _FORMS:
        empty = sa.text("''")
        kind = sa.Column("kind", sa.String(), nullable=False, server_default=empty)
        op.add_column(name, kind)
        forms, key = _table(name, "form"), "id" if name == "submissions" else "view_id"
        for row in op.get_bind().execute(sa.select(forms.c[key], forms.c.form)).all():
            known = next(word for mark, word in _MARKS.items() if mark in row.form)
            _set(forms, key, row[0], kind=known)
    _rewrite("read_back", lambda payload: payload.get("wanted", payload))
    _rewrite("reply", lambda payload: payload.pop("receipt", {}) | payload)
    _rewrite("tell", lambda payload: _renamed(payload, "heirs", "fallbacks"))


def downgrade() -> None:
    """Take it back."""
    _rewrite("read_back", lambda payload: {"wanted": payload})
    _rewrite("reply", lambda payload: {"broadcast": payload.pop("broadcast"), "receipt": payload})
    _rewrite("tell", lambda payload: _renamed(payload, "fallbacks", "heirs"))
    for name in _FORMS:
        op.drop_column(name, "kind")


def _rewrite(kind: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rewrite the payloads of one kind of delivery."""
    deliveries = _table("deliveries", "payload")
    ours = sa.select(deliveries.c.id, deliveries.c.payload).where(deliveries.c.kind == kind)
    for row in op.get_bind().execute(ours).all():
        _set(deliveries, "id", row.id, payload=change(dict(row.payload)))


def _renamed(payload: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {new if key == old else key: value for key, value in payload.items()}


def _table(name: str, json: str) -> sa.TableClause:
    plain = [sa.column(key, sa.String()) for key in ("id", "view_id", "kind")]
    return sa.table(name, *plain, sa.column(json, sa.JSON()))


def _set(table: sa.TableClause, key: str, of: object, **values: object) -> None:
    op.get_bind().execute(sa.update(table).where(table.c[key] == of).values(**values))
