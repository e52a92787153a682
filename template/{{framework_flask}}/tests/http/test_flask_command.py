"""Flask's own command."""

import os
import subprocess
import sys
from pathlib import Path


def test_flasks_own_command_finds_the_application(database_url: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "flask", "routes"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "DATABASE_URL": database_url},
        check=True,
        capture_output=True,
        text=True,
    )
    assert "health.ready" in finished.stdout
