"""Schemathesis against the service's own OpenAPI document, with every check it has."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_no_generated_request_breaks_the_contract(
    base_url: str, credentials: dict[str, str], tmp_path: Path
) -> None:
    """The command line runs all phases, stateful ones too, and prints how to repeat a failure."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--no-color"),
        *("--config-file", str(HERE / "schemathesis.toml")),
        *("run", f"{base_url}/openapi.json"),
        *(f"--header={name}:{value}" for name, value in credentials.items()),
    ]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "CONFORMANCE_HOOKS": str(HERE / "schemathesis_hooks.py")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
