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
# An action, an image, a stage's base or source, a hook: what it is, and at which version.
PIN = re.compile(r"(?:uses: |image: |FROM |--from=|rev: )\S*[@:](?P<version>\S+)")


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
    assert DECIDED < declared()
    assert set(watched()) == declared() - DECIDED


def test_a_commit_is_watched_with_the_release_that_it_is_of() -> None:
    found = watched()["checkout"]
    assert re.fullmatch("[0-9a-f]{40}", found["currentDigest"])
    assert re.fullmatch(r"v[0-9.]+", found["currentValue"])


@pytest.mark.parametrize("file", CONFIGURATION, ids=lambda file: file.path.as_posix())
def test_a_pinned_version_comes_from_the_manifest(file: TemplateFile) -> None:
    for pin in PIN.finditer(file.source.read_text(encoding="utf-8")):
        assert pin["version"].startswith(("{{", "${")), f"{pin[0]} belongs into {MANIFEST.name}"


def test_pins_are_found() -> None:
    texts = [file.source.read_text(encoding="utf-8") for file in CONFIGURATION]
    assert sum(len(PIN.findall(text)) for text in texts) >= 10  # noqa: PLR2004
    assert PIN.search("image: postgres:18")
    assert not PIN.search("image: {{ project_slug | to_json }}")
