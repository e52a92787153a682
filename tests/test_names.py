"""Names: what is refused, and that every default is one that is not."""

import keyword
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.macros import macros, reserved_names
from tests.matrix.pythons import installed_pythons

PYTHON_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NEW_IN_3_14 = {"annotationlib", "compression"}


def call(macro: str, argument: str) -> str:
    function: Callable[[str], object] = getattr(macros("names"), macro)
    return str(function(argument))


def is_package(name: str) -> bool:
    """The rule for packages, written a second time."""
    return (
        bool(PYTHON_NAME.fullmatch(name))
        and 2 <= len(name) <= 30
        and not keyword.iskeyword(name)
        and name not in reserved_names()
    )


def is_slug(name: str) -> bool:
    shape = bool(SLUG.fullmatch(name)) and 2 <= len(name) <= 30
    return shape and name.replace("-", "_") not in reserved_names()


names = st.text(alphabet=st.characters(codec="utf-8"), max_size=70) | st.text(
    alphabet="aB1 -_.,&'()+é東", max_size=70
)
identifiers = st.text(alphabet="abz019_-", max_size=34) | st.sampled_from(sorted(reserved_names()))


@given(names)
@example("Test")
@example("日本語")
@example("3D Printing")
@example("A")
@example("")
@example("Very " * 12)
def test_defaults_made_of_any_name_are_valid(name: str) -> None:
    slug = call("default_slug", name)
    package = call("default_package", slug)
    assert is_slug(slug)
    assert is_package(package)
    assert call("refuse_slug", slug) == ""
    assert call("refuse_package", package) == ""


@given(identifiers)
def test_packages_are_refused_by_the_rule_and_with_a_name_to_type(name: str) -> None:
    assert_refused_unless(is_package, "refuse_package", name)


@given(identifiers)
def test_slugs_are_refused_by_the_rule_and_with_a_name_to_type(name: str) -> None:
    assert_refused_unless(is_slug, "refuse_slug", name)


def assert_refused_unless(valid: Callable[[str], bool], macro: str, name: str) -> None:
    refusal = call(macro, name)
    assert (refusal == "") == valid(name)
    if refusal:
        suggestion = refusal.rpartition("Type, for example: ")[2]
        assert valid(suggestion)


@pytest.mark.parametrize(
    ("name", "slug", "package"),
    [
        ("My Service", "my-service", "my_service"),
        ("Test", "test-service", "test_service"),
        ("日本語", "my-service", "my_service"),
        ("Bob's & Co.", "bobs-co", "bobs_co"),
        ("3D Printing", "service-3d-printing", "service_3d_printing"),
    ],
)
def test_defaults_stay_close_to_the_name(name: str, slug: str, package: str) -> None:
    assert call("default_slug", name) == slug
    assert call("default_package", slug) == package


@pytest.mark.parametrize(
    "name", ["My Service", "Żółw 2", "東京", "हिन्दी", "O'Neil & Co. (v2)+", "x" * 60]
)
def test_project_names_of_any_script_are_taken(name: str) -> None:
    assert call("refuse_project_name", name) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "---",
        "42",
        "١٢",
        "x" * 61,
        " x",
        "x ",
        "a/b",
        'a"b',
        "a\\b",
        "a`b",
        "{{ a }}",
        "a\nb",
        "a:b",
        "😀 a",
    ],
)
def test_other_project_names_are_refused_with_one_to_type(name: str) -> None:
    assert "Order Desk" in call("refuse_project_name", name)


@pytest.mark.parametrize(
    "text", ["", 'Says "hi"', "C:\\x", "a: b # c", "{{ x }}", "naïve — 東京", "'"]
)
def test_texts_of_one_line_are_taken(text: str) -> None:
    assert call("refuse_text", text) == ""


@pytest.mark.parametrize(
    "text", ["a\nb", "a\rb", "a\tb", "\0", "\x7f", "\x85", "\u2028", "\u202e", "\udc80", "x" * 201]
)
def test_other_texts_are_refused(text: str) -> None:
    assert "Type" in call("refuse_text", text)


def test_somebody_holds_the_copyright() -> None:
    assert "Type a name" in call("refuse_author", " ")
    assert call("refuse_author", "The authors") == ""


@pytest.mark.parametrize("version", installed_pythons())
def test_the_standard_library_is_reserved(version: str) -> None:
    code = "import sys; print(*sys.stdlib_module_names)"
    python = str(installed_pythons()[version])
    modules = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    assert public(modules.stdout.split()) - reserved_names() == set()


def test_modules_of_a_python_that_may_not_be_here_are_reserved_names() -> None:
    assert reserved_names() >= NEW_IN_3_14


def test_keywords_are_reserved_names() -> None:
    assert {name.lower() for name in keyword.kwlist} <= reserved_names()


def test_what_every_interpreter_imports_at_its_start_is_reserved() -> None:
    assert reserved_names() >= {"sitecustomize", "usercustomize"}


def test_what_installers_and_windows_keep_for_themselves_is_reserved() -> None:
    assert reserved_names() >= {"python3", "pythonw", "pypy", "pypy3", "aux", "com1", "lpt9"}


def test_the_commands_of_a_new_environment_are_reserved(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path)], check=True)
    (folder,) = {path.parent for path in tmp_path.glob("*/activate")}
    # `deactivate` is a function of the shell.
    commands = {path.stem.lower() for path in folder.iterdir()} | {"deactivate"}
    assert {name for name in commands if re.fullmatch("[a-z0-9]+", name)} <= reserved_names()


def test_reserved_names_are_ones_that_could_be_typed() -> None:
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in reserved_names())
    assert {"tests", "src"} <= reserved_names()
    assert set(sys.stdlib_module_names) & reserved_names()


def public(modules: Iterable[str]) -> set[str]:
    return {name.lower() for name in modules if not name.startswith("_")}
