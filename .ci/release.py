"""Releases Foghorn: checks that it may be, dates the changelog, builds, commits and tags.

Run by `make release VERSION=X.Y.Z`. Nothing leaves the machine; the last line says what to push.
"""

import re
import subprocess
import sys
import time
import tomllib
from contextlib import ExitStack
from pathlib import Path

CHANGELOG, PROJECT = Path("CHANGELOG.md"), Path("pyproject.toml")
BRANCH = "main"
TITLE = "## [Unreleased]\n"
UNRELEASED = re.compile(rf"^{re.escape(TITLE)}(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BUILD = ("build", "--quiet", "--offline", "--no-config", "--no-build-isolation")
"""From what is installed, which is pinned: nothing is fetched."""


class Refused(Exception):
    """There will be no release, for the reasons given."""


def main(version: str) -> str | None:
    """Release what stands here as `version`; return why not, if not."""
    try:
        refuse_unless_ready(version)
        run("make", "check")
        refuse_unless_ready(version)  # the checks take minutes, in which a person goes on working
        release(version)
    except Refused as refusal:
        return str(refusal)
    except subprocess.CalledProcessError as error:
        return f"`{' '.join(error.cmd)}` failed, so nothing was released."
    sys.stdout.write(
        f"Foghorn {version} is in dist/ and tagged. Look at it, then: git push --follow-tags\n"
    )
    return None


def refuse_unless_ready(version: str) -> None:
    """Raise `Refused` with everything that stands in the way."""
    problems = [_not_next(version), _not_here(), _tagged(version), _nothing_to_tell()]
    if any(problems):
        raise Refused("\n".join(filter(None, problems)))


def release(version: str) -> None:
    """Date the changelog, set the version, build, commit and tag; undo it when a step fails."""
    date = time.strftime("%Y-%m-%d", time.gmtime())
    with ExitStack() as undo:
        files = (str(CHANGELOG), str(PROJECT))
        undo.callback(run, "git", "restore", "--staged", "--worktree", *files)
        rewrite(CHANGELOG, TITLE, f"{TITLE}\n## [{version}] - {date}\n")
        rewrite(PROJECT, f'\nversion = "{current()}"\n', f'\nversion = "{version}"\n')
        run(sys.executable, "-m", "uv", *BUILD, "--python", sys.executable, "--out-dir", "dist")
        body = "CHANGELOG.md says what changes for those who use or run it."
        run("git", "commit", "--quiet", "-m", f"Release {version}", "-m", body, "--", *files)
        undo.callback(run, "git", "reset", "--quiet", "--soft", "HEAD~1")
        run("git", "tag", "--annotate", f"v{version}", "-m", f"Foghorn {version}")
        undo.pop_all()


def current() -> str:
    """Return the version in pyproject.toml, the one place that has it."""
    version: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return version


def rewrite(file: Path, old: str, new: str) -> None:
    """Put `new` into a file in the place of `old`; raise `Refused` unless that is there once."""
    text = file.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise Refused(f"{file} does not have {old.strip()!r} once.")
    file.write_text(text.replace(old, new), encoding="utf-8")


def run(*command: str) -> None:
    """Run a command that says for itself what it does."""
    subprocess.run(command, check=True)  # noqa: S603 (our own)


def _not_next(version: str) -> str | None:
    major, minor, patch = map(int, current().split("."))
    following = (f"{major}.{minor}.{patch + 1}", f"{major}.{minor + 1}.0", f"{major + 1}.0.0")
    if version in following:
        return None
    choice = "{}, {} or {}".format(*following)
    return f"VERSION={version} does not come next after {current()}: say {choice}."


def _not_here() -> str | None:
    branch = _answer("branch", "--show-current")
    if branch != BRANCH:
        return f"This is {branch or 'no branch'}; releases are made on {BRANCH}."
    if changed := _answer("status", "--porcelain"):
        return f"Commit this first, or put it away:\n{changed}"
    return None


def _tagged(version: str) -> str | None:
    return f"The tag v{version} exists." if _answer("tag", "--list", f"v{version}") else None


def _nothing_to_tell() -> str | None:
    told = UNRELEASED.search(CHANGELOG.read_text(encoding="utf-8"))
    if told and re.search(r"^- \S", told[1], re.MULTILINE):
        return None
    return f"{CHANGELOG} has nothing under {TITLE.strip()!r}: a release changes something."


def _answer(*words: str) -> str:
    command = ("git", *words)
    asked = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (our own)
    return asked.stdout.rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
