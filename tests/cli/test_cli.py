import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot import logs
from bot.cli import cli
from bot.config import NAMES
from tests import processes

Foghorn = Callable[..., Result]


@contextmanager
def logging_kept() -> Iterator[None]:
    """Put the logs back as they were, since a command sets them up for its own process."""
    names = ["", *logs._QUIETEST]  # noqa: SLF001 - what it sets
    before = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)
    logging.getLogger().handlers[:] = handlers
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def foghorn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Foghorn]:
    """The command, run in an empty folder without any settings but those given."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, **env: str) -> Result:
        return CliRunner().invoke(cli, words, env=env)

    with logging_kept():
        yield run


def complaint(result: Result) -> list[str]:
    """The lines that a command which cannot go on ends with."""
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    return result.stderr.splitlines()


def test_help_names_every_command(foghorn: Foghorn) -> None:
    shown = foghorn("--help")
    assert shown.exit_code == 0
    for command in ("run", "demo", "migrate", "page", "export"):
        assert f" {command} " in shown.stdout
    assert foghorn().stdout.strip() == shown.stdout.strip()


def test_an_unknown_command_is_said(foghorn: Foghorn) -> None:
    assert "No such command 'sail'" in "".join(complaint(foghorn("sail")))


def test_running_without_settings_names_all_that_is_missing(foghorn: Foghorn) -> None:
    first, *problems = complaint(foghorn("run"))
    assert first == "Foghorn cannot start:"
    assert [problem.split()[1] for problem in problems] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]


def test_running_with_bad_settings_names_each_and_shows_no_value(
    foghorn: Foghorn, tmp_path: Path
) -> None:
    (tmp_path / "foghorn.toml").write_text('admins = ["bob"]\ncolour = "blue"\n')
    lines = complaint(foghorn("run", SLACK_BOT_TOKEN="hunter2-token", PORT="high", HOST="a b"))
    told = "\n".join(lines)
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT", "HOST", "admins", "colour"):
        assert name in told
    assert "hunter2-token" not in told


def test_migrating_twice_is_migrating_once(foghorn: Foghorn, tmp_path: Path) -> None:
    for _ in range(2):
        result = foghorn("migrate", DATABASE_URL=f"sqlite:///{tmp_path}/here.db")
        assert result.exit_code == 0, result.output
        assert "The database is up to date." in result.stdout
    assert (tmp_path / "here.db").exists()


def test_migrating_needs_no_settings(foghorn: Foghorn, tmp_path: Path) -> None:
    assert foghorn("migrate").exit_code == 0
    assert (tmp_path / "foghorn.db").exists()


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////nowhere/at/all/foghorn.db",
        "sqlite:///diary.db",
        "postgresql://foghorn:hunter22@127.0.0.1:1/foghorn",
        "postgresql://foghorn:hunter22@nowhere.invalid/foghorn",
    ],
)
def test_a_database_that_cannot_be_opened_is_said_in_one_sentence(
    foghorn: Foghorn, tmp_path: Path, address: str
) -> None:
    (tmp_path / "diary.db").write_text("Dear diary, " * 500)
    [line] = complaint(foghorn("migrate", DATABASE_URL=address))
    assert line.startswith("Foghorn's database ")
    assert line.endswith("Check DATABASE_URL.")
    assert "hunter22" not in line


def test_a_run_that_cannot_open_its_database_says_the_same(foghorn: Foghorn) -> None:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-decoy-bot-token-4321",
        "SLACK_SIGNING_SECRET": "decoy-signing-secret-4321",
        "INSTATUS_API_KEY": "decoy-instatus-key-4321",
        "DATABASE_URL": "sqlite:////nowhere/at/all/foghorn.db",
        "PORT": "0",
    }
    [line] = complaint(foghorn("run", **env))
    assert line.endswith("Check DATABASE_URL.")


def test_the_command_is_the_package_and_both_are_quick_to_ask(tmp_path: Path) -> None:
    installed = Path(sys.executable).parent / "foghorn"
    for command in ([sys.executable, "-m", "bot"], [str(installed)]):
        said = processes.run(*command, "--help", cwd=tmp_path)
        assert "Run your team's public status page from Slack." in said
