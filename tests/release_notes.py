"""What is told of each release: what it changes, and what it asks of a running service.

`python -m tests.release_notes v1.2.0` prints the notes of a release, or says what they lack. It
needs nothing but Python.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGES, STEPS = "CHANGELOG.md", "UPGRADING.md"
BEFORE = "**Before you deploy:**"
UNRELEASED = "Unreleased"
# Of a version, with the day of its release in CHANGELOG.md.
HEADING = re.compile(r"^## \[?([^\]\s]+)\]?(?: - \d{4}-\d{2}-\d{2})?$\n", re.MULTILINE)
# A core version of Semantic Versioning 2.0.0, §2.
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def sections(file: str) -> dict[str, str]:
    """Return what a file says of each version, in the order in which it does."""
    _, *parts = HEADING.split((ROOT / file).read_text(encoding="utf-8"))
    return {version: text.strip() for version, text in zip(parts[::2], parts[1::2], strict=True)}


def notes(version: str) -> str:
    """Return the notes of a release, in Markdown, or raise `LookupError` if they lack something."""
    if not VERSION.fullmatch(version):
        raise LookupError(f"{version} is no version like 1.2.0")
    for file in (CHANGES, STEPS):
        if not sections(file).get(version):
            raise LookupError(f"{file} says nothing of {version}")
    steps = sections(STEPS)[version]
    if not re.search(rf"{re.escape(BEFORE)}\s*\S", steps):
        raise LookupError(f'{STEPS} does not say what {version} asks for: "{BEFORE} …"')
    return f"{steps}\n\n{sections(CHANGES)[version]}\n"


if __name__ == "__main__":
    try:
        print(notes(sys.argv[1].removeprefix("v")), end="")
    except LookupError as lacking:
        sys.exit(str(lacking))
