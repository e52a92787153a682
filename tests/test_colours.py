"""Asynchronous source, and the synchronous one that is derived from it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import space
from tests.macros import macros
from tests.rendering import render
from tests.repository import ROOT, SUFFIX, TemplateFile, rendered_files

EXTENDS = "{% extends 'extensions/python.jinja' %}"
INCLUDE = re.compile(r"\{% include '(\S+)' %\}")
RULES: list[tuple[str, str]] = macros("substitutions").substitutions
# Woven into a derived file by an expression, not by their names.
WALKTHROUGHS = sorted((ROOT / "template").rglob("_walkthrough.md"))

DERIVED = [
    file
    for file in rendered_files()
    if file.path.name.endswith(SUFFIX)
    and file.source.read_text(encoding="utf-8").startswith(EXTENDS)
]

COLOUR = re.compile(
    r"\b(async|await|asyncio|aclose|aclosing|anext|aiter\w*|Awaitable|Coroutine|[a-z_]*_async)\b"
    r"|\bAsync[A-Z]|__a(enter|exit|iter|next)__"
)
# What has a colour in a synchronous service all the same, and why.
COLOURED = {
    "src/{{package}}/adapters/jobs/procrastinate.py": "Procrastinate's worker is asynchronous",
    "src/{{package}}/adapters/jobs/patience.py": "so is what it asks the database by",
    "src/{{package}}/adapters/jobs/threads.py": "the bridge from its event loop into threads",
}

# Tests of what frameworks do not have in common, and of what only one colour has.
ONE_COLOUR = {
    "tests/integration/test_libpq.py",
    "tests/integration/test_slow_statements.py",
    "tests/unit/test_body_limit.py",
    "tests/unit/test_conninfo.py",
    "tests/unit/test_deadline.py",
    "tests/unit/test_quick_stop.py",
    "tests/unit/test_wsgi_layers.py",
    "tests/integration/test_relay.py::test_nobody_waits_for_a_signal_when_the_relay_is_to_stop",
}
# Between them, what every option renders, and what it leaves out.
OPTIONS: list[space.Answers] = [
    {},
    {"queue": "none"},
    {"auth": "none"},
    {"observability": []},
    {"example": False},
]
# What every service has below the HTTP edge.
CORE_TESTS = ("unit", "contract", "integration", "worker", "cli")


def source_of(file: TemplateFile) -> str:
    """Return what the table is put to, so far as it is known without answers."""
    text = file.source.read_text(encoding="utf-8")
    for included in INCLUDE.findall(text):
        text += (ROOT / included).read_text(encoding="utf-8")
    return text


def substituted(text: str) -> tuple[str, set[str]]:
    """Return the text without the colour, and the patterns that matched."""
    matched = set()
    for pattern, substitute in RULES:
        text, count = re.subn(pattern, substitute, text)
        if count:
            matched.add(pattern)
    return text, matched


@cache
def matched_anywhere() -> set[str]:
    texts = [source_of(file) for file in DERIVED]
    texts += [path.read_text(encoding="utf-8") for path in WALKTHROUGHS]
    return {pattern for text in texts for pattern in substituted(text)[1]}


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in RULES])
def test_every_rule_matches_somewhere(pattern: str) -> None:
    assert pattern in matched_anywhere()


@pytest.mark.parametrize("file", DERIVED, ids=lambda file: file.path.as_posix())
def test_a_file_is_derived_only_if_it_has_a_colour(file: TemplateFile) -> None:
    assert substituted(source_of(file))[1]


@pytest.mark.parametrize("file", DERIVED, ids=lambda file: file.path.as_posix())
def test_no_colour_is_left_by_the_table(file: TemplateFile) -> None:
    assert not COLOUR.search(substituted(source_of(file))[0])


def test_the_synchronous_frameworks_are_listed_once() -> None:
    lists = re.compile(r"framework (not )?in \[")
    listing = [name for name, rule in space.computed_answers().items() if lists.search(rule)]
    assert listing == ["io_sync"]


def frameworks(colour: str) -> list[str]:
    return [
        framework
        for framework in space.values("framework")
        if colour in space.active_overlays({"framework": framework})
    ]


def described(answers: space.Answers) -> str:
    return ",".join(f"{name}={value}" for name, value in answers.items()) or "default"


@pytest.mark.parametrize("answers", OPTIONS, ids=described)
@pytest.mark.parametrize("framework", frameworks("io_sync"))
def test_a_synchronous_service_has_no_colour(
    framework: str, answers: space.Answers, template: Path, tmp_path: Path
) -> None:
    names = {"framework": framework, "package": "desk"}
    service = render(template, tmp_path / "service", answers | names)
    allowed = {path.replace("{{package}}", "desk") for path in COLOURED}
    for file in service.rglob("*"):
        path = file.relative_to(service).as_posix()
        if file.is_file() and path not in allowed:
            found = COLOUR.findall(file.read_text(encoding="utf-8"))
            assert not found, path


def test_what_may_have_a_colour_has_one() -> None:
    coloured = {
        file.target
        for file in rendered_files()
        if "io_sync" in file.overlays
        or (file.target in COLOURED and "io_async" not in file.overlays)
        if COLOUR.search(file.source.read_text(encoding="utf-8"))
    }
    assert coloured == set(COLOURED)


@pytest.mark.parametrize("answers", OPTIONS, ids=described)
def test_the_core_has_the_same_tests_in_both_colours(
    answers: space.Answers, template: Path, tmp_path: Path
) -> None:
    one, other = (
        set(core_tests(render(template, tmp_path / name, answers | {"framework": name})))
        for name in (frameworks("io_async")[0], frameworks("io_sync")[0])
    )
    assert {
        test for test in one ^ other if not {test, test.split("::", maxsplit=1)[0]} & ONE_COLOUR
    } == set()


def core_tests(service: Path) -> Iterator[str]:
    for folder in CORE_TESTS:
        for file in sorted((service / "tests" / folder).rglob("test_*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                        if name.startswith("test_"):
                            yield f"{file.relative_to(service).as_posix()}::{name}"
                    case _:
                        pass
