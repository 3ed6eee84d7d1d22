import os

import pytest
from hypothesis import settings

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")  # noqa: TID251 (the tests' own setting)

# A busy machine is no failure: nothing here is judged by the clock.
settings.register_profile("house", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=2000, stateful_step_count=80)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("postgres"):
            item.user_properties.append(("needs", "postgres"))  # .ci/all_ran.py looks for it
            if not POSTGRES_URL:
                item.add_marker(pytest.mark.skip(reason="TEST_POSTGRES_URL is not set"))
        if item.get_closest_marker("browser"):
            item.user_properties.append(("needs", "browser"))


@pytest.fixture(scope="session")
def postgres_url() -> str:
    return POSTGRES_URL


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
