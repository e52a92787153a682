"""The command that makes a `.env`."""

import secrets
import sys
from pathlib import Path
from typing import Final

import typer

EXAMPLE: Final = Path(".env.example")
TARGET: Final = Path(".env")
PLACEHOLDER: Final = "change-me"

app = typer.Typer()


@app.command()
def write_env() -> None:
    """Write `.env` from `.env.example`, with fresh secrets for what is to be changed."""
    if TARGET.exists():
        sys.exit(f"{TARGET} is there already; move it away first")
    if not EXAMPLE.exists():
        sys.exit(f"there is no {EXAMPLE} here; change to the directory of the project")
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    TARGET.touch(mode=0o600)
    TARGET.write_text("".join(map(_with_fresh_secret, lines)), encoding="utf-8")
    typer.echo(f"{TARGET} is written.")


def _with_fresh_secret(line: str) -> str:
    is_prose = line.startswith("# ")
    return line if is_prose else line.replace(PLACEHOLDER, secrets.token_urlsafe(24))
