"""Running what a service brings, apart from what surrounds this process."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from traceback import format_exception

from uv import find_uv_bin

# What would leak from the developer's shell, or from the make that called us, into a service.
DROPPED = (
    "VIRTUAL_ENV",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
    "PORT",
    "DEST",
    "DATABASE_URL",
    "ENVIRONMENT",
)
PREFIXES = ("PYTEST_", "COV_", "UV_PROJECT")


class StageError(Exception):
    """A stage of a cell failed; the message says how it ended, `log` what it printed."""

    def __init__(self, message: str, log: Path) -> None:
        super().__init__(message)
        self.log = log

    @classmethod
    def of(cls, error: Exception, log: Path) -> "StageError":
        """Make one of an error that nobody foresaw."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as output:
            output.writelines(format_exception(error))
        return cls(f"{type(error).__name__}: {error}", log)

    def tail(self, lines: int = 60) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(line[:200] for line in text.splitlines()[-lines:])


def clean_environment() -> dict[str, str]:
    """Return the environment that a service is run in: this process's, without what leaks."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in DROPPED and not name.startswith(PREFIXES)
    }
    search = os.pathsep.join([str(Path(find_uv_bin()).parent), kept.get("PATH", os.defpath)])
    return kept | {"PATH": search, "NO_COLOR": "1"}


def run_logged(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    environment: Mapping[str, str],
    typed: str = "",
) -> None:
    """Run a command to its end, its output appended to `log`; raise `StageError` if it fails."""
    if code := exit_code(command, cwd=cwd, log=log, environment=environment, typed=typed):
        raise StageError(f"{' '.join(command)} exits {code}", log)


def exit_code(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    environment: Mapping[str, str],
    typed: str = "",
    seconds: float | None = None,
) -> int:
    """Run a command to its end, its output appended to `log`, and return how it ended.

    On its standard input it finds what was `typed`. `StageError` is raised if it takes longer
    than `seconds`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as output:
        output.write(f"$ {' '.join(command)}\n")
        output.flush()
        try:
            done = subprocess.run(
                command,
                cwd=cwd,
                env=dict(environment),
                input=typed.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StageError(f"{' '.join(command)} takes more than {seconds} s", log) from error
    return done.returncode
