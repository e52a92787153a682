"""A service's Makefile, wherever uv is, and what that of the template hands on to Copier."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rendering import render
from tests.repository import ROOT

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


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        ("-d frmework=django", "frmework"),
        ("--data=framework=django -dframework_django=.", "framework_django"),
        ("--data-file answers.yml", "ofm, 1"),
        ("--data-file=answers.yml --data orn=django", "orn, ofm, 1"),
        ("-l --data framework=django -d 'description=What it does'", ""),
        ("", ""),
    ],
)
def test_a_name_that_no_question_has_is_refused_before_anything_is_rendered(
    tmp_path: Path, arguments: str, refused: str
) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text("{framework: django, ofm: django, 1: 2, _commit: v1}", encoding="utf-8")
    given = arguments.replace("answers.yml", str(answers))
    todo = make(ROOT, "--dry-run", "new", "DEST=new", f"ARGS={given}", path=tmp_path)
    *_, check, copy = todo
    assert copy.startswith("python -m tests.copying copy ")
    program, *command = shlex.split(check)
    assert program == "python"
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = f"No question has these names: {refused}. Nothing was rendered.\n" if refused else ""
    assert (done.returncode, done.stderr) == (1 if refused else 0, told)


@pytest.mark.parametrize(
    "text", ["framework: [flask", "- framework", "framework: fl\xe4sk", "a: 2020-13-45", ""]
)
def test_a_file_without_answers_is_refused_by_name_without_a_traceback(
    tmp_path: Path, text: str
) -> None:
    answers = tmp_path / "answers.yml"
    answers.write_text(text, encoding="latin-1")
    done = subprocess.run(
        [sys.executable, "-m", "tests.unasked", "--data-file", answers],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{answers} can't be read as answers: ")
    assert done.stderr.endswith("\nNothing was rendered.\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("framework=rails", "Invalid choice for 'framework': 'rails' is not in "),
        ("project_slug=No_Slug", "Validation error for question 'project_slug': It takes "),
        ("observability=prometheus", "Not a YAML list: 'prometheus'"),
        ("orm=django", "Validation error for question 'orm': Django's ORM comes with Django. "),
    ],
)
def test_a_wrong_answer_is_told_without_a_traceback(
    template: Path, tmp_path: Path, answer: str, told: str
) -> None:
    command = [sys.executable, "-m", "tests.copying", "copy", "--defaults", "--data", answer]
    done = subprocess.run(
        [*command, "--vcs-ref", "HEAD", template, tmp_path / "service"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (problem,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert problem.startswith(told)
    assert not (tmp_path / "service").exists()


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
