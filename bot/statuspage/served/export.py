"""The page as files, for a host that must not fall with us: `foghorn export`."""

import asyncio
import json
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from urllib.parse import unquote

from bot.errors import FoghornError
from bot.statuspage.model.site_state import SiteState
from bot.statuspage.served.cache import PageVersion
from bot.statuspage.served.catalogue import HTML, Item, catalogue, missing_page

LIST = ".foghorn-export.json"
"""Names the files that we wrote, so that we remove ours alone."""
_READABLE = 0o644


def files(state: SiteState) -> dict[PurePosixPath, bytes]:
    made = {file_of(path, item): item.make(state) for path, item in catalogue(state).items()}
    return {**made, PurePosixPath("404.html"): missing_page(state)}


def file_of(path: str, item: Item) -> PurePosixPath:
    """Return the file in which static hosts look for `path`: a folder's `index.html` for a page."""
    file = PurePosixPath(unquote(path).lstrip("/"))
    if item.media == HTML:
        file /= "index.html"
    if file.is_absolute() or ".." in file.parts:
        raise FoghornError(f"{path} cannot be a file.")
    return file


async def export(version: PageVersion, folder: Path) -> int:
    """Write the page below `folder` and return how many files changed.

    Each file appears whole or not at all. Raises `FoghornError` when it cannot be written.
    """
    made = await asyncio.to_thread(files, version.state)
    try:
        return await asyncio.to_thread(_write_all, folder, made)
    except OSError as error:
        where = error.filename or folder
        raise FoghornError(f"The page cannot be written to {where}: {error.strerror}.") from error


def _write_all(folder: Path, made: dict[PurePosixPath, bytes]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    before = _listed(folder)
    # All are named before the first is written, so that none outlives a crash unknown to us.
    _write(folder / LIST, _list(before | made.keys()))
    # What pages point to comes before them, and the front page last of all.
    order = sorted(made, key=lambda file: (file.suffix == ".html", file.name == file.as_posix()))
    changed = sum(_write(folder / file, made[file]) for file in order)
    for file in before - made.keys():
        _remove(folder, file)
        changed += 1
    _write(folder / LIST, _list(made))
    return changed


def _write(path: Path, content: bytes) -> bool:
    """Put `content` at `path` in one step, unless it is there already."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = NamedTemporaryFile(dir=path.parent, prefix=".foghorn-", delete=False)  # noqa: SIM115
    try:
        with temporary:
            temporary.write(content)
            os.fchmod(temporary.fileno(), _READABLE)
        Path(temporary.name).replace(path)
    except BaseException:
        Path(temporary.name).unlink(missing_ok=True)
        raise
    return True


def _remove(folder: Path, file: PurePosixPath) -> None:
    path = folder / file
    path.unlink(missing_ok=True)
    for parent in path.relative_to(folder).parents:
        if parent.name and not any((folder / parent).iterdir()):
            (folder / parent).rmdir()


def _listed(folder: Path) -> set[PurePosixPath]:
    """Return the files that we wrote earlier; a list that somebody broke counts as none."""
    try:
        names = json.loads((folder / LIST).read_text(encoding="utf-8"))
        found = {PurePosixPath(name) for name in names}
    except (FileNotFoundError, ValueError, TypeError):
        return set()
    return {file for file in found if not file.is_absolute() and ".." not in file.parts}


def _list(listed: Iterable[PurePosixPath]) -> bytes:
    return json.dumps(sorted(file.as_posix() for file in listed), indent=0).encode()
