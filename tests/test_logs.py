import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRET = 'in"status-key'


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._QUIETEST}  # noqa: SLF001
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_a_plain_line_says_when_how_bad_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger("bot.outbox").info("Delivery done", page="instatus:p1")
    line = capsys.readouterr().out
    assert "info" in line
    assert "Delivery done" in line
    assert "page=instatus:p1" in line
    assert "bot.outbox" in line


def test_a_json_line_can_be_read_by_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    with structlog.contextvars.bound_contextvars(delivery=7):
        structlog.get_logger().warning("Delivery unsure", attempt=2)
    line = json.loads(capsys.readouterr().out)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "message": "Delivery unsure",
        "level": "warning",
        "logger": "tests.test_logs",
        "attempt": 2,
        "delivery": 7,
    }


def test_the_libraries_log_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    logging.getLogger("somebody").info("hello %s", "there")
    line = json.loads(capsys.readouterr().out)
    assert (line["message"], line["logger"], line["level"]) == ("hello there", "somebody", "info")


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(level="warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("somebody").info("quiet")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("library", "level"),
    [
        ("slack_bolt.AsyncApp", logging.DEBUG),
        ("slack_sdk.web", logging.DEBUG),
        ("httpx", logging.INFO),
        ("httpcore.http11", logging.INFO),
        ("apscheduler.executors.default", logging.INFO),
        ("uvicorn.error", logging.INFO),
    ],
)
def test_a_library_that_tells_too_much_is_kept_quiet(
    capsys: pytest.CaptureFixture[str], library: str, level: int
) -> None:
    logs.configure(level="debug")
    logging.getLogger(library).log(level, "a whole body")
    assert capsys.readouterr().out == ""
    logging.getLogger(library).warning("a short note")
    assert "a short note" in capsys.readouterr().out


@pytest.mark.parametrize("log_format", ["plain", "json"])
@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-abc",
        "xoxp-1-2-3",
        "xoxe.xoxp-1-abc",
        "xapp-1-A0-9",
        SECRET,
    ],
)
def test_a_secret_is_hidden_wherever_it_appears(
    capsys: pytest.CaptureFixture[str], log_format: str, secret: str
) -> None:
    logs.configure("json" if log_format == "json" else "plain", secrets=[SECRET])
    structlog.get_logger().info(f"said {secret} here", key=secret, deep={"in": [secret]})
    logging.getLogger("somebody").info("told %s", secret)
    try:
        int(f"refused: {secret}")
    except ValueError:
        structlog.get_logger().exception("Failed")
    out = capsys.readouterr().out
    assert "ValueError" in out
    assert "refused" in out
    assert secret not in out
    assert json.dumps(secret)[1:-1] not in out
    assert out.count(logs.HIDDEN) >= 5


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Bearer abc.def/ghi==", "Authorization: Bearer [hidden]"),
        ("https://hooks.slack.com/commands/T1/2/3 ok", "https://hooks.slack.com/[hidden] ok"),
        ("postgres://me:pw@db/x", "postgres://[hidden]@db/x"),
        ("a word of six", "a word of six"),
        ("http://host:3000/a@b", "http://host:3000/a@b"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str, left: str) -> None:
    assert logs.redactor([])(text) == left


def test_a_value_too_short_for_a_key_hides_no_words() -> None:
    assert logs.redactor(["word", ""])("a word") == "a word"


def test_warnings_are_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old way", DeprecationWarning, stacklevel=1)
    assert "old way" in capsys.readouterr().out
