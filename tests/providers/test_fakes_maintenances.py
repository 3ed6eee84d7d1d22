"""The fakes refuse what their vendors would, and take the steps that they promised to take."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.maintenances import MaintenanceStatus
from bot.domain.pages import ComponentStatus
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake, wall_clock
from tests.providers.rigs import HOUR, sample
from tests.providers.test_fakes import incidentio, instatus, send

pytestmark = pytest.mark.anyio

__all__ = ["incidentio", "instatus"]

SCHEDULED, RUNS = MaintenanceStatus.SCHEDULED, MaintenanceStatus.IN_PROGRESS
OVER = MaintenanceStatus.COMPLETED
UNDER = ComponentStatus.UNDER_MAINTENANCE


def planned(fake: InstatusFake, name: str = "create_body", **change: object) -> dict[str, Any]:
    """Return the document's body, about a component of the fake's."""
    body: dict[str, Any] = sample("instatus", f"maintenance_{name}")
    api = fake.add_component(fake.page_id, "API")
    statuses = [{"id": api, "status": "UNDERMAINTENANCE"}]
    return body | {"components": [api], "statuses": statuses} | change


def window(fake: IncidentIoFake, **change: object) -> dict[str, Any]:
    starts = wall_clock() + HOUR
    return {
        "status_page_id": fake.page_id,
        "name": "N",
        "message": "M",
        "maintenance_status": "maintenance_scheduled",
        "notify_subscribers": True,
        "idempotency_key": "k",
        "affected_component_ids": [fake.add_component(fake.page_id, "API")],
        "start_at": f"{starts:%Y-%m-%dT%H:%M:%S}Z",
        "end_at": f"{starts + HOUR:%Y-%m-%dT%H:%M:%S}Z",
        "automate_maintenance_status": True,
        **change,
    }


def said(fake: VendorFake, **change: object) -> dict[str, Any]:
    return {
        "status_page_maintenance_id": fake.start_maintenance(fake.page_id, "N", ()),
        "message": "M",
        "notify_subscribers": False,
        **change,
    }


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


async def test_the_documents_calls_are_taken(instatus: InstatusFake) -> None:
    path = f"/v1/{instatus.page_id}/maintenances"
    work = (await send(instatus, "POST", path, planned(instatus))).json()["id"]
    moved = await send(instatus, "PUT", f"{path}/{work}", planned(instatus, "move_body"))
    updates = f"{path}/{work}/maintenance-updates"
    update = await send(instatus, "POST", updates, planned(instatus, "update_body"))
    assert (moved.status_code, update.status_code, instatus.refusals) == (200, 200, [])
    assert (await send(instatus, "DELETE", f"{path}/{work}")).json() == {"id": work}


@pytest.mark.parametrize(
    "name",
    [
        *("name", "components", "start", "end", "status", "notify", "notifyStart"),
        *("notifyEnd", "notifyEarly", "autoStart", "autoEnd"),
    ],
)
async def test_instatus_wants_what_it_lists_as_required(instatus: InstatusFake, name: str) -> None:
    path = f"/v1/{instatus.page_id}/maintenances"
    answer = await send(instatus, "POST", path, without(planned(instatus), name))
    assert (answer.status_code, instatus.maintenances()) == (500, [])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"notifySoon": True}, "notifySoon: unknown"),
        ({"status": "SCHEDULED"}, "status: invalid"),
        ({"start": "2026-06-01 22:00:00.000"}, "start: invalid"),
        ({"duration": 61}, "duration: is not true to end"),
        ({"duration": 60.0}, "duration: invalid"),
        ({"components": []}, "does not stand in components"),
        ({"components": ["no"], "statuses": []}, "no component of the page"),
    ],
)
async def test_instatus_refuses_a_bad_maintenance(
    instatus: InstatusFake, change: dict[str, Any], why: str
) -> None:
    body = planned(instatus, **change)
    answer = await send(instatus, "POST", f"/v1/{instatus.page_id}/maintenances", body)
    assert (answer.status_code, instatus.maintenances()) == (500, [])
    assert why in instatus.refusals[0].why


async def test_instatus_takes_no_notices_when_a_window_moves(instatus: InstatusFake) -> None:
    path = f"/v1/{instatus.page_id}/maintenances"
    work = (await send(instatus, "POST", path, planned(instatus))).json()["id"]
    bad = [
        planned(instatus, "move_body", notifyStart=True),
        *(without(planned(instatus, "move_body"), name) for name in ("message", "statuses")),
    ]
    codes = [(await send(instatus, "PUT", f"{path}/{work}", each)).status_code for each in bad]
    bare = {"status": "INPROGRESS", "statuses": []}
    codes.append(
        (await send(instatus, "POST", f"{path}/{work}/maintenance-updates", bare)).status_code
    )
    codes += [(await send(instatus, verb, f"{path}/no")).status_code for verb in ("GET", "DELETE")]
    component = f"/v2/{instatus.page_id}/components/no"
    codes.append((await send(instatus, "PUT", component, {"status": "OPERATIONAL"})).status_code)
    assert codes == [500] * 7


@pytest.mark.parametrize(
    "change",
    [
        {"maintenance_status": "maintenance_completed"},
        {"affected_component_ids": ["no"]},
        {"affected_component_ids": [{"component_id": "no"}]},
        {"start_at": "2026-03-07 22:00"},
        {"name": "N" * 201},
        {"message": "M" * 4097},
        {"component_statuses": []},
        {"automate_maintenance_status": None},
    ],
)
async def test_incidentio_refuses_a_bad_maintenance(
    incidentio: IncidentIoFake, change: dict[str, Any]
) -> None:
    body = window(incidentio, **change)
    answer = await send(incidentio, "POST", "/v2/status_page_maintenances", body)
    assert (answer.status_code, incidentio.maintenances()) == (422, [])
    assert answer.json()["errors"][0]["source"]["field"] == next(iter(change))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"maintenance_status": "maintenance_complete", "component_statuses": []}, 422),
        ({"component_statuses": [{"component_id": "no", "component_status": "operational"}]}, 422),
        ({"status_page_maintenance_id": "no"}, 404),
        ({"message": ""}, 422),
        ({"idempotency_key": "k"}, 422),
        ({}, 201),
    ],
)
async def test_incidentio_checks_an_update(
    incidentio: IncidentIoFake, change: dict[str, Any], status: int
) -> None:
    body = said(incidentio, **change)
    answer = await send(incidentio, "POST", "/v2/status_page_maintenance_updates", body)
    assert answer.status_code == status
    assert len(incidentio.maintenances()[0].updates) == (2 if status == 201 else 1)


async def test_incidentio_moves_and_deletes_as_documented(incidentio: IncidentIoFake) -> None:
    path = "/v2/status_page_maintenances"
    body = window(incidentio)
    work = (await send(incidentio, "POST", path, body)).json()["status_page_maintenance"]["id"]
    times = {name: body[name] for name in ("start_at", "end_at")}
    codes = [
        (await send(incidentio, "PUT", f"{path}/{work}", {"name": "N"})).status_code,
        (await send(incidentio, "PUT", f"{path}/{work}", {"name": "N", **times})).status_code,
        (await send(incidentio, "DELETE", f"{path}/{work}")).status_code,
        (await send(incidentio, "DELETE", f"{path}/{work}")).status_code,
    ]
    assert codes == [422, 200, 204, 404]


@pytest.mark.parametrize("drives", [True, False])
async def test_the_pages_drive_in_the_order_of_time_or_not_at_all(
    instatus: InstatusFake, *, drives: bool
) -> None:
    first = planned(instatus, notifyEarly=False)
    second = first | {
        "start": "2026-06-01T21:00:00Z",
        "end": "2026-06-01T22:30:00Z",
        "duration": 90,
    }
    instatus.now = lambda: wall_clock() - timedelta(days=10_000)
    for body in (first, second | {"name": "Earlier"}):
        await send(instatus, "POST", f"/v1/{instatus.page_id}/maintenances", body)
    instatus.drives = drives
    [api] = first["components"]
    instatus.now = lambda: wall_clock() + timedelta(days=10_000)
    assert [each.status for each in instatus.maintenances()] == [OVER if drives else SCHEDULED] * 2
    heard = [(each.name, each.status) for each in instatus.notifications][2:]
    late = first["name"]
    steps = [("Earlier", RUNS), (late, RUNS), ("Earlier", OVER), (late, OVER)]
    assert heard == (steps if drives else [])
    assert instatus.component_status(api) is ComponentStatus.OPERATIONAL


async def test_instatus_may_leave_components_as_they_are_at_the_end(instatus: InstatusFake) -> None:
    instatus.now = lambda: wall_clock() - timedelta(days=10_000)
    body = planned(instatus)
    await send(instatus, "POST", f"/v1/{instatus.page_id}/maintenances", body)
    instatus.resets = False
    instatus.now = lambda: wall_clock() + timedelta(days=10_000)
    assert instatus.component_status(body["components"][0]) is UNDER
