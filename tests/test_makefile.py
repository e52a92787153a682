"""A service's Makefile, wherever uv is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.rendering import render

# Tells what it is asked.
UV = """#!/bin/sh
echo "uv $*"
"""


@pytest.mark.parametrize("folder", ["bin", "a folder"])
def test_uv_may_be_in_a_folder_of_any_name(template: Path, tmp_path: Path, folder: str) -> None:
    service = render(template, tmp_path / "service")
    uv = tmp_path / folder / "uv"
    uv.parent.mkdir()
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o755)
    assert make(service, "setup", path=uv.parent)[0] == "uv sync"
    assert make(service, "uv.lock", path=uv.parent) == ["uv lock"]
    asked = make(service, "style", path=uv.parent)
    assert asked == ["uv run -- ruff format --check", "uv run -- ruff check"]


def test_where_there_is_none_it_is_installed_into_the_project(
    template: Path, tmp_path: Path
) -> None:
    service = render(template, tmp_path / "service")
    todo = make(service, "--dry-run", "setup", path=tmp_path)
    assert todo[0] == "python3 -m venv .uv"
    assert ".uv/bin/uv sync" in todo


def make(service: Path, *arguments: str, path: Path) -> list[str]:
    """Make something where only the programs in one folder are found; return what is printed."""
    command = shutil.which("make")
    assert command
    done = subprocess.run(
        [command, "--silent", *arguments],
        cwd=service,
        env=os.environ | {"PATH": str(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()
