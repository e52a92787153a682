"""Rendering in this process, as Copier does it when nobody trusts the template, only quicker.

Copier compiles each part of each path anew, and asks git about each file. A test in
`test_renderings.py` holds the output against that of the command.
"""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import Any
from unittest.mock import patch

import copier
from copier._main import Worker
from jinja2 import Environment

from tests.repositories import commit
from tests.repository import ROOT
from tests.space import Answers

# The command, for what starts one: as quick as rendering in this process.
COPIER = shlex.join([sys.executable, str(ROOT / "tests" / "quick_copier.py")])
ANSWERS_FILE = ".copier-answers.yml"
MEMORY = Path("/dev/shm")
ROOM = 1 << 30
# What is left out is left out of the whole process: one thread renders, the others wait.
RENDERING = Lock()
# By environment class, source, name and file.
COMPILED: dict[tuple[object, ...], CodeType] = {}


def render(
    source: Path, destination: Path, answers: Answers | None = None, *, tag: str | None = None
) -> Path:
    """Render `source`, at `tag` if given, with these answers and the defaults of all others.

    Return `destination`.
    """
    with quickly():
        copier.run_copy(
            str(source), destination, data=answers, vcs_ref=tag, defaults=True, quiet=True
        )
    return destination


def render_and_commit(
    source: Path, service: Path, answers: Answers | None = None, *, tag: str | None = None
) -> Path:
    """Render and commit, as a service begins: the newest release, if no other is named."""
    render(source, service, answers, tag=tag)
    commit(service, "Start from the template")
    return service


def update(project: Path, answers: Answers | None = None) -> None:
    """Update `project` to the newest release of its template; leave what changes uncommitted."""
    with quickly():
        copier.run_update(project, data=answers, defaults=True, overwrite=True, quiet=True)


@contextmanager
def quickly() -> Iterator[None]:
    """Leave out of Copier's work what makes no difference to what it writes."""
    with (
        RENDERING,
        compiling_once(),
        rendering_parts_once(),
        cloning_into_memory(),
        # What is executable, `git add` tells the index soon enough.
        patch.object(Worker, "_sync_git_index_executable_bit"),
    ):
        yield


@contextmanager
def compiling_once() -> Iterator[None]:
    """Compile no template a second time. The environments of all renderings are alike."""
    compile_template = Environment.compile

    def compile_once(environment: Environment, *template: Any) -> CodeType:
        key = (type(environment), *template)
        if key not in COMPILED:
            COMPILED[key] = compile_template(environment, *template)
        return COMPILED[key]

    with patch.object(Environment, "compile", compile_once):
        yield


@contextmanager
def rendering_parts_once() -> Iterator[None]:
    """Render each part of a path once for all the paths that have it."""
    render_template, render_string = Worker._render_template, Worker._render_string  # noqa: SLF001

    def render_remembering(worker: Worker) -> None:
        parts: dict[str, str] = {}

        def recall(worker: Worker, part: str, extra_context: Any = None) -> str:
            if part not in parts:
                parts[part] = render_string(worker, part, extra_context)
            return parts[part]

        answers = worker.answers_relpath
        with patch.multiple(Worker, _render_string=recall, answers_relpath=answers):
            render_template(worker)

    with patch.object(Worker, "_render_template", render_remembering):
        yield


@contextmanager
def cloning_into_memory() -> Iterator[None]:
    """Let Copier work where a thousand folders are gone at once."""
    with patch.object(tempfile, "tempdir", memory() or tempfile.tempdir):
        yield


def memory() -> str | None:
    """Return a folder in memory, or None where there is none or it has no room."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        return str(MEMORY)
    return None


def paths_in(project: Path) -> set[str]:
    """Return the files of a rendering, as they were rendered and before anything ran in it."""
    return {
        path.relative_to(project).as_posix()
        for path in project.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(project).parts
    }
