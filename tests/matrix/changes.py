"""What of the template changed since a commit, and which cells show it."""

import subprocess
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TypeAlias

from tests import space
from tests.matrix.cells import Cell, cover
from tests.matrix.ledger import HARNESS
from tests.repository import ROOT, SOURCES, TEMPLATE, overlays_of
from tests.space import Answers

# Of each changed file: the variables of the folders that it is in.
Changes: TypeAlias = AbstractSet[frozenset[str]]


def changes_since(commit: str) -> Changes | None:
    """Return what differs from that commit, or is new and not ignored.

    None if something may concern every cell, whatever its options, or the commit is not here.
    """
    watched = [*SOURCES, *HARNESS, "tests/test_renderings.py"]
    differing = _git("diff", "--no-renames", "--name-only", commit, "--", *watched)
    untracked = _git("ls-files", "--others", "--exclude-standard", "--", *watched)
    if differing is None or untracked is None:
        return None
    paths = [Path(path) for path in differing + untracked]
    if not all(path.is_relative_to(TEMPLATE.name) for path in paths):
        return None
    return {frozenset(overlays_of(path.relative_to(TEMPLATE.name))) for path in paths}


def shown(answers: Answers, changes: Changes) -> Changes:
    """Return those of the changes that are rendered with these answers."""
    active = space.active_overlays(answers)
    return {overlays for overlays in changes if active.issuperset(overlays)}


def showing(cells: Iterable[Cell], changes: Changes) -> list[Cell]:
    return [cell for cell in cells if shown(cell.as_data(), changes)]


def fewest(cells: Sequence[Cell], changes: Changes) -> list[Cell]:
    """Return few of the cells; whatever change is shown by any of these is shown by one of them."""
    return cover({cell: frozenset(shown(cell.as_data(), changes)) for cell in cells})


def _git(*arguments: str) -> list[str] | None:
    command = ["git", "-c", "core.quotepath=false", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return None if done.returncode else done.stdout.splitlines()
