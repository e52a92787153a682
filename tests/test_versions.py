"""Versions that rendered files pin: in one manifest, where a bot sees them."""

import json
import re

import pytest

from tests.repository import EXTENSIONS, ROOT, TemplateFile, template_files

MANIFEST = EXTENSIONS / "versions.jinja"
RENOVATE = ROOT / ".github" / "renovate.json"
# Which Pythons a service runs on is decided, with tests on each; no release of one changes it.
DECIDED = {"pythons", "newest_python", "untested_python"}

CONFIGURATION = [
    file for file in template_files() if not file.target.endswith((".py", ".pyi", ".md"))
]
# An action, an image, what a stage is built on or copies from, a hook.
REFERENCE = re.compile(r"(?:uses: | image: |FROM |--from=|rev: )(\S+)")
STAGE = re.compile(r"FROM .+ AS (\w+)")


def declared() -> set[str]:
    """Return the names that the manifest sets."""
    return set(re.findall(r"set (\w+) =", MANIFEST.read_text(encoding="utf-8")))


def watched() -> dict[str, re.Match[str]]:
    """Return what a bot finds in the manifest, by name."""
    (manager,) = json.loads(RENOVATE.read_text(encoding="utf-8"))["customManagers"]
    assert manager["managerFilePatterns"] == [MANIFEST.relative_to(ROOT).as_posix()]
    (pattern,) = manager["matchStrings"]
    matches = re.finditer(pattern.replace("(?<", "(?P<"), MANIFEST.read_text(encoding="utf-8"))
    return {re.findall(r"set (\w+) =", match[0])[0]: match for match in matches}


def test_a_bot_watches_every_version_but_those_that_are_decided() -> None:
    assert declared() > DECIDED
    assert set(watched()) == declared() - DECIDED


def test_a_commit_is_watched_with_the_release_that_it_is_of() -> None:
    found = watched()["checkout"]
    assert re.fullmatch("[0-9a-f]{40}", found["currentDigest"])
    assert re.fullmatch(r"v[0-9.]+", found["currentValue"])


def unpinned(text: str) -> list[str]:
    """Return what is fetched from elsewhere at a version that does not come from the manifest."""
    stages = set(STAGE.findall(text))
    return [found for found in REFERENCE.findall(text) if found not in stages and "{{" not in found]


@pytest.mark.parametrize("file", CONFIGURATION, ids=lambda file: file.path.as_posix())
def test_a_pinned_version_comes_from_the_manifest(file: TemplateFile) -> None:
    found = unpinned(file.source.read_text(encoding="utf-8"))
    assert not found, f"belongs into {MANIFEST.name}"


def test_a_version_that_does_not_come_from_the_manifest_is_found() -> None:
    assert unpinned("  image: postgres:18") == ["postgres:18"]
    assert unpinned("  image: postgres") == ["postgres"]
    assert unpinned("FROM python:3.14 AS build\nCOPY --from=build / /") == ["python:3.14"]
    assert not unpinned("  image: postgres:{{ postgres }}")
    texts = [file.source.read_text(encoding="utf-8") for file in CONFIGURATION]
    assert len(REFERENCE.findall("\n".join(texts))) >= 10
