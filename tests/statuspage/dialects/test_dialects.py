import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from bot.domain.incidents import IncidentStatus
from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from bot.statuspage.model.change_times import ChangeTimes
from bot.statuspage.model.site import Group, MaintenanceRecord, Site
from bot.statuspage.model.site_state import SiteState, compute_state
from bot.statuspage.served.catalogue import catalogue
from tests.statuspage import histories
from tests.statuspage.sites import (
    NOW,
    OPERATIONAL,
    component_record,
    incident,
    maintenance,
    outage,
    quiet,
    site,
)

V2 = "/api/v2/"
SCHEMAS = {
    V2 + "summary.json": "statuspage_summary",
    V2 + "status.json": "statuspage_status",
    V2 + "components.json": "statuspage_components",
    V2 + "incidents.json": "statuspage_incidents",
    V2 + "incidents/unresolved.json": "statuspage_incidents",
    V2 + "scheduled-maintenances.json": "statuspage_scheduled_maintenances",
    V2 + "scheduled-maintenances/upcoming.json": "statuspage_scheduled_maintenances",
    V2 + "scheduled-maintenances/active.json": "statuspage_scheduled_maintenances",
    "/api/v1/summary": "incidentio_summary",
    "/summary.json": "instatus_summary",
}
IMPACTS = {
    "minor": "DEGRADEDPERFORMANCE",
    "major": "PARTIALOUTAGE",
    "critical": "MAJOROUTAGE",
}
ORDER = [
    "Operational",
    "Under maintenance",
    "Degraded performance",
    "Partial outage",
    "Major outage",
]
XHTML = "{http://www.w3.org/1999/xhtml}"


@cache
def validator(name: str) -> Draft202012Validator:
    path = Path(__file__).parent / "schemas" / f"{name}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def state_of(of: Site) -> SiteState:
    return compute_state(of, ChangeTimes(of).last(NOW))


def body(now: SiteState, path: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    return json.loads(catalogue(now)[path].make(now))


@pytest.mark.parametrize("path", SCHEMAS)
@pytest.mark.parametrize("made", [quiet, outage, site])
def test_every_answer_has_the_shape_that_its_readers_know(
    path: str, made: Callable[[], Site]
) -> None:
    validator(SCHEMAS[path]).validate(body(state_of(made()), path))


@given(histories.sites())
def test_no_history_breaks_a_shape(of: Site) -> None:
    now = state_of(of)
    for path, name in SCHEMAS.items():
        validator(name).validate(body(now, path))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: answer["status"].update(indicator="scheduled"),
        lambda answer: answer["components"][0].pop("description"),
        lambda answer: answer.update(incidents=None),
        lambda answer: answer["incidents"].append(answer["scheduled_maintenances"][0]),
    ],
)
def test_the_schema_would_notice(spoil: Callable[[Any], object]) -> None:
    answer = body(state_of(outage()), V2 + "summary.json")
    spoil(answer)
    with pytest.raises(ValidationError):
        validator(SCHEMAS[V2 + "summary.json"]).validate(answer)


@given(histories.sites(), st.integers(0, 72))
def test_the_page_and_all_dialects_agree(of: Site, hours: int) -> None:
    now = compute_state(of, ChangeTimes(of).last(NOW + timedelta(hours=hours)))
    statuspage, widget, instatus = (
        body(now, path) for path in (V2 + "summary.json", "/api/v1/summary", "/summary.json")
    )
    shown = Shown(catalogue(now)["/"].make(now))
    open_ids = [one["id"] for one in statuspage["incidents"]]
    assert [one["id"] for one in widget["ongoing_incidents"]] == open_ids
    impacts = [IMPACTS[one["impact"]] for one in statuspage["incidents"]]
    assert [one["impact"] for one in instatus["activeIncidents"]] == impacts
    assert [one["id"] for one in instatus["activeIncidents"]] == open_ids
    # People get the worst first, readers the newest.
    assert sorted(shown.events("/incident/", "section", "open")) == sorted(open_ids)
    planned = [one["id"] for one in statuspage["scheduled_maintenances"]]
    running = [one["id"] for one in widget["in_progress_maintenances"]]
    assert running + [one["id"] for one in widget["scheduled_maintenances"]] == planned
    assert [one["id"] for one in instatus["activeMaintenances"]] == planned
    assert shown.events("/maintenance/", "article", "card") == planned
    agree_on_components(statuspage, widget, instatus, shown)


def agree_on_components(statuspage: Any, widget: Any, instatus: Any, shown: "Shown") -> None:  # noqa: ANN401 -- parsed JSON
    statuses = {one["name"]: one["status"] for one in statuspage["components"] if not one["group"]}
    words = {name: status.replace("_", " ").capitalize() for name, status in statuses.items()}
    assert shown.components() == words
    listed = [ORDER.index(word) for word in words.values()]
    heading = ORDER[max(listed, default=0)] if max(listed, default=0) else "All systems operational"
    in_progress = statuspage["status"]["description"] == "Incident in progress"
    assert shown.heading() == ("Incident in progress" if in_progress else heading)
    mentioned: dict[str, str] = {}
    for event in [one for found in widget.values() if isinstance(found, list) for one in found]:
        for one in event["affected_components"]:
            mentioned[one["name"]] = one["current_status"].replace("full_outage", "major_outage")
    # The widget's readers know no word for maintenance: its own lists say what runs.
    statuses = {
        name: status.replace("under_maintenance", "operational")
        for name, status in statuses.items()
    }
    bad = {name: status for name, status in statuses.items() if status != "operational"}
    assert {name: status for name, status in mentioned.items() if name in statuses}.items() >= (
        bad.items()
    )
    assert all(mentioned[name] == statuses[name] for name in mentioned if name in statuses)
    indicator = statuspage["status"]["indicator"]
    states = {"none": "UP", "maintenance": "UNDERMAINTENANCE"}
    assert instatus["page"]["status"] == states.get(indicator, "HASISSUES")


