"""Logs on standard output, plain or JSON, from our code and from the libraries, without secrets."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterable
from typing import Literal

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
SHORTEST_SECRET = 6
"""A shorter value is no key, and hiding it would hide words."""

_TOKENS = (
    r"\bxox[a-z]+[-.][\w.-]+",
    r"\bxapp-[\w-]+",
    r"(?<=\bBearer )[^\s\"',\\]+",
    r"(?<=hooks\.slack\.com/)[^\s\"',\\]+",  # whoever holds a response URL can post
    r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)",
)

# What these say at lower levels holds message bodies or addresses, or is said at every tick.
_QUIETEST = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.INFO,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "markdown_it": logging.WARNING,
    "slack_bolt": logging.INFO,
    "slack_sdk": logging.INFO,
    "slack_sdk.socket_mode": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "uvicorn": logging.WARNING,
    "websockets": logging.WARNING,
}


def configure(
    log_format: Literal["plain", "json"] = "plain",
    level: str = "info",
    secrets: Iterable[str] = (),
) -> None:
    """Send every log line to standard output, from `level` on, with `secrets` hidden."""
    lowest = logging.getLevelNamesMapping()[level.upper()]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Formatter(log_format, redactor(secrets)))
    logging.basicConfig(handlers=[handler], level=lowest, force=True)
    logging.captureWarnings(capture=True)
    for name, floor in _QUIETEST.items():
        logging.getLogger(name).setLevel(max(floor, lowest))
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
    )


def redactor(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a function that hides `secrets`, and whatever looks like a token, in a text."""
    known = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
    known |= {json.dumps(secret)[1:-1] for secret in known}
    longest_first = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, longest_first), *_TOKENS]))
    return lambda text: pattern.sub(HIDDEN, text)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, then hides secrets in the whole line, exceptions included."""

    def __init__(self, log_format: Literal["plain", "json"], redact: Callable[[str], str]) -> None:
        super().__init__(
            foreign_pre_chain=_shared(),
            processors=[self.remove_processors_meta, *_renderers(log_format)],
        )
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(super().format(record))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderers(log_format: Literal["plain", "json"]) -> list[Processor]:
    if log_format == "json":
        return [
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            # The richer ones show local variables, which hold what people wrote.
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]
