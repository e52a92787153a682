"""Flask's own command."""

import os
import subprocess
import sys
from pathlib import Path


def flask(command: str, database_url: str, typed: str = "") -> str:
    finished = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "flask", command],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": database_url},
        input=typed,
        check=True,
        capture_output=True,
        text=True,
    )
    return finished.stdout


def test_it_finds_the_application(database_url: str) -> None:
    assert "health.ready" in flask("routes", database_url)


def test_its_shell_has_the_use_cases(database_url: str) -> None:
    assert "CheckReadiness" in flask("shell", database_url, "print(current_application().readiness)\n")
