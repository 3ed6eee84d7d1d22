"""Fails unless PostgreSQL tests ran and none of them was skipped."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(report: Path) -> str | None:
    """Return what is wrong with the report, if anything."""
    # tests/conftest.py marks each PostgreSQL test's report with this property.
    cases = [
        case
        for case in ET.parse(report).iter("testcase")  # noqa: S314 (our own pytest wrote it)
        if case.find("properties/property[@name='needs'][@value='postgres']") is not None
    ]
    skipped = [
        f"{c.get('classname')}::{c.get('name')}" for c in cases if c.find("skipped") is not None
    ]
    if not cases:
        return "No PostgreSQL test ran: is the marker `postgres` gone from the tests?"
    if skipped:
        return "PostgreSQL tests were skipped:\n  " + "\n  ".join(skipped)
    sys.stdout.write(f"PostgreSQL: {len(cases)} tests ran, none was skipped.\n")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
