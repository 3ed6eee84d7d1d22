import re
import sys
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository, new_repository

SCRIPT = ROOT / ".ci/commit_message.py"
LONGEST = "Refuse " + 65 * "x"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One in which the hook looks at each message."""
    made = new_repository(tmp_path / "here")
    made.hook("commit-msg", f'exec "{sys.executable}" "{SCRIPT}" "$1"')
    return made


def commit(repository: Repository, message: str, *options: str) -> str | None:
    """Return why there was no commit."""
    said = repository.run("git", "commit", "--quiet", "--allow-empty", *options, "-m", message)
    return said.stderr.strip() if said.returncode else None


@pytest.mark.parametrize(
    "message",
    [
        "Refuse a lease shorter than the timeout\n\nTwo would send at once.",
        f"{LONGEST}\n\nIt has 72 letters, which are the most.",
        f"{LONGEST[:71]}é\n\nLetters are counted, not bytes.",
        f"Merge branch '{LONGEST}'",
        f"fixup! {LONGEST}",
    ],
)
def test_a_short_subject_with_a_reason_is_taken(repository: Repository, message: str) -> None:
    assert commit(repository, message) is None


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (f"{LONGEST}y\n\nWhy.", "The subject has 73 letters, 72 are the most."),
        ("Refuse it", "There is no body: say why, after an empty line."),
        ("Refuse it\nsince two would send", "The second line is not empty."),
        (f"{LONGEST}yy\nwhy", "The subject has 74 letters, 72 are the most.\nThe second line"),
    ],
)
def test_a_message_that_breaks_the_rule_is_refused(
    repository: Repository, message: str, reason: str
) -> None:
    refusal = commit(repository, message)
    assert refusal
    assert reason in refusal
    assert repository.run("git", "log").returncode, "it was committed"


def test_what_git_puts_below_for_the_writer_is_no_body(repository: Repository) -> None:
    repository.git("config", "core.editor", "true")
    refusal = commit(repository, "Refuse it", "--edit", "--verbose")
    assert refusal == "There is no body: say why, after an empty line."


def test_the_hooks_of_pre_commit_look_at_the_message() -> None:
    told = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "default_install_hook_types: [pre-commit, commit-msg]\n" in told
    hook = re.search(r"entry: python3 (\S+)\n +language: system\n +stages: \[commit-msg\]", told)
    assert hook
    assert ROOT / hook[1] == SCRIPT
