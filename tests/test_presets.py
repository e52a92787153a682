"""Presets: answer files for `--data-file` that say what a kind of service takes."""

from pathlib import Path

import pytest

from tests import space
from tests.rendering import ANSWERS_FILE, paths_in, render
from tests.repository import ROOT

TYPED = {name for name in space.questions() if name not in space.axes()}


@pytest.mark.parametrize("preset", space.PRESETS, ids=lambda path: path.stem)
def test_a_preset_renders_what_it_says(preset: Path, template: Path, tmp_path: Path) -> None:
    answers = space.answers_in(preset)
    service = render(template, tmp_path / "service", answers)
    recorded = space.answers_in(service / ANSWERS_FILE)
    assert {name: recorded[name] for name in answers} == answers


@pytest.mark.parametrize("preset", space.PRESETS, ids=lambda path: path.stem)
def test_a_preset_decides_every_core_axis_and_no_name(preset: Path) -> None:
    answers = space.answers_in(preset)
    assert set(space.CORE) <= set(answers)
    assert not TYPED & set(answers)


def test_the_default_preset_is_what_is_rendered_without_one(template: Path, tmp_path: Path) -> None:
    default = space.answers_in(ROOT / "docs" / "presets" / "default.yml")
    assert default.items() <= space.defaults().items()
    with_it = render(template, tmp_path / "with", default)
    without = render(template, tmp_path / "without")
    assert paths_in(with_it) == paths_in(without)


def test_the_minimal_preset_takes_the_least() -> None:
    minimal = space.answers_in(ROOT / "docs" / "presets" / "minimal.yml")
    assert minimal["auth"] == minimal["queue"] == "none"
    assert minimal["observability"] == []
    assert minimal["example"] is False
