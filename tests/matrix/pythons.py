"""Which Pythons are on this machine."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from uv import find_uv_bin

from tests import space


@cache
def installed_pythons() -> dict[str, Path]:
    """Return an interpreter for each minor version that services may be rendered for."""
    found: dict[str, Path] = {}
    for python in _candidates():
        version = _version(python)
        if version is not None and version in space.choices("minimum_python"):
            found.setdefault(version, python)
    return dict(sorted(found.items()))


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable).resolve()
    for version in space.choices("minimum_python"):
        yield from _lines(
            find_uv_bin(), "python", "find", "--no-python-downloads", "--system", version
        )
    for version in reversed(_lines("pyenv", "versions", "--bare")):
        for prefix in _lines("pyenv", "prefix", version.name):
            yield prefix / "bin" / "python"


def _version(python: Path) -> str | None:
    """Return "3.12", or nothing from what is no interpreter: a shim, say, that is switched off."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    lines = _lines(str(python), "-c", code)
    return lines[0].name if lines else None


def _lines(command: str, *arguments: str) -> list[Path]:
    if shutil.which(command) is None:
        return []
    # Away from any project, whose own environment or version file would be found first.
    done = subprocess.run(
        [command, *arguments], capture_output=True, text=True, check=False, cwd=gettempdir()
    )
    return [Path(line.strip()) for line in done.stdout.splitlines()] if not done.returncode else []
