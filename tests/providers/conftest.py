"""A page at every provider."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.vendor import VendorFake
from tests.providers.rigs import FAULTY, RIGS, FakeRig, Rig, incidentio, instatus


@pytest.fixture(params=list(RIGS))
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    async with RIGS[request.param]() as opened:
        yield opened


@pytest.fixture(params=list(FAULTY))
async def faulty(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Rig, VendorFake]]:
    async with FAULTY[request.param](None) as opened:
        assert opened.faults is not None
        yield opened, opened.faults


@pytest.fixture
async def at_instatus() -> AsyncIterator[FakeRig]:
    async with instatus() as opened:
        yield opened


@pytest.fixture
async def at_incidentio() -> AsyncIterator[FakeRig]:
    async with incidentio() as opened:
        yield opened
