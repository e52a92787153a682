"""The schema of Procrastinate, as the migrations of the library itself make it."""

import re
from pathlib import Path
from typing import Final

from procrastinate.schema import SchemaManager

# Its tables have a schema of their own, apart from the service's.
SCHEMA: Final = "procrastinate"

_ENUMERATION: Final = re.compile(r"CREATE TYPE (\w+) AS ENUM \(([^)]*)\);")
_VALUE: Final = re.compile(r"'\w+'")
_NEW_VALUE: Final = r"ALTER TYPE {enumeration} ADD VALUE ('\w+')(?: (BEFORE|AFTER) ('\w+'))?;"


def library_migrations(*, after: str = "", until: str = "99") -> list[Path]:
    """Return the migrations of the installed Procrastinate beyond `after` up to `until`, in order.

    Both are names of files: each begins with the version that brought it.
    """
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file for file in files if after < file.name <= until]


def library_script(*, after: str = "", until: str = "99") -> str:
    """Return what `library_migrations` do, as one script for one transaction.

    Before PostgreSQL 17 a transaction can't use a value that it has added to an enumeration. So what the script makes
    an enumeration of has every value from the start.
    """
    script = "\n".join(migration.read_text() for migration in library_migrations(after=after, until=until))
    for enumeration, first_values in _ENUMERATION.findall(script):
        new_value = re.compile(_NEW_VALUE.format(enumeration=enumeration))
        values = _VALUE.findall(first_values)
        for value, side, neighbour in new_value.findall(script):
            place = values.index(neighbour) + (side == "AFTER") if side else len(values)
            values.insert(place, value)
        script = new_value.sub("", script).replace(first_values, ", ".join(values), 1)
    return script
