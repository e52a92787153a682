"""The releases that services come from, as this repository's history has them."""

import shutil
import tarfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.repositories import git, release
from tests.repository import ROOT, SOURCES

DECLARED = ROOT / "tests" / "releases.toml"
# Newer than any release: the template as it stands.
NEXT = "v1000.0.0"


@dataclass(frozen=True)
class Release:
    """A release, and what an update from it takes away: for each path or path:name, the reason."""

    version: str
    commit: str
    gone: Mapping[str, str] = field(default_factory=dict)
    rewritten_migrations: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f"v{self.version}"

    def require(self) -> None:
        """Raise `LookupError` if this clone does not have the release."""
        if not _has(self.commit):
            raise LookupError(
                f"release {self.version}, commit {self.commit}, is not in this clone: "
                "`git fetch --unshallow` brings the history, `fetch-depth: 0` in a workflow"
            )

    def extract(self, directory: Path) -> None:
        """Write what Copier reads as this release had it."""
        self.require()
        archive = directory.with_name(f"{directory.name}-{self.version}.tar")
        git(ROOT, "archive", f"--output={archive}", self.commit, *SOURCES)
        with tarfile.open(archive) as files:
            files.extractall(directory, filter="data")


@cache
def releases() -> tuple[Release, ...]:
    """Return all releases, the oldest first."""
    declared = tomllib.loads(DECLARED.read_text(encoding="utf-8"))
    return tuple(Release(**described) for described in declared["release"])


def history(directory: Path, *, present: Path) -> Path:
    """Make a repository with all releases, by their tags, and `present` as the next; return it."""
    directory.mkdir()
    for past in releases():
        _clear(directory)
        past.extract(directory)
        release(directory, past.tag)
    _clear(directory)
    return release(directory, NEXT, sources=present)


def _has(commit: str) -> bool:
    try:
        git(ROOT, "cat-file", "-e", f"{commit}^{{commit}}")
    except AssertionError:
        return False
    return True


def _clear(directory: Path) -> None:
    for name in SOURCES:
        path = directory / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
