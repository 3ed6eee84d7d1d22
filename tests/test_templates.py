"""The forms for issues, which GitHub leaves out without a word when it cannot read them."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.manifest import read_manifest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github/ISSUE_TEMPLATE"
FORMS = [path for path in sorted(FOLDER.glob("*.yml")) if path.stem != "config"]
# https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests
ATTRIBUTES = {
    "markdown": ({"value"}, set()),
    "input": ({"label"}, {"description", "placeholder", "value"}),
    "textarea": ({"label"}, {"description", "placeholder", "value", "render"}),
    "dropdown": ({"label", "options"}, {"description", "multiple", "default"}),
    "checkboxes": ({"label", "options"}, {"description"}),
}


def read(path: Path) -> dict[str, Any]:
    return read_manifest(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_has_only_what_github_knows(path: Path) -> None:
    form = read(path)
    assert set(form) == {"name", "description", "body"}
    for element in form["body"]:
        needed, possible = ATTRIBUTES[element["type"]]
        assert needed <= set(element["attributes"]) <= needed | possible
        if element["type"] == "markdown":
            assert set(element) == {"type", "attributes"}
        else:
            assert set(element) == {"type", "id", "attributes", "validations"}
            assert element["validations"]["required"] in (True, False)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_for_each_thing_once(path: Path) -> None:
    asked = [element for element in read(path)["body"] if element["type"] != "markdown"]
    ids = [element["id"] for element in asked]
    labels = [element["attributes"]["label"] for element in asked]
    assert len(set(ids)) == len(set(labels)) == len(asked) > 0
    assert all(re.fullmatch(r"[\w-]+", each) for each in ids)
    for element in asked:
        options = element["attributes"].get("options", [])
        assert len(set(options)) == len(options)
        assert all(isinstance(option, str) for option in options)


def test_there_is_a_form_for_a_fault_and_one_for_a_proposal() -> None:
    assert [path.stem for path in FORMS] == ["bug", "proposal"]
    assert read(FOLDER / "config.yml") == {"blank_issues_enabled": False}


def test_a_fault_that_is_a_weakness_is_sent_elsewhere() -> None:
    [first, *_others] = read(FOLDER / "bug.yml")["body"]
    assert "SECURITY.md" in first["attributes"]["value"]
    assert "private" in first["attributes"]["value"]
