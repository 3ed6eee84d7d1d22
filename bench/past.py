"""A page's records with a long past, written straight into its tables."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert

from bot.statuspage.records import tables
from bot.store.migrations import upgrade

DAYS = 730
_STATUSES = ["degraded_performance", "partial_outage", "major_outage"]
_STEPS = ["investigating", "identified", "monitoring", "resolved"]
_TEXT = "Some requests fail. We have found the cause and are **rolling back**. " * 3


def fill(file: Path, components: int, incidents: int) -> str:
    """Make a database with so much past, all of it over; return its address."""
    address = f"sqlite:///{file}"
    upgrade(address)
    chance = random.Random(1)  # noqa: S311 -- the same past every time
    now = datetime.now(UTC)  # noqa: TID251 -- the bars end today
    since = now - timedelta(days=DAYS)
    rows: dict[str, list[dict[str, Any]]] = {"incidents": [], "updates": [], "intervals": []}
    for number in range(incidents):
        started = now - timedelta(minutes=chance.randrange(600, DAYS * 1440))
        hit = chance.sample(range(components), chance.randint(1, 4))
        _incident(rows, number, started, {f"c{one}": chance.choice(_STATUSES) for one in hit})
    engine = create_engine(address)
    with engine.begin() as tx:
        tx.execute(insert(tables.page), {"id": 1, "name": "Acme", "revision": 1})
        groups = range((components + 9) // 10)
        tx.execute(
            insert(tables.groups),
            [{"id": f"g{n}", "name": f"Group {n}", "position": n} for n in groups],
        )
        tx.execute(insert(tables.components), [_component(n, since) for n in range(components)])
        for name, made in rows.items():
            tx.execute(insert(tables.metadata.tables[f"site_{name}"]), made)
    engine.dispose()
    return address


def _component(number: int, since: datetime) -> dict[str, Any]:
    return {
        "id": f"c{number}",
        "name": f"Component {number}",
        "description": "",
        "group_id": f"g{number // 10}",
        "position": number,
        "since": since,
        "archived": False,
    }


def _incident(
    rows: dict[str, list[dict[str, Any]]], number: int, started: datetime, hit: dict[str, str]
) -> None:
    ended = started + timedelta(minutes=90)
    rows["incidents"].append(
        {
            "id": f"i{number}",
            "name": f"Some requests fail ({number})",
            "status": "resolved",
            "impacts": {},
            "started_at": started,
            "resolved_at": ended,
            "created_at": started,
        }
    )
    rows["updates"] += [
        {
            "id": f"u{number}-{place}",
            "incident_id": f"i{number}",
            "number": place,
            "status": step,
            "message": _TEXT,
            "statuses": hit if step != "resolved" else dict.fromkeys(hit, "operational"),
            "at": started + timedelta(minutes=30 * place),
            "notified": True,
        }
        for place, step in enumerate(_STEPS)
    ]
    rows["intervals"] += [
        {
            "source_id": f"i{number}",
            "number": place,
            "component_id": component_id,
            "status": status,
            "start_at": started,
            "end_at": ended,
        }
        for place, (component_id, status) in enumerate(hit.items())
    ]
