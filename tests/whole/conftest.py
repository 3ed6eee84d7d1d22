from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.vendor import VendorFake
from tests.whole.rig import Rig, new_vendor, whole_bot
from tests.whole.works import Works, open_works


@pytest.fixture(params=["instatus", "incidentio"])
async def vendor(request: pytest.FixtureRequest) -> AsyncIterator[VendorFake]:
    async with new_vendor(request.param) as running:
        yield running


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def rig(vendor: VendorFake, tmp_path: Path) -> AsyncIterator[Rig]:
    """The bot over HTTP with one page of each vendor in turn."""
    async with whole_bot([vendor], tmp_path) as running:
        yield running


@pytest.fixture(params=["instatus", "incidentio", "local"])
async def works(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Works]:
    """The bot over HTTP with one page of each provider in turn, on which work is planned."""
    async with open_works(request.param, tmp_path) as running:
        yield running


@pytest.fixture
def parts(vendor: VendorFake) -> dict[str, str]:
    """Three components on the vendor's page by name; to be asked for before the bot runs."""
    page = vendor.page_id
    return {
        "API": vendor.add_component(page, "API", "Core"),
        "Web": vendor.add_component(page, "Web", "Core"),
        "Mail": vendor.add_component(page, "Mail"),
    }
