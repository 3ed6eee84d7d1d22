import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = ("pyproject.toml", "README.md", "LICENSE", "bot")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """What `make release` builds, from a copy: a build leaves files behind where it works."""
    tree, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, tree)
    build = ["uv", "build", "--no-cache", "--no-config", "--offline", "--no-build-isolation"]
    where = ["--python", sys.executable, "--out-dir", str(built), str(tree)]
    ran = subprocess.run(  # noqa: S603 - our own build
        [sys.executable, "-m", *build, *where], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    [path] = built.glob("*.whl")
    return zipfile.ZipFile(path)


def test_a_wheel_holds_the_mark_that_foghorn_is_typed(wheel: zipfile.ZipFile) -> None:
    assert "bot/py.typed" in wheel.namelist()
    assert "Typing :: Typed" in project()["classifiers"]


def test_a_wheel_holds_every_file_of_the_bot_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    ours = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bot").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == ours


def test_a_wheel_tells_the_version_of_pyproject(wheel: zipfile.ZipFile) -> None:
    [path] = [name for name in wheel.namelist() if name.endswith("METADATA")]
    metadata = Parser().parsestr(wheel.read(path).decode())
    assert metadata["Version"] == project()["version"]


def project() -> dict[str, list[str]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        table: dict[str, list[str]] = tomllib.load(file)["project"]
    return table
