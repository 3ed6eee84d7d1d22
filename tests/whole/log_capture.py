"""The log as an operator would read it, and everything as it was before once that is done."""

import contextlib
import io
import logging
from collections.abc import Callable, Iterator
from typing import Literal

import structlog

from bot import logs


@contextlib.contextmanager
def captured(log_format: Literal["plain", "json"], level: str) -> Iterator[Callable[[], str]]:
    """Configure the log, and give what reads all that was written since."""
    root = logging.getLogger()
    handlers = root.handlers[:]
    known = [each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    levels = {logger: logger.level for logger in (root, *known)}
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        logs.configure(log_format, level)
    yield written.getvalue
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    for logger, before in levels.items():
        logger.setLevel(before)
