"""What cells rendered to before a change."""

import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from tests.matrix import ledger, stages
from tests.matrix.cells import Cell
from tests.repository import ROOT, SOURCES


def baseline_at(commit: str, scratch: Path) -> Callable[[Cell], str | None]:
    """Return a function from a cell to the hash of its rendering at `commit`.

    A cell that did not render there, a commit that is not there, and a harness that changed since
    have no baseline: whatever they concern is run.
    """
    template = _sources_at(commit, scratch / "template")
    if template is None or _harness_changed_since(commit):
        return lambda _: None

    def baseline(cell: Cell) -> str | None:
        try:
            return ledger.hash_of_tree(
                stages.render_cell(cell, template, scratch / "cells" / cell.name)
            )
        except Exception:  # noqa: BLE001 - whatever kept it from rendering, there is nothing to compare with
            return None

    return baseline


def _sources_at(commit: str, destination: Path) -> Path | None:
    archived = subprocess.run(
        ["git", "archive", "--format=tar", commit, "--", *SOURCES],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archived.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        archive.extractall(destination, filter="data")
    return destination


def _harness_changed_since(commit: str) -> bool:
    compared = subprocess.run(
        ["git", "diff", "--quiet", commit, "--", *ledger.HARNESS], cwd=ROOT, check=False
    )
    return compared.returncode != 0