class Shown:
    """What a person sees on the front page."""

    def __init__(self, page: bytes) -> None:
        self._tree = html5lib.parse(page, transport_encoding="utf-8")

    def heading(self) -> str:
        return "".join(self._tree.findtext(f".//{XHTML}h1", ""))

    def events(self, path: str, tag: str, kind: str) -> list[str]:
        """Return the ids of the events that parts of a kind link to."""
        parts = [
            part for part in self._tree.iter(XHTML + tag) if kind in part.get("class", "").split()
        ]
        links = [link.get("href", "") for part in parts for link in part.iter(XHTML + "a")]
        return [link.removeprefix(path) for link in links if link.startswith(path)]

    def components(self) -> dict[str, str]:
        """Return each component's status in words, by its name."""
        found = {}
        for row in self._tree.iter(XHTML + "div"):
            if row.get("class") == "row":
                name, state = row.findall(XHTML + "span")
                found["".join(name.itertext())] = "".join(state.itertext()).strip()
        return found


def test_a_cancelled_maintenance_is_gone_for_readers() -> None:
    gone = site(maintenances=(maintenance(status=MaintenanceStatus.CANCELLED),))
    assert body(state_of(gone), V2 + "scheduled-maintenances.json")["scheduled_maintenances"] == []
    assert body(state_of(gone), "/summary.json")["activeMaintenances"] == []


def test_an_open_incident_without_a_component_is_said_to_readers() -> None:
    now = state_of(site(incidents=(incident(updates=(), impacts={}),)))
    said = {"indicator": "minor", "description": "Incident in progress"}
    assert body(now, V2 + "status.json")["status"] == said
    assert body(now, V2 + "summary.json")["status"] == said
    assert body(now, "/summary.json")["page"]["status"] == "HASISSUES"


@pytest.mark.parametrize("impacts", [{}, {"api": OPERATIONAL}], ids=["none", "operational"])
@pytest.mark.parametrize("planned", [(), (maintenance(starts=NOW),)], ids=["quiet", "maintained"])
def test_an_open_incident_that_harms_no_component_is_one_thing_to_all_readers(
    impacts: dict[str, ComponentStatus], planned: tuple[MaintenanceRecord, ...]
) -> None:
    now = state_of(site(incidents=(incident(updates=(), impacts=impacts),), maintenances=planned))
    summary, widget, instatus = (
        body(now, path) for path in (V2 + "summary.json", "/api/v1/summary", "/summary.json")
    )
    assert [one["impact"] for one in summary["incidents"]] == ["minor"]
    assert [one["impact"] for one in instatus["activeIncidents"]] == ["DEGRADEDPERFORMANCE"]
    found = [one["current_worst_impact"] for one in widget["ongoing_incidents"]]
    assert found == ["degraded_performance"]
    assert summary["status"]["indicator"] == "minor"
    assert instatus["page"]["status"] == "HASISSUES"


def test_the_impact_of_an_incident_stays_when_it_is_resolved() -> None:
    over = incident(updates=(), impacts={}, status=IncidentStatus.RESOLVED, resolved=NOW)
    [shown] = body(state_of(site(incidents=(over,))), V2 + "incidents.json")["incidents"]
    assert shown["impact"] == "minor"


def test_the_widget_names_no_group_where_there_is_none() -> None:
    hit = maintenance(starts=NOW, component_ids=("api", "web"))
    parts = (component_record(), component_record("Web", group_id="g1"))
    now = state_of(site(*parts, groups=(Group("g1", "Core", 1),), maintenances=(hit,)))
    [running] = body(now, "/api/v1/summary")["in_progress_maintenances"]
    assert running["affected_components"] == [
        {"id": "api", "name": "API", "current_status": "operational"},
        {"id": "web", "name": "Web", "group_name": "Core", "current_status": "operational"},
    ]


def test_readers_of_instatus_learn_when_a_maintenance_really_began() -> None:
    early = maintenance(
        status=MaintenanceStatus.IN_PROGRESS, started=NOW - timedelta(minutes=2, seconds=10)
    )
    [shown] = body(state_of(site(maintenances=(early,))), "/summary.json")["activeMaintenances"]
    assert (shown["start"], shown["duration"]) == ("2026-11-20T09:40:00.000Z", 80)


def test_updates_say_what_they_changed() -> None:
    [shown] = body(state_of(site(incidents=(incident(),))), V2 + "incidents.json")["incidents"]
    [affected] = shown["incident_updates"][0]["affected_components"]
    assert affected == {
        "code": "api",
        "name": "API",
        "old_status": "operational",
        "new_status": "partial_outage",
    }
    assert shown["components"][0]["id"] == "api"
