"""Follows guides that services bring, such as "Add a use case with its route", to the letter."""

import re
import shlex
import textwrap
from pathlib import Path

GUIDE = "docs/first-use-case.md"
# A file is named in backquotes, and its text is the next Python block.
FILE = re.compile(
    r"`((?:src|tests)/[^`]+\.py)`(?:(?!`(?:src|tests)/).)*?```python\n(.*?)\n *```", re.DOTALL
)
# What is said in a migration where there are no models to write it from.
SQL = re.compile(r"^ *```sql\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^ *\.venv/bin/(\S+ migration .*)$", re.MULTILINE)


def write_files(service: Path, guide: str = GUIDE) -> list[str]:
    """Write every file of a guide and return their paths."""
    files = FILE.findall((service / guide).read_text(encoding="utf-8"))
    for path, text in files:
        file = service / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text) + "\n", encoding="utf-8")
    return [path for path, _ in files]


def migration_command(service: Path) -> list[str]:
    """Return the guide's command that writes the migration, as the service's script takes it."""
    (command,) = COMMAND.findall((service / GUIDE).read_text(encoding="utf-8"))
    return shlex.split(command)


def write_sql(service: Path) -> None:
    """Write into the new migration what the guide says there, if it does."""
    for text in SQL.findall((service / GUIDE).read_text(encoding="utf-8")):
        (file,) = (service / "src").rglob("migrations/**/customers/*.sql")
        written = file.read_text(encoding="utf-8").partition("-- migrate: apply")[0]
        file.write_text(written + textwrap.dedent(text), encoding="utf-8")
