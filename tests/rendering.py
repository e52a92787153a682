"""Rendering in this process, as Copier does it when nobody trusts the template."""

from pathlib import Path

import copier

from tests.space import Answers

ANSWERS_FILE = ".copier-answers.yml"


def render(source: Path, destination: Path, answers: Answers | None = None) -> Path:
    """Render `source` with these answers and the defaults of all others; return `destination`."""
    copier.run_copy(str(source), destination, data=answers, defaults=True, quiet=True)
    return destination


def paths_in(project: Path) -> set[str]:
    """Return the files of a rendering, as they were rendered and before anything ran in it."""
    return {
        path.relative_to(project).as_posix()
        for path in project.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(project).parts
    }
