import os
import statistics

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long Slack waited for its acknowledgements while something else was in trouble.

    Here, since of the conftests only this one is read where the workers' results come together.
    """
    reports = [report for some in terminalreporter.stats.values() for report in some]
    seconds = [
        each
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for name, waited in report.user_properties
        if name == "acknowledged"
        for each in waited
    ]
    if seconds:
        terminalreporter.write_line(
            f"{len(seconds)} requests of Slack acknowledged in others' trouble: "
            f"p50 {statistics.median(seconds) * 1000:.1f} ms, max {max(seconds) * 1000:.1f} ms"
        )
