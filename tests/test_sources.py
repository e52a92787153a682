"""The template's files: Python without branches, and nothing that would need trust."""

import fnmatch
import re

import pytest

from tests import space
from tests.repository import SUFFIX, TemplateFile, rendered_files, without_block

# The woven files: one include each, of the block that writes them.
WOVEN = {
    "src/{{package}}/bootstrap/__init__.py": (
        "{% extends 'extensions/python.jinja' %}{% block source %}"
        "{% include 'extensions/bootstrap.jinja' %}{% endblock %}"
    ),
    "src/{{package}}/settings/__init__.py": "{% include 'extensions/settings.jinja' %}",
}

PYTHON = [file for file in rendered_files() if file.target.endswith((".py", ".pyi"))]
TEMPLATES = [file for file in PYTHON if file.path.name.endswith(SUFFIX)]
TAG = re.compile(r"\{[%#]|[%#]\}")
SUBSTITUTION = re.compile(r"\{\{.*?\}\}")
SUBSTITUTIONS = {"{{ package }}", "{{ project_name }}", "{{ project_slug }}"}
NEEDS_TRUST = {"_jinja_extensions", "_tasks", "_migrations"}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.path.as_posix())
def test_python_has_substitutions_and_no_branches(file: TemplateFile) -> None:
    text = file.source.read_text(encoding="utf-8")
    if file.target in WOVEN:
        assert text == WOVEN[file.target]
    else:
        text = without_block(text)
        assert not TAG.search(text)
        assert set(SUBSTITUTION.findall(text)) <= SUBSTITUTIONS


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.path.as_posix())
def test_a_file_is_a_template_only_if_it_substitutes(file: TemplateFile) -> None:
    assert re.search(r"\{[{%]", file.source.read_text(encoding="utf-8"))


def test_nothing_needs_trust() -> None:
    assert not NEEDS_TRUST & set(space.declarations())


def test_undefined_names_fail_to_render() -> None:
    assert space.settings()["_envops"] == {
        "undefined": "jinja2.StrictUndefined",
        "keep_trailing_newline": True,
    }


def test_the_answers_file_is_one_line() -> None:
    answers = "{{_copier_conf.answers_file}}.jinja"
    (file,) = [file for file in rendered_files() if file.path.name == answers]
    assert file.source.read_text(encoding="utf-8") == "{{ _copier_answers|to_nice_yaml -}}\n"


def test_computed_answers_come_last() -> None:
    names = [name for name in space.declarations() if not name.startswith("_")]
    assert names == [*space.questions(), *space.computed_answers(), space.WOVEN]


def test_files_of_the_service_alone_are_rendered_for_every_answer() -> None:
    """`_skip_if_exists` does not protect a file whose option is switched off.

    No answer is in it either: Copier asks for it before it has any.
    """
    always = [file.target for file in rendered_files() if not file.overlays]
    for pattern in space.settings()["_skip_if_exists"]:
        assert fnmatch.filter(always, pattern), pattern


@pytest.mark.parametrize("question", space.questions())
def test_every_question_explains_itself_and_has_a_default(question: str) -> None:
    declared = space.questions()[question]
    assert declared["help"]
    assert "default" in declared
    assert declared.get("choices") or declared.get("validator"), "anything is taken"
