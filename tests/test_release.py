import calendar
import re
import sys
import tarfile
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.repository import ROOT, Repository, new_repository

NEXT = "0.2.0"
PROJECT = re.sub(
    r'(?m)^version = ".*"$', 'version = "0.1.0"', (ROOT / "pyproject.toml").read_text("utf-8")
)
CHANGES = """\
# Changelog

## [Unreleased]

### Added

- A horn.

## [0.1.0] - 2026-01-02

- Fog.
"""
NO_CHANGES = CHANGES.replace("- A horn.", "")
CHECK = "check:\n\t@echo checked >> ../checked\n"
REFUSED = "VERSION={} does not come next after 0.1.0: say 0.1.1, 0.2.0 or 1.0.0."


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return small_foghorn(tmp_path / "here")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The same, with 0.2.0 just released; its hook looks at commit messages as ours does."""
    made = small_foghorn(tmp_path_factory.mktemp("released") / "here")
    script = ROOT / ".ci/commit_message.py"
    made.hook("commit-msg", f'exec "{sys.executable}" "{script}" "$1"')
    assert release(made) is None
    return made


def small_foghorn(root: Path) -> Repository:
    """Return a Foghorn of which 0.1.0 is out; its checks leave a line in `../checked`."""
    made = new_repository(root)
    for path in ("README.md", "LICENSE", ".gitignore", ".ci/release.py"):
        made.write(path, (ROOT / path).read_text(encoding="utf-8"))
    made.write("bot/__init__.py", '"""A horn."""\n')
    made.write("pyproject.toml", PROJECT)
    made.write("CHANGELOG.md", CHANGES)
    made.write("Makefile", CHECK)
    commit(made, "Begin")
    made.git("tag", "-a", "v0.1.0", "-m", "Foghorn 0.1.0")
    return made


def commit(repository: Repository, subject: str) -> None:
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "-m", subject)


def release(repository: Repository, version: str = NEXT) -> str | None:
    """Return why there was no release."""
    ran = repository.run(sys.executable, ".ci/release.py", version)
    return ran.stderr.strip() if ran.returncode else None


def state(repository: Repository) -> tuple[str, ...]:
    """Everything that a release changes."""
    asked = (("rev-parse", "HEAD"), ("status", "--porcelain"), ("diff", "HEAD"), ("tag", "--list"))
    return tuple(repository.git(*words) for words in asked)


def read(repository: Repository, path: str) -> str:
    return (repository.root / path).read_text(encoding="utf-8")


def checks(repository: Repository) -> int:
    ran = repository.root.parent / "checked"
    return len(ran.read_text().splitlines()) if ran.exists() else 0


def test_a_release_dates_the_changelog_and_sets_the_version(released: Repository) -> None:
    [date] = re.findall(rf"## \[{NEXT}\] - (.*)", read(released, "CHANGELOG.md"))
    assert 0 <= time.time() - calendar.timegm(time.strptime(date, "%Y-%m-%d")) < 2 * 24 * 60 * 60
    title = "## [Unreleased]\n"
    dated = CHANGES.replace(title, f"{title}\n## [{NEXT}] - {date}\n")
    assert read(released, "CHANGELOG.md") == dated
    version = PROJECT.replace('version = "0.1.0"', f'version = "{NEXT}"', 1)
    assert read(released, "pyproject.toml") == version
    assert tomllib.loads(version)["project"]["version"] == NEXT


def test_a_release_is_checked_first(released: Repository) -> None:
    assert checks(released) == 1


def test_a_release_is_one_commit_of_two_files_with_a_tag(released: Repository) -> None:
    assert released.git("log", "-2", "--format=%s").splitlines() == [f"Release {NEXT}", "Begin"]
    changed = released.git("diff", "--name-only", "HEAD~1")
    assert changed.split() == ["CHANGELOG.md", "pyproject.toml"]
    assert released.git("cat-file", "-t", f"v{NEXT}") == "tag"
    assert released.git("rev-parse", f"v{NEXT}^{{commit}}") == released.git("rev-parse", "HEAD")
    assert released.git("status", "--porcelain") == ""


def test_a_release_builds_what_is_tagged(released: Repository) -> None:
    with zipfile.ZipFile(released.root / f"dist/foghorn-{NEXT}-py3-none-any.whl") as wheel:
        assert f"foghorn-{NEXT}.dist-info/METADATA" in wheel.namelist()
        assert "bot/__init__.py" in wheel.namelist()
    with tarfile.open(released.root / f"dist/foghorn-{NEXT}.tar.gz") as source:
        project = source.extractfile(f"foghorn-{NEXT}/pyproject.toml")
        assert project
        tagged = released.git("show", f"v{NEXT}:pyproject.toml")
        assert project.read().decode().strip() == tagged


def test_a_version_that_is_not_next_is_refused(repository: Repository) -> None:
    before = state(repository)
    for version in ("0.1.0", "0.1.2", "0.3.0", "1.1.0", "v0.2.0", "0.2", "0.2.0-rc.1", ""):
        assert (release(repository, version) or "").splitlines()[0] == REFUSED.format(version)
    assert state(repository) == before


@pytest.mark.parametrize("version", ["0.1.1", "1.0.0"])
def test_a_patch_and_a_major_version_may_be_next_too(repository: Repository, version: str) -> None:
    repository.write("Makefile", "check:\n\t@echo to here; false\n")
    commit(repository, "Stop at the checks")
    assert "`make check` failed" in (release(repository, version) or "")


@pytest.mark.parametrize(
    ("path", "said"), [("bot/__init__.py", " M bot/__init__.py"), ("new.py", "?? new.py")]
)
def test_a_tree_with_changes_is_refused(repository: Repository, path: str, said: str) -> None:
    repository.write(path, "")
    assert release(repository) == f"Commit this first, or put it away:\n{said}"
    assert checks(repository) == 0


def test_what_somebody_changes_during_the_checks_is_seen(repository: Repository) -> None:
    repository.write("Makefile", f"{CHECK}\t@echo >> CHANGELOG.md\n")
    commit(repository, "Change something meanwhile")
    assert release(repository) == "Commit this first, or put it away:\n M CHANGELOG.md"
    assert read(repository, "CHANGELOG.md") == f"{CHANGES}\n"


def test_another_branch_is_refused(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "try")
    assert release(repository) == "This is try; releases are made on main."
    repository.git("switch", "--quiet", "--detach")
    assert release(repository) == "This is no branch; releases are made on main."


@pytest.mark.parametrize(
    "changelog",
    [
        NO_CHANGES,
        NO_CHANGES.replace("### Added", "Soon."),
        CHANGES.replace("[Unreleased]", "[0.1.1]"),
        "# Changelog\n",
    ],
)
def test_a_changelog_that_tells_nothing_new_is_refused(
    repository: Repository, changelog: str
) -> None:
    repository.write("CHANGELOG.md", changelog)
    commit(repository, "Tell nothing")
    reason = "CHANGELOG.md has nothing under '## [Unreleased]': a release changes something."
    assert release(repository) == reason
    assert checks(repository) == 0


def test_a_tag_that_exists_is_refused(repository: Repository) -> None:
    repository.git("tag", f"v{NEXT}")
    before = state(repository)
    assert release(repository) == f"The tag v{NEXT} exists."
    assert state(repository) == before


def test_everything_that_stands_in_the_way_is_told_at_once(repository: Repository) -> None:
    repository.git("tag", "v0.3.0")
    repository.write("CHANGELOG.md", NO_CHANGES)
    said = (release(repository, "0.3.0") or "").splitlines()
    assert len(said) == 5  # the file that is changed has a line of its own


@pytest.mark.parametrize(
    ("path", "text", "failing"),
    [
        ("Makefile", "check:\n\t@false\n", "make check"),
        ("setup.py", "raise SystemExit('broken')\n", "uv build"),
    ],
)
def test_a_step_that_fails_leaves_everything_as_it_was(
    repository: Repository, path: str, text: str, failing: str
) -> None:
    repository.write(path, text)
    commit(repository, "Break something")
    before = state(repository)
    said = release(repository) or ""
    assert re.search(rf"`.*{failing}.*` failed, so nothing was released\.", said)
    assert state(repository) == before


@pytest.mark.parametrize("refused", ["commit", "tag"])
def test_what_git_refuses_leaves_everything_as_it_was(repository: Repository, refused: str) -> None:
    repository.hook("pre-commit", "exit 1" if refused == "commit" else "")
    repository.git("config", "gpg.program", "false")
    repository.git("config", "tag.gpgSign", "true")
    before = state(repository)
    said = release(repository) or ""
    assert re.search(rf"`git {refused} .*` failed, so nothing was released\.", said)
    assert state(repository) == before


def test_our_own_changelog_has_a_place_for_what_is_next() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.count("\n## [Unreleased]\n") == 1
    assert (ROOT / "pyproject.toml").read_text(encoding="utf-8").count("\nversion = ") == 1
