"""How long tests wait: as long as a slow and busy machine needs, and no longer than they must."""

import asyncio
import functools
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

SECONDS = 180.0
"""For any one thing; a test as a whole has `timeout` of pyproject.toml."""
BROWSER_SECONDS = 720
"""For a test in a browser as a whole: the first of them installs its checkers."""
SLACK_SECONDS = 30.0
"""For Slack, whose own three seconds are too few for a bot on a machine that does much else."""
TIDY_SECONDS = 60
"""How long before it is killed a test is asked to end: so its programs end too."""


class GaveUp(AssertionError):
    """What a test waited for has not come."""


@asynccontextmanager
async def patience(what: str, seconds: float = SECONDS) -> AsyncIterator[None]:
    """End the block when it takes too long, and say what it waited for."""
    waiting = asyncio.timeout(seconds)
    try:
        async with waiting:
            yield
    except TimeoutError as error:
        if not waiting.expired():
            raise
        raise GaveUp(f"no {what} within {seconds:g} s") from error


def limited(test: Callable[..., Awaitable[None]], seconds: float) -> Callable[..., Awaitable[None]]:
    """Return the test with a limit, at which it says where each of its tasks stands."""

    @functools.wraps(test)
    async def run(*args: object, **kwargs: object) -> None:
        try:
            async with patience("end of the test", seconds):
                await test(*args, **kwargs)
        except GaveUp as error:
            error.add_note(_tasks())
            raise

    return run


def _tasks() -> str:
    told = io.StringIO()
    for task in asyncio.all_tasks():
        task.print_stack(limit=5, file=told)
    return told.getvalue()
