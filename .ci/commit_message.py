"""Refuses a commit message whose subject is too long or whose body does not say why."""

import sys
from pathlib import Path

LONGEST = 72
SCISSORS = "# ------------------------ >8 ------------------------"
MADE_BY_GIT = ("Merge ", "fixup! ", "squash! ", "amend! ")


def main(message: Path) -> str | None:
    """Return what is wrong with the message in this file, if anything."""
    text = message.read_text(encoding="utf-8").partition(SCISSORS)[0]
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    subject, _, rest = lines.strip().partition("\n")
    if not subject or subject.startswith(MADE_BY_GIT):
        return None
    wrong = []
    if len(subject) > LONGEST:
        wrong.append(f"The subject has {len(subject)} letters, {LONGEST} are the most.")
    if not rest.strip():
        wrong.append("There is no body: say why, after an empty line.")
    elif not rest.startswith("\n"):
        wrong.append("The second line is not empty.")
    return "\n".join(wrong) or None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
