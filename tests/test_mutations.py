"""The mutations fit the template as it is. Whether tests find them, `make mutations` shows."""

from pathlib import Path

import pytest

from tests import oracle, space
from tests.matrix import mutations
from tests.matrix.mutations import Mutation
from tests.repository import TEMPLATE, TemplateFile, rendered_files

ALL = mutations.load()
RENDERED = {file.path.as_posix(): file for file in rendered_files()}


def named(mutation: Mutation) -> str:
    return mutation.name


def rendered_in(mutation: Mutation) -> list[TemplateFile]:
    active = space.active_overlays(mutation.answers)
    return [file for file in RENDERED.values() if active.issuperset(file.overlays)]


def test_no_two_have_one_name() -> None:
    assert len({mutation.log for mutation in ALL}) == len(ALL)


@pytest.mark.parametrize("mutation", ALL, ids=named)
def test_its_text_is_in_its_file_once_and_what_stands_there_instead_is_another(
    mutation: Mutation,
) -> None:
    assert (TEMPLATE / mutation.file).read_text(encoding="utf-8").count(mutation.before) == 1
    assert mutation.before != mutation.after


@pytest.mark.parametrize("mutation", ALL, ids=named)
def test_its_cell_is_valid_and_renders_its_file_and_its_tests(mutation: Mutation) -> None:
    assert set(mutation.answers) <= set(space.code_axes())
    assert oracle.is_valid(space.completed(mutation.answers))
    rendered = rendered_in(mutation)
    assert RENDERED[mutation.file] in rendered
    for path, _, test in (test.partition("::") for test in mutation.tests):
        sources = [file for file in rendered if f"{file.target}/".startswith(f"{path}/")]
        assert sources, path
        assert not test or f"def {test}(" in (TEMPLATE / sources[0].path).read_text("utf-8")


@pytest.mark.parametrize("axis", space.CORE)
def test_each_option_with_code_has_mutations(axis: str) -> None:
    options = {
        overlay
        for path, file in RENDERED.items()
        for overlay in file.overlays
        if overlay.startswith(f"{axis}_") and path.endswith((".py", ".py.jinja"))
    }
    mutated = {overlay for mutation in ALL for overlay in RENDERED[mutation.file].overlays}
    assert options <= mutated


def test_a_mutation_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "template").mkdir()
    (tmp_path / "template" / "a.py").write_text("x = 1\nx = 1\n", encoding="utf-8")
    for before in ("x = 1", "x = 2"):
        with pytest.raises(ValueError, match=r"not once"):
            Mutation("any", "a.py", before, "x = 3").apply(tmp_path)


@pytest.mark.parametrize(
    ("code", "printed", "word"),
    [
        (0, "3 passed\n", "SURVIVED"),
        (1, "FAILED tests/unit/test_a.py::test_b - assert 1 == 2\n", "found"),
        (1, "ERROR tests/unit/test_a.py::test_b - the database does not start\n", "broken"),
        (2, "ERROR tests/unit/test_a.py - SyntaxError\n", "broken"),
        (4, "ERROR: file or directory not found: tests/unit/test_a.py\n", "broken"),
        (5, "no tests ran\n", "broken"),
    ],
)
def test_only_a_test_that_fails_finds_a_mutation(
    tmp_path: Path, code: int, printed: str, word: str
) -> None:
    log = tmp_path / "mutation.log"
    log.write_text(printed, encoding="utf-8")
    assert mutations.judge(code, log)[0] == word
