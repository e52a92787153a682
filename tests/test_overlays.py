"""One option, one folder: overlays don't meet, and look the same from outside."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import PurePosixPath

import pytest
import yaml

from tests import oracle, space
from tests.repository import (
    EXTENSIONS,
    TemplateFile,
    option_files,
    rendered_files,
    template_files,
    without_block,
)

WEAVING = (EXTENSIONS / "options.jinja").read_text(encoding="utf-8")
OPTIONS = option_files()
ILLEGAL_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
SUBSTITUTION = re.compile(r"\{\{ *(\w+)[^}]*\}\}")


def valid_combinations() -> Iterator[space.Answers]:
    for core in space.combine(list(space.CORE)):
        if oracle.is_valid(core):
            for side in space.combine(space.side_axes()):
                yield core | side


def by_target(files: list[TemplateFile]) -> Mapping[str, list[TemplateFile]]:
    targets = defaultdict(list)
    for file in files:
        targets[file.target].append(file)
    return targets


def test_overlays_that_are_active_together_never_write_the_same_path() -> None:
    """The order in which Copier visits folders is not defined: an overlap would be a race."""
    rivals = [
        (target, set(one.overlays) | set(other.overlays))
        for target, files in by_target(rendered_files()).items()
        for one, other in combinations(files, 2)
    ]
    for answers in valid_combinations():
        active = space.active_overlays(answers)
        meeting = [target for target, overlays in rivals if overlays <= active]
        assert not meeting, f"{answers} render twice: {meeting}"


def test_every_overlay_is_a_computed_answer_and_the_other_way_round() -> None:
    folders = {overlay for file in template_files() for overlay in file.overlays}
    folders.discard("_copier_conf.answers_file")
    declared = set(space.computed_answers())
    assert folders <= declared
    # An overlay need not have files, but some answer has to choose it.
    chosen = {name for answers in valid_combinations() for name in space.active_overlays(answers)}
    assert chosen == declared


def test_every_choice_of_an_axis_has_its_overlay() -> None:
    overlays = set(space.computed_answers())
    for axis in {*space.CORE, "license"}:
        missing = [value for value in space.choices(axis) if f"{axis}_{value}" not in overlays]
        assert not missing, f"{axis}: {missing}"


def number_of_tests(answers: space.Answers) -> int:
    """Count the functions that test a service with these answers."""
    active = space.active_overlays(space.completed(answers))
    texts = (
        file.source.read_text(encoding="utf-8")
        for file in rendered_files()
        if file.target.startswith("tests/") and active.issuperset(file.overlays)
    )
    return sum(text.count("def test_") for text in texts)


def switches() -> Iterator[tuple[space.Answers, space.Answers]]:
    """Yield answers that switch something on, each with those that leave it off."""
    for axis in space.MEETING:
        off = [value for value in space.values(axis) if value in ("none", [], False)]
        on = [value for value in space.values(axis) if value not in off]
        yield from (({axis: value}, {axis: nothing}) for value in on for nothing in off)


@pytest.mark.parametrize(("on", "off"), list(switches()), ids=str)
@pytest.mark.parametrize("framework", space.values("framework"))
def test_what_is_switched_on_brings_tests(
    framework: str, on: space.Answers, off: space.Answers
) -> None:
    answers = {"framework": framework}
    assert number_of_tests(answers | on) > number_of_tests(answers | off)


@pytest.mark.parametrize("file", template_files(), ids=lambda file: file.path.as_posix())
def test_names_are_safe_on_windows(file: TemplateFile) -> None:
    for part in file.path.parts:
        name = re.sub(r"\{\{[\w.]+\}\}", "x", part)
        assert not ILLEGAL_ON_WINDOWS.search(name)
        assert not RESERVED_ON_WINDOWS.fullmatch(name)


def test_names_differ_by_more_than_case() -> None:
    paths = [file.path.as_posix().casefold() for file in template_files()]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("file", OPTIONS, ids=lambda file: file.option)
def test_options_contribute_lists_under_known_keys(file: TemplateFile) -> None:
    text = re.sub(r"\{%.*?%\}", "", file.source.read_text(encoding="utf-8"))
    contributions = yaml.safe_load(SUBSTITUTION.sub(r"\1", text))
    assert set(contributions) <= option_keys()
    assert all(isinstance(value, list) for value in contributions.values())


def test_every_known_key_is_woven_somewhere() -> None:
    """A key that nothing reads is a contribution that goes nowhere."""
    sources = [file.source for file in rendered_files() if file.source.suffix == ".jinja"]
    sources += EXTENSIONS.glob("*.jinja")
    text = "\n".join(without_comments(source.read_text(encoding="utf-8")) for source in sources)
    assert set(re.findall(r"\bcontributions\.(\w+)", text)) == option_keys()


def option_keys() -> set[str]:
    """Return what options may contribute, as `extensions/options.jinja` lists it."""
    listed = re.search(r"set keys = (\[.*?\])", WEAVING, flags=re.DOTALL)
    assert listed
    return set(ast.literal_eval(listed[1]))


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("file", OPTIONS, ids=lambda file: file.option)
def test_options_are_where_weaving_finds_them(file: TemplateFile) -> None:
    """`extensions/options.jinja` looks in overlays and in overlays within overlays."""
    assert len(file.overlays) <= 2
    assert file.target == "option.yml"
    for overlay in file.overlays:
        axis = overlay.split("_")[0]
        assert f"'{axis}_'" in WEAVING or f"'{overlay}'" in WEAVING, overlay


ALTERNATIVES = {
    target: files
    for target, files in by_target(rendered_files()).items()
    if len(files) > 1 and "/adapters/" in target and target.endswith(".py")
}


@pytest.mark.parametrize("target", ALTERNATIVES)
def test_alternatives_of_a_role_export_the_same_names(target: str) -> None:
    """Callers import a role by its path, so no caller has to know which option it is."""
    exported = {file.option: public_names(file) for file in ALTERNATIVES[target]}
    assert len(set(exported.values())) == 1, exported


ROLES = [
    file
    for file in rendered_files()
    if file.overlays and re.fullmatch(r".*/adapters/\w+/__init__\.py", file.target)
]


@pytest.mark.parametrize("file", ROLES, ids=lambda file: f"{file.option}-{file.target}")
def test_every_role_says_what_it_exports_and_opens_it_by_its_role(file: TemplateFile) -> None:
    names = public_names(file)
    assert any(name.startswith("open_") for name in names)
    technology = set(file.overlays[0].split("_")[1:])
    assert not [name for name in names if technology & set(re.findall("[a-z]+", name.lower()))]


def public_names(file: TemplateFile) -> frozenset[str]:
    """Return `__all__` if there is one, else every name defined at the top that is not private."""
    source = without_block(file.source.read_text(encoding="utf-8"))
    tree = ast.parse(SUBSTITUTION.sub(r"\1", source))
    defined: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=listed):
                return frozenset(ast.literal_eval(listed))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                defined.add(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                defined.add(name)
            case _:
                pass
    # A package of which there is only a docstring exports nothing.
    says_it = len(tree.body) == 1 or PurePosixPath(file.target).name != "__init__.py"
    assert says_it, f"{file.target} has no __all__"
    return frozenset(name for name in defined if not name.startswith("_"))
