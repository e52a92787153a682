"""No release without a word on what it changes, and on what it asks of a running service."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import release_notes
from tests.release_notes import CHANGES, STEPS, UNRELEASED, VERSION, notes, sections
from tests.releases import Release, releases
from tests.repositories import git
from tests.repository import ROOT

WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
RELEASED = [version for version in sections(CHANGES) if version != UNRELEASED]


def test_every_release_says_what_it_changes_and_what_it_asks_for() -> None:
    assert list(sections(CHANGES)) == list(sections(STEPS)) == [UNRELEASED, *RELEASED]
    headings = [
        line
        for file in (CHANGES, STEPS)
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    ]
    assert len(headings) == 2 * len(sections(CHANGES)), "each heading is understood, and there once"


@pytest.mark.parametrize("version", sections(CHANGES))
def test_what_to_do_before_deploying_is_never_left_out(version: str) -> None:
    """Nothing is an answer, silence is none. What is not released yet is already written down."""
    assert re.search(rf"{re.escape(release_notes.BEFORE)}\s*\S", sections(STEPS)[version])


@pytest.mark.parametrize("version", RELEASED)
def test_notes_have_both(version: str) -> None:
    assert sections(CHANGES)[version] in notes(version)
    assert sections(STEPS)[version] in notes(version)


def test_versions_are_semantic_and_the_newest_comes_first() -> None:
    assert all(VERSION.fullmatch(version) for version in RELEASED)
    numbers = [tuple(map(int, version.split("."))) for version in RELEASED]
    assert numbers == sorted(set(numbers), reverse=True)
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert described["project"]["version"] == RELEASED[0]


STEP = "**Before you deploy:** nothing."


@pytest.mark.parametrize(
    ("version", "changes", "steps", "lacking"),
    [
        ("1.2.0", "## [1.1.0]\n\n- It is.\n", f"## 1.2.0\n\n{STEP}\n", "CHANGELOG.md says nothing"),
        ("1.2.0", "## [1.2.0]\n\n- It is.\n", f"## 1.1.0\n\n{STEP}\n", "UPGRADING.md says nothing"),
        ("1.2.0", "## [1.2.0]\n", f"## 1.2.0\n\n{STEP}\n", "CHANGELOG.md says nothing"),
        ("1.2.0", "## [1.2.0]\n\n- It is.\n", "## 1.2.0\n\nRejoice.\n", "Before you deploy"),
        ("1.2", "## [1.2]\n\n- It is.\n", f"## 1.2\n\n{STEP}\n", "no version"),
        ("Unreleased", "## [Unreleased]\n\n- A.\n", f"## Unreleased\n\n{STEP}\n", "no version"),
    ],
)
def test_a_tag_that_lacks_its_notes_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    changes: str,
    steps: str,
    lacking: str,
) -> None:
    (tmp_path / CHANGES).write_text(f"# Changelog\n\n{changes}", encoding="utf-8")
    (tmp_path / STEPS).write_text(f"# Upgrading\n\n{steps}", encoding="utf-8")
    monkeypatch.setattr(release_notes, "ROOT", tmp_path)
    with pytest.raises(LookupError, match=lacking):
        notes(version)


def test_the_workflow_releases_what_has_notes_and_passes() -> None:
    jobs = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    commands = {name: [step.get("run", "") for step in job["steps"]] for name, job in jobs.items()}
    assert commands["notes"][-1].startswith("make release-notes ")
    assert commands["test"] == ["", ".ci/run"]
    assert set(jobs["release"]["needs"]) == {"notes", "test"}
    assert "--notes-file" in commands["release"][-1]
    writing = [name for name, job in jobs.items() if "write" in job["permissions"].values()]
    assert writing == ["release"]


def test_the_history_has_every_release_that_services_come_from() -> None:
    """The commit of the newest one can be named only when there is one."""
    known = [past.version for past in reversed(releases())]
    assert known in (RELEASED, RELEASED[1:])
    for past in releases():
        past.require()
        git(ROOT, "merge-base", "--is-ancestor", past.commit, "HEAD")


def test_a_clone_without_the_history_is_told_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="git fetch --unshallow"):
        Release("0.0.1", "0" * 40).extract(tmp_path)
