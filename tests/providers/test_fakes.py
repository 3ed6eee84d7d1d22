"""The fakes refuse what their vendors would, so that the suite means something."""

import ast
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.ports import Account, StatusPage
from tests.fakes.incidentio import IncidentIoFake
from tests.fakes.instatus import InstatusFake
from tests.fakes.vendor import VendorFake

pytestmark = pytest.mark.anyio


@pytest.fixture
async def instatus() -> AsyncIterator[InstatusFake]:
    async with InstatusFake() as fake:
        yield fake


@pytest.fixture
async def incidentio() -> AsyncIterator[IncidentIoFake]:
    async with IncidentIoFake() as fake:
        yield fake


async def send(
    fake: VendorFake, method: str, path: str, body: Mapping[str, Any] | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {fake.key}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=fake.url, headers=headers, verify=False) as client:  # noqa: S501 (plain HTTP on loopback)
        return await client.request(method, path, json=body)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"surprise": 1}, "surprise: unknown"),
        ({"status": "investigating"}, "status: invalid"),
        ({"name": ""}, "name: invalid"),
        ({"started": "2026-05-04 14:00:00.000"}, "started: invalid"),
        ({"started": "2026-05-04T14:00:00+00:00"}, "started: invalid"),
        ({"statuses": [{"id": "API", "status": "MINOROUTAGE"}]}, "statuses: invalid"),
        ({"components": []}, "does not stand in components"),
        ({"components": ["no"], "statuses": []}, "no component of the page"),
        ({"notify": None}, "notify: invalid"),
    ],
)
async def test_instatus_refuses_a_bad_incident(
    instatus: InstatusFake, change: dict[str, Any], why: str
) -> None:
    api = instatus.add_component(instatus.page_id, "API")
    statuses = [{"id": api, "status": "MAJOROUTAGE"}]
    good = {"name": "N", "status": "INVESTIGATING", "components": [api], "statuses": statuses}
    answer = await send(instatus, "POST", f"/v1/{instatus.page_id}/incidents", good | change)
    assert answer.status_code == 500
    assert why in instatus.refusals[0].why
    assert instatus.incidents() == []


async def test_instatus_answers_mistakes_in_its_own_ways(instatus: InstatusFake) -> None:
    incidents = f"/v1/{instatus.page_id}/incidents"
    incident = instatus.open_incident(instatus.page_id, "N")
    bare = {"status": "MONITORING", "statuses": []}
    codes = [
        (await send(instatus, "POST", incidents)).status_code,
        (await send(instatus, "GET", "/v1/nowhere/incidents")).status_code,
        (await send(instatus, "GET", f"{incidents}/none")).status_code,
        (await send(instatus, "DELETE", f"{incidents}/none")).status_code,
        (await send(instatus, "POST", f"{incidents}/{incident}", {"a": 1})).status_code,
        (
            await send(instatus, "POST", f"{incidents}/{incident}/incident-updates", bare)
        ).status_code,
        (await send(instatus, "PUT", f"{incidents}/{incident}", {"name": "M"})).status_code,
        (await send(instatus, "GET", f"{incidents}?per_page=101")).status_code,
        (await send(instatus, "GET", "/v3/anything")).status_code,
    ]
    assert codes == [403, 404, 500, 500, 500, 500, 500, 500, 404]


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"name": "N" * 201},
        {"message": "M" * 4097},
        {"message": ""},
        {"notify_subscribers": None},
        {"component_statuses": [{"component_id": "no", "component_status": "operational"}]},
        {"component_statuses": [{"component_id": "no", "component_status": "under_maintenance"}]},
        {"idempotency_key": ""},
    ],
)
async def test_incidentio_refuses_a_bad_incident(
    incidentio: IncidentIoFake, change: dict[str, Any]
) -> None:
    good = {
        "status_page_id": incidentio.page_id,
        "name": "N",
        "incident_status": "investigating",
        "message": "M",
        "notify_subscribers": True,
        "idempotency_key": "k",
    }
    answer = await send(incidentio, "POST", "/v2/status_page_incidents", good | change)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"]["field"] == next(iter(change))
    assert answer.headers["x-ratelimit-limit"] == "60, 1200;window=60, 60;window=60"
    assert incidentio.incidents() == []


async def test_incidentio_refuses_components_with_resolved_even_none(
    incidentio: IncidentIoFake,
) -> None:
    body = {
        "status_page_incident_id": incidentio.open_incident(incidentio.page_id, "N"),
        "message": "M",
        "notify_subscribers": False,
        "incident_status": "resolved",
        "component_statuses": [],
    }
    answer = await send(incidentio, "POST", "/v2/status_page_incident_updates", body)
    assert answer.status_code == 422
    assert incidentio.incidents()[0].status == "investigating"


async def test_incidentio_pages_by_25_and_knows_its_cursors(incidentio: IncidentIoFake) -> None:
    for number in range(26):
        incidentio.open_incident(incidentio.page_id, f"N {number}")
    path = f"/v2/status_page_incidents?status_page_id={incidentio.page_id}"
    first = (await send(incidentio, "GET", path)).json()
    after = first["pagination_meta"]["after"]
    second = (await send(incidentio, "GET", f"{path}&after={after}")).json()
    counts = [len(page["status_page_incidents"]) for page in (first, second)]
    assert counts == [25, 1]
    assert "after" not in second["pagination_meta"]
    assert (await send(incidentio, "GET", f"{path}&after=no")).status_code == 404


async def test_a_request_is_remembered_with_its_body(instatus: InstatusFake) -> None:
    await send(instatus, "POST", "/v1/x/incidents", {"name": "N"})
    [request] = instatus.requests
    assert (request.method, request.path, request.body) == (
        "POST",
        "/v1/x/incidents",
        {"name": "N"},
    )


@pytest.mark.parametrize("protocol", [StatusPage, Account])
def test_every_method_of_a_page_appears_in_the_contract_suite(protocol: type) -> None:
    suites = Path(__file__).parent.glob("test_contract*.py")
    trees = [ast.parse(suite.read_text(encoding="utf-8")) for suite in suites]
    nodes = (node for tree in trees for node in ast.walk(tree))
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    methods = {name for name in vars(protocol) if not name.startswith("_")}
    assert methods - used == set()
