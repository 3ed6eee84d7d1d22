"""The rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config import NAMES, load
from bot.config.own_page import OwnComponent, OwnGroup, OwnPage
from bot.config.reminders import (
    CadenceTable,
    DigestTable,
    LadderTable,
    MaintenanceLadderTable,
    MaintenanceTable,
    RemindersTable,
    SilenceTable,
)
from bot.config.sources import Delivery, File, PageSettings

ROOT = Path(__file__).parent.parent
CODE = sorted((ROOT / "bot").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LOCKS = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
BINARY = {".gif", ".ico", ".jpg", ".png", ".pyc", ".webp", ".woff2"}
EVERYTHING = {"Exception", "BaseException"}
# What .gitignore leaves out: caches, what is built, and what whoever runs it here has set.
MADE = re.compile(
    r"\.(git|venv|env|cache|hypothesis|\w+_cache|coverage.*)|.*\.(egg-info|db|db-shm|db-wal)"
    r"|__pycache__|htmlcov|build|dist|foghorn\.toml"
)


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {name(path): path.read_text(encoding="utf-8").count("\n") for path in CODE}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    # A migration is a list of columns; it is written once and read beside the tables.
    long = [
        f"{name(path)}:{node.name}"
        for path, node in nodes([path for path in CODE if "/migrations/" not in name(path)])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= 40
    ]
    assert long == []


def test_every_module_and_class_says_what_it_is() -> None:
    silent = [
        f"{name(path)}:{getattr(node, 'lineno', 1)}"
        for path, node in nodes(CODE)
        if isinstance(node, ast.Module | ast.ClassDef) and not ast.get_docstring(node)
    ]
    assert silent == []


# Where a fault of ours must not stop others, and what is done about it. Elsewhere say what can go
# wrong.
CATCH_ALLS = {
    "export._write": "no half-written file stays behind; the fault is raised on",
    "outbox.Outbox._attempt": "what broke may have arrived, so it is unsure and looked for",
    "outbox.Outbox.run": "one broken tick must not end all later ones; it is logged",
    "runner.Database._commit_together": "each job then runs alone and shows whose fault it was",
    "timers.attempt": "one timer is taken back alone, and whoever asked is given the fault",
}


def test_everything_is_caught_only_where_a_fault_must_not_stop_others() -> None:
    places = [place for path in CODE for place in catch_alls(parse(path), module(path))]
    assert sorted(places) == sorted(CATCH_ALLS)


def test_every_method_of_a_page_is_in_the_contract() -> None:
    [page] = [
        node
        for _path, node in nodes([ROOT / "bot/ports.py"])
        if isinstance(node, ast.ClassDef) and node.name == "StatusPage"
    ]
    contract = read("tests/providers/test_contract.py")
    contract += read("tests/providers/test_contract_maintenances.py")
    methods = [n.name for n in page.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert len(methods) > 10
    assert [each for each in methods if not re.search(rf"page\.{each}\b", contract)] == []


def test_nothing_of_ours_is_mocked() -> None:
    imported = {
        (module, name(path)) for path, node in nodes(TESTS) for module in imported_modules(node)
    }
    mocks = {"mock", "pytest_mock", "unittest.mock", "aioresponses", "respx", "responses"}
    assert {(module, path) for module, path in imported if module in mocks} == set()


@pytest.mark.parametrize("setting", NAMES)
def test_every_variable_is_described(setting: str) -> None:
    assert f"| `{setting}` |" in read("docs/configuration.md")
    assert re.search(rf"^{setting}=", read(".env.example"), re.MULTILINE)


def test_no_variable_is_described_that_is_not_read() -> None:
    assert set(re.findall(r"^(\w+)=", read(".env.example"), re.MULTILINE)) == set(NAMES)
    assert set(re.findall(r"^\| `([A-Z_]+)`", read("docs/configuration.md"), re.MULTILINE)) == set(
        NAMES
    )


TABLES = (
    *(File, PageSettings, Delivery, OwnPage, OwnGroup, OwnComponent),
    *(RemindersTable, CadenceTable, SilenceTable, LadderTable, MaintenanceLadderTable),
    *(DigestTable, MaintenanceTable),
)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_the_file_is_described(table: type[BaseModel]) -> None:
    rows = [line for line in read("docs/configuration.md").splitlines() if line.startswith("| `")]
    for key in table.model_fields:
        assert any(re.search(rf"`\[*(page\.|reminders\.)?{key}\b", row) for row in rows), key


def test_the_example_file_is_right_and_has_every_key() -> None:
    settings = load({"FOGHORN_CONFIG": "foghorn.example.toml"}, ROOT, for_run=False)
    assert settings.delivery == Delivery()
    text = read("foghorn.example.toml")
    keys = {key for table in TABLES for key in table.model_fields}
    pattern = r"^#?\[*(page\.|reminders\.)?{}\b|\b{} ="
    missing = {key for key in keys if not re.search(pattern.format(key, key), text, re.MULTILINE)}
    assert missing == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_registry(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-(-index|-extra|-find|-trusted|i |f )| @ ", text, re.MULTILINE)
    pins = [line for line in text.splitlines() if re.match(r"[a-z]", line)]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)


def test_the_npm_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in read("tests/browser/node/package-lock.json")


def test_every_file_is_as_the_editors_are_told() -> None:
    told = read(".editorconfig").partition("[*]\n")[2].partition("\n\n")[0]
    for line in ("charset = utf-8", "end_of_line = lf", "insert_final_newline = true"):
        assert line in told
    assert "trim_trailing_whitespace = true" in told
    text = {name(path): path.read_bytes().decode() for path in files(ROOT)}
    assert {path for path, content in text.items() if "\r" in content} == set()
    assert {path for path, content in text.items() if re.search(r"[ \t]\n", content)} == set()
    assert {path for path, content in text.items() if content and content[-1] != "\n"} == set()


def test_no_file_knows_where_it_was_written() -> None:
    # Homes and work places in general, and the ones of whoever runs this.
    somewhere = r"(?<![\w.}>-])/(Users|home|root|work|workspace)/\w"
    here = "|".join(re.escape(f"{place}/") for place in (ROOT, Path.home()))
    found = [
        f"{name(path)}: {match[0]}"
        for path in files(ROOT)
        for match in re.finditer(f"{somewhere}|{here}", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    return path.parent.name if path.stem == "__init__" else path.stem


def files(folder: Path) -> Iterator[Path]:
    """Yield the text files that belong to the project."""
    for path in sorted(folder.iterdir()):
        if MADE.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix not in BINARY:
            yield path


def nodes(paths: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    for path in paths:
        yield from ((path, node) for node in parsed(path))


@cache
def parsed(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parse(path)))


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def catch_alls(node: ast.AST, where: str) -> Iterator[str]:
    """Yield the class and function around each catch-all, such as `outbox.Outbox.run`."""
    if catches_everything(node):
        yield where
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        where = f"{where}.{node.name}"
    for child in ast.iter_child_nodes(node):
        yield from catch_alls(child, where)


def catches_everything(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
        caught = node.args
    else:
        return False
    return any(kind is None or ast.unparse(kind) in EVERYTHING for kind in caught)


def imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
