"""Fails unless tests of every kind that needs something ran, and none of them was skipped."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

KINDS = {"postgres": "PostgreSQL", "browser": "Browser"}
"""The markers of tests that are skipped where what they need is missing."""


def main(report: Path) -> str | None:
    """Return what is wrong with the report, if anything."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 (our own pytest wrote it)
    return "\n".join(filter(None, (_wrong(kind, cases) for kind in KINDS))) or None


def _wrong(kind: str, every: list[ET.Element]) -> str | None:
    # tests/conftest.py marks each such test's report with this property.
    needs = f"properties/property[@name='needs'][@value='{kind}']"
    cases = [case for case in every if case.find(needs) is not None]
    skipped = [
        f"{c.get('classname')}::{c.get('name')}" for c in cases if c.find("skipped") is not None
    ]
    if not cases:
        return f"No {KINDS[kind]} test ran: is the marker `{kind}` gone from the tests?"
    if skipped:
        return f"{KINDS[kind]} tests were skipped:\n  " + "\n  ".join(skipped)
    sys.stdout.write(f"{KINDS[kind]}: {len(cases)} tests ran, none was skipped.\n")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
