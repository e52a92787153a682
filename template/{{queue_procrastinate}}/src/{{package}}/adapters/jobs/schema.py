"""The schema of Procrastinate, as the migrations of the library itself make it."""

from pathlib import Path
from typing import Final

from procrastinate.schema import SchemaManager

# Its tables have a schema of their own, apart from the service's.
SCHEMA: Final = "procrastinate"


def library_migrations(*, after: str = "", until: str = "99") -> list[Path]:
    """Return the migrations of the installed Procrastinate beyond `after` up to `until`, in order.

    Both are names of files: each begins with the version that brought it.
    """
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file for file in files if after < file.name <= until]
