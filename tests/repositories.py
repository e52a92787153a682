"""Git repositories for tests: releases of the template, and services rendered from them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.repository import copy_sources
from tests.space import Answers

IDENTITY = {
    "GIT_AUTHOR_NAME": "A Test",
    "GIT_AUTHOR_EMAIL": "test@example.invalid",
    "GIT_COMMITTER_NAME": "A Test",
    "GIT_COMMITTER_EMAIL": "test@example.invalid",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def git(repository: Path, *arguments: str) -> str:
    """Run git and return what it prints."""
    command = ["git", "-C", str(repository), "-c", "init.defaultBranch=main", *arguments]
    return run(command).strip()


def run(command: Sequence[str], *, cwd: Path | None = None, **environment: str) -> str:
    """Run a command to its end and return what it prints; if it fails, that is in the error."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **IDENTITY, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} exits {done.returncode}:\n{done.stdout}")
    return done.stdout


def commit(repository: Path, message: str) -> None:
    """Commit everything that is there, in a repository that is made if need be."""
    if not (repository / ".git").exists():
        git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", message)


def release(repository: Path, tag: str, *, sources: Path | None = None) -> Path:
    """Commit the template as it stands, from `sources` if given, and tag it."""
    if sources is not None:
        copy_sources(repository, of=sources)
    commit(repository, f"Release {tag}")
    git(repository, "tag", tag)
    return repository


class Copier:
    """Copier's command, in the environment that `python` belongs to. Never with `--trust`."""

    def __init__(self, python: Path | str = sys.executable) -> None:
        self.python = str(python)

    def copy(self, source: Path, service: Path, answers: Answers | None = None) -> Path:
        """Render the newest release and commit it."""
        self._run("copy", *_data(answers), str(source), str(service))
        commit(service, "Start from the template")
        return service

    def update(self, service: Path, answers: Answers | None = None) -> None:
        """Update to the newest release; what changes is left for the caller to look at."""
        self._run("update", *_data(answers), cwd=service)

    def _run(self, command: str, *arguments: str, cwd: Path | None = None) -> str:
        return run(
            [self.python, "-m", "copier", command, "--defaults", "--quiet", *arguments], cwd=cwd
        )


def _data(answers: Answers | None) -> list[str]:
    return [f"--data={name}={_typed(value)}" for name, value in (answers or {}).items()]


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def changes(service: Path) -> str:
    """Return what git sees changed since the last commit, one path on each line."""
    return git(service, "status", "--porcelain", "--untracked-files=all")


def conflicts(service: Path) -> list[str]:
    """Return every sign of a conflict that an update left: Copier reports success all the same."""
    unmerged = git(service, "ls-files", "--unmerged").splitlines()
    rejected = [str(path.relative_to(service)) for path in service.rglob("*.rej")]
    return unmerged + rejected + files_with_markers(service)


def files_with_markers(service: Path) -> list[str]:
    listed = git(service, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    texts: Mapping[str, str] = {
        name: (service / name).read_text(encoding="utf-8", errors="replace")
        for name in listed
        if (service / name).is_file()
    }
    return [name for name, text in texts.items() if "\n<<<<<<<" in f"\n{text}"]
