"""A git repository of a test's own, which knows nothing of who runs the tests."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOLS = ("git", "make")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository in `root`; its settings are Git's own, not those of a person."""

    root: Path

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in it; what it says is kept, with the errors behind."""
        folders = [str(Path(tool).parent) for tool in map(shutil.which, TOOLS) if tool]
        env = {
            "PATH": ":".join([str(Path(sys.executable).parent), *folders, "/usr/bin", "/bin"]),
            "HOME": str(self.root.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "A person" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "person@example.com" for who in ("AUTHOR", "COMMITTER")},
        }
        return subprocess.run(  # noqa: S603 - our own scripts, and Git
            command, cwd=self.root, env=env, check=False, capture_output=True, text=True
        )

    def git(self, *words: str) -> str:
        """Return what Git says; fail when it fails."""
        ran = self.run("git", *words)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def write(self, path: str, text: str) -> None:
        """Write a file, whose folder is made when it is not there."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def hook(self, name: str, script: str) -> None:
        """Have Git run a shell script."""
        self.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
        (self.root / f".git/hooks/{name}").chmod(0o755)


def new_repository(root: Path) -> Repository:
    """Return an empty repository in `root`, whose branch is main."""
    root.mkdir()
    repository = Repository(root)
    repository.git("init", "--quiet", "--initial-branch=main")
    return repository
