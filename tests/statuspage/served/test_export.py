import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.export import Exporter
from bot.clock import SystemClock
from bot.database import open_database
from bot.errors import FoghornError
from bot.statuspage.records.seed import seed
from bot.statuspage.served.catalogue import HTML, Item
from bot.statuspage.served.export import LIST, export, file_of, files
from tests import processes
from tests.databases import new_file
from tests.statuspage.served.served_page import ServedPage
from tests.statuspage.sites import maintenance, outage, quiet, site

pytestmark = pytest.mark.anyio


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != LIST
    }


def written(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in held(folder)}


async def test_files_and_answers_are_the_same_bytes(tmp_path: Path) -> None:
    page = ServedPage(outage())
    version = await page.cache.current()
    await export(version, tmp_path)
    found = held(tmp_path)
    for path, item in version.items.items():
        answer = await page.ask(path)
        assert found.pop(file_of(path, item).as_posix()) == answer.content, path
    assert found == {"404.html": (await page.ask("/nowhere")).content}


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/history/2026-11", "history/2026-11/index.html"),
        ("/incident/01K9.X", "incident/01K9.X/index.html"),
    ],
)
def test_a_page_is_the_index_of_its_folder(path: str, file: str) -> None:
    assert file_of(path, Item(HTML, lambda _: b"")).as_posix() == file


@pytest.mark.parametrize("path", ["/incident/..", "/incident/%2e%2e/x", "/../x"])
def test_no_file_is_written_beside_the_folder(path: str) -> None:
    with pytest.raises(FoghornError, match="cannot be a file"):
        file_of(path, Item(HTML, lambda _: b""))


async def test_what_is_gone_is_removed_and_what_others_put_there_stays(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("status.acme.example")
    (tmp_path / "incident").mkdir()
    (tmp_path / "incident" / "note.txt").write_text("ours")
    page = ServedPage(outage())
    await export(await page.cache.current(), tmp_path)
    assert (tmp_path / "incident/01K9EXPORTS/index.html").exists()
    page.site = replace(page.site, incidents=(), revision=48)
    await export(await page.cache.current(), tmp_path)
    assert [path.name for path in (tmp_path / "incident").iterdir()] == ["note.txt"]
    assert (tmp_path / "CNAME").exists()


async def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    page = ServedPage(quiet())
    assert await export(await page.cache.current(), tmp_path) > 20
    before = written(tmp_path)
    page.site = replace(page.site, revision=99)
    assert await export(await page.cache.current(), tmp_path) == 0
    assert written(tmp_path) == before


async def test_a_file_is_replaced_and_never_written_over(tmp_path: Path) -> None:
    page = ServedPage(quiet())
    await export(await page.cache.current(), tmp_path)
    with (tmp_path / "index.html").open("rb") as reading:
        page.site = replace(outage(), revision=99)
        version = await page.cache.current()
        await export(version, tmp_path)
        assert b"All systems operational" in reading.read()
    assert b"Major outage" in (tmp_path / "index.html").read_bytes()
    assert set(held(tmp_path)) == {path.as_posix() for path in files(version.state)}


async def test_files_that_a_crash_left_are_known_the_next_time(tmp_path: Path) -> None:
    page = ServedPage(outage())
    await export(await page.cache.current(), tmp_path)
    listed = json.loads((tmp_path / LIST).read_text())
    assert set(listed) == set(held(tmp_path))
    (tmp_path / LIST).write_text("not a list")
    await export(await page.cache.current(), tmp_path)
    assert json.loads((tmp_path / LIST).read_text()) == listed


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FoghornError, match=r"cannot be written to .*file"):
        await export(await ServedPage(quiet()).cache.current(), tmp_path / "file")


async def test_it_is_written_again_when_time_alone_changes_it(tmp_path: Path) -> None:
    page = ServedPage(site(maintenances=(maintenance(),)))
    said: list[str] = []
    exporter = Exporter(page, lambda: page.now, tmp_path, said.append)
    await exporter.again()
    await exporter.again()
    page.wait(hours=1)
    await exporter.again()
    assert len(said) == 2
    assert b"Under maintenance" in (tmp_path / "index.html").read_bytes()


async def test_the_command_writes_again_after_each_change(tmp_path: Path) -> None:
    address = new_file(tmp_path / "foghorn.db")
    env = {"DATABASE_URL": address, "PATH": os.defpath, "FOGHORN_PUBLIC_URL": "https://s.example"}
    command = [sys.executable, "-m", "bot", "export", str(tmp_path / "out"), "--watch"]
    with processes.running(*command, env=env) as exporting:
        front = tmp_path / "out" / "index.html"
        exporting.until(front.exists, "page")
        async with open_database(address) as store:
            await store.write(seed, SystemClock().now())
        exporting.until(lambda: b"No component is listed" not in front.read_bytes(), "new page")
        exporting.process.send_signal(signal.SIGTERM)
        assert exporting.ended() == 0
