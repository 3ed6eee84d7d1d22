import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.database import open_database
from bot.statuspage.records.declaration import Declaration, DeclaredComponent, apply_declaration
from tests.statuspage.records.writing import NOW

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    root, alembic = logging.getLogger(), logging.getLogger("alembic")
    before = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    alembic.setLevel(before[2])
    structlog.reset_defaults()


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/foghorn.db")

    def run(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["page", *words])
        assert result.exit_code == code, result.output
        return result

    return run


def rows(page: Run) -> list[tuple[str, ...]]:
    """Group, name and status of every row, as the table shows them."""
    lines = page("components").stdout.splitlines()
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    return [tuple(row[:3]) for row in cells]


def test_components_are_added_listed_and_described(page: Run) -> None:
    page("groups", "add", "Core")
    said = page("add", "API [v2]", "--group", "core", "--description", "REST [b]x[/b]").stdout
    page("add", "Mail")
    page("describe", "mail", "To customers")
    assert said.startswith("Added API [v2] (c")
    assert rows(page) == [("", "Mail", "Operational"), ("Core", "API [v2]", "Operational")]
    listed = page("components").stdout
    assert "REST [b]x[/b]" in listed
    assert "To customers" in listed


def test_components_are_renamed_moved_archived_and_restored(page: Run) -> None:
    page("groups", "add", "Core")
    for name in ("API", "Web", "Mail"):
        page("add", name)
    page("rename", "API", "REST API")
    page("move", "rest api", "--after", "Web")
    page("move", "Mail", "--group", "Core")
    page("archive", "“Core/Mail”")
    assert rows(page) == [
        ("", "Web", "Operational"),
        ("", "REST API", "Operational"),
        ("Core", "Mail", "Archived"),
    ]
    page("restore", "Mail")
    page("move", "Mail", "--group", "")
    assert rows(page)[2:] == [("", "Mail", "Operational"), ("Core", "", "")]


def test_groups_are_renamed_moved_and_removed(page: Run) -> None:
    for name in ("Core", "Web", "Old"):
        page("groups", "add", name)
    page("groups", "rename", "„core“", "Main")
    page("groups", "move", "Web", "--before", "Main")
    page("groups", "move", "Old")
    assert rows(page) == [("Web", "", ""), ("Main", "", ""), ("Old", "", "")]
    page("groups", "remove", "Old")
    assert len(rows(page)) == 2
    assert "beside itself" in page("groups", "move", "Web", "--before", "web", code=1).stderr


@pytest.mark.parametrize(
    ("words", "code", "wanted"),
    [
        (["rename", "Nope", "X"], 1, "no component Nope; `foghorn page components` lists them"),
        (["add", "X", "--group", "Nope"], 1, "no group Nope; `foghorn page groups add` makes one"),
        (["archive", "API"], 1, "API may be API (c"),
        (["add", "API"], 1, "There is a component API in this place already."),
        (["move", "Core/API"], 2, "write one of --before, --after and --group"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(
    page: Run, words: list[str], code: int, wanted: str
) -> None:
    page("groups", "add", "Core")
    page("add", "API")
    page("add", "API", "--group", "Core")
    before = rows(page)
    assert wanted in page(*words, code=code).stderr
    assert rows(page) == before


def test_what_the_file_declares_is_to_be_changed_there_too(page: Run, tmp_path: Path) -> None:
    page("add", "Mail")
    asyncio.run(declare(f"sqlite:///{tmp_path}/foghorn.db", "API"))
    assert "foghorn.toml declares it" in page("rename", "API", "REST API").stdout
    assert "foghorn.toml" not in page("rename", "Mail", "E-mail").stdout
    lines = page("components").stdout.splitlines()
    assert ["yes" in line for line in lines if "API" in line or "E-mail" in line] == [True, False]


async def declare(address: str, name: str) -> None:
    async with open_database(address) as store:
        await store.write(
            apply_declaration, Declaration(None, {None: [DeclaredComponent(name)]}), NOW
        )


def test_a_database_that_is_not_there_is_told(page: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert "unable to open database file" in page("components", code=2).stderr


def test_a_bad_setting_is_told(page: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db")
    assert "DATABASE_URL is no database that Foghorn knows" in page("components", code=2).stderr
