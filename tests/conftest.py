import gc
import inspect
import os
import statistics
from collections.abc import Generator

import pytest
from hypothesis import settings

from tests import dialects, waits

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")  # noqa: TID251 (the tests' own setting)

# A busy machine is no failure: nothing here is judged by the clock.
settings.register_profile("house", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=2000, stateful_step_count=80)
settings.load_profile("house")

dialects.register()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("postgres"):
            item.user_properties.append(("needs", "postgres"))  # .ci/all_ran.py looks for it
        if item.get_closest_marker("browser"):
            item.user_properties.append(("needs", "browser"))
            item.add_marker(pytest.mark.timeout(waits.BROWSER_SECONDS))


def pytest_collection_finish() -> None:
    """Keep the tests and all that they import out of every later search for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run, all in one place: so one line tells how much was skipped."""
    if item.get_closest_marker("postgres") and not POSTGRES_URL:
        pytest.skip("PostgreSQL: TEST_POSTGRES_URL is not set")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """End a test that hangs in good order, before `timeout` kills the process that runs it."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        own = pyfuncitem.get_closest_marker("timeout")
        seconds = float(own.args[0] if own else pyfuncitem.config.getini("timeout"))
        pyfuncitem.obj = waits.limited(pyfuncitem.obj, seconds - waits.TIDY_SECONDS)
    return (yield)


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
