"""The checkers from the npm registry: installed once into `.cache`, as the lock file says."""

import fcntl
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import processes

HERE = Path(__file__).parent / "node"
CACHE = Path(__file__).parents[2] / ".cache" / "node"
RULES = {
    "extends": ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
    "rules": {
        "no-trailing-whitespace": "off",  # says nothing about validity
        "void-style": "off",  # SVG closes its elements, HTML does not
        "long-title": "off",  # an incident's name is as long as it is
        "require-sri": "off",  # the one style sheet comes from the same place
        "prefer-native-element": "off",  # it asks for <img>; the bars are drawn in the page itself
    },
}


@dataclass(frozen=True)
class Checkers:
    """Where they are installed."""

    folder: Path

    def axe(self) -> str:
        """Return axe-core's program, which runs inside a page."""
        return (self.folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")

    def complaints(self, pages: dict[str, str], work: Path) -> list[str]:
        """Return what html-validate has to say about pages."""
        (work / "rules.json").write_text(json.dumps({"root": True, **RULES}))
        for name, text in pages.items():
            (work / f"{name}.html").write_text(text, encoding="utf-8")
        checking = processes.running(
            *("node", str(self.folder / "node_modules/.bin/html-validate")),
            *("--config", str(work / "rules.json"), "--formatter", "text"),
            *(str(work / f"{name}.html") for name in pages),
        )
        with checking as checker:
            checker.ended()
            return checker.lines


def install() -> Checkers:
    """Install the checkers unless they are there; skip the test where that cannot be done."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    lock = (HERE / "package-lock.json").read_bytes()
    folder = CACHE / hashlib.sha256(lock).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as alone:
        # Tests run beside each other; the second to come finds what the first has installed.
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _fill(folder)
    return Checkers(folder)


def _fill(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
    with processes.running("npm", "ci", *quiet, "--prefix", str(folder)) as installing:
        if installing.ended():
            pytest.skip(f"npm could not install the checkers: {installing.stderr[-300:]}")
    (folder / "done").touch()
