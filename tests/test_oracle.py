"""Copier takes exactly the combinations that the oracle takes."""

from pathlib import Path
from shutil import copy2, copytree

import pytest

from tests import oracle, space
from tests.rendering import render
from tests.repository import EXTENSIONS, ROOT

COMBINATIONS = list(space.combine(list(space.CORE)))


@pytest.fixture(scope="module")
def questionnaire(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template without files, so that only its questions take time."""
    source = tmp_path_factory.mktemp("questionnaire")
    copy2(ROOT / "copier.yml", source)
    copytree(EXTENSIONS, source / "extensions")
    (source / "template").mkdir()
    return source


@pytest.mark.parametrize(
    "answers", COMBINATIONS, ids=lambda answers: "-".join(map(str, answers.values()))
)
def test_copier_and_the_oracle_agree(
    questionnaire: Path, tmp_path: Path, answers: space.Answers
) -> None:
    rule = oracle.refusal(answers)
    if rule is None:
        render(questionnaire, tmp_path / "service", answers)
        return
    with pytest.raises(ValueError, match=r"Invalid choice|Validation error") as refused:
        render(questionnaire, tmp_path / "service", answers)
    assert rule.says in str(refused.value)
    assert rule.nearest in str(refused.value)
    assert not (tmp_path / "service").exists()


def test_every_rule_refuses_something_and_says_what_no_other_does() -> None:
    for rule in oracle.RULES:
        assert any(rule.refuses(answers) for answers in COMBINATIONS), rule.reason
    assert len({rule.says for rule in oracle.RULES}) == len(oracle.RULES)


def test_the_defaults_are_valid() -> None:
    assert oracle.is_valid(space.defaults())


@pytest.mark.parametrize("axis", space.axes())
def test_the_first_value_of_an_axis_is_its_default(axis: str) -> None:
    assert space.values(axis)[0] == space.defaults()[axis]


@pytest.mark.parametrize("axis", space.CORE)
def test_every_value_is_in_a_valid_combination(axis: str) -> None:
    reached = [answers[axis] for answers in COMBINATIONS if oracle.is_valid(answers)]
    assert all(value in reached for value in space.values(axis))
