"""Every valid combination renders, and is clean as rendered."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from packaging.licenses import canonicalize_license_expression

from tests import oracle, space
from tests.matrix.cells import Cell, cover
from tests.matrix.changes import changes_since, shown
from tests.rendering import ANSWERS_FILE, memory, paths_in, render
from tests.repositories import Copier
from tests.repository import BASE, ROOT, rendered_files

SNAPSHOTS = ROOT / "tests" / "snapshots"
SHORTEST: space.Answers = {
    "project_name": "X",
    "project_slug": "x1",
    "package": "x1",
    "description": "",
    "author": "'",
}
LONGEST: space.Answers = {
    "project_name": "Ünïcode & 'Sons' (v2) + Co., a_name-of sixty characters, 東京.",
    "project_slug": "a-slug-as-long-as-slugs-can-be",
    "package": "a_name_as_long_as_names_can_be",
    "description": """Says "hi" \\ 'x': {{ y }} {% z %} # $HOME ${{ a }} — 東京, """.ljust(
        200, "x"
    ),
    "author": """A "quoted" \\ author & {{ name }}: <a@example.invalid>, 東京 """.ljust(200, "x"),
}


def combinations() -> Iterator[space.Answers]:
    for answers in space.combine(list(space.MEETING)):
        if oracle.is_valid(answers):
            yield answers


def values_of_other_axes() -> Iterator[space.Answers]:
    for axis in space.axes():
        if axis not in space.MEETING:
            for value in space.values(axis)[1:]:
                yield {axis: value}


def described(answers: space.Answers) -> str:
    differing = [f"{k}={v}" for k, v in answers.items() if v != space.default(k, answers)]
    return ",".join(differing) or "default"


def with_every_file(everywhere: Sequence[space.Answers]) -> Iterator[space.Answers]:
    """Yield those of the answers that render a file which none before them renders."""
    seen: frozenset[str] = frozenset()
    for answers in everywhere:
        files = Cell.of(answers).files
        if files - seen:
            seen |= files
            yield answers


# Every combination with lines as long as they can be; with lines as short, every file.
ALL = [*combinations(), *values_of_other_axes()]
CELLS = {f"{described(it)},longest": it | LONGEST for it in ALL} | {
    f"{described(it)},shortest": it | SHORTEST for it in with_every_file(ALL)
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "cell" in metafunc.fixturenames or "project" in metafunc.fixturenames:
        commit = metafunc.config.getoption("--changed-since")
        cells = [
            pytest.param(cell, marks=pytest.mark.xdist_group(cell))
            for cell in (cells_changed_since(commit) if commit else CELLS)
        ]
        metafunc.parametrize("cell", cells, scope="module")


def cells_changed_since(commit: str) -> list[str]:
    """Return the default, and few with each value and each file that occurs together with a change.

    All names if the change may concern all of them.
    """
    changes = changes_since(commit)
    if changes is None:
        return list(CELLS)
    names = {Cell.of(it): name for name, it in reversed(CELLS.items()) if shown(it, changes)}
    chosen = (names[cell] for cell in cover({cell: cell.parts for cell in names}))
    return list(dict.fromkeys(["default,longest", *chosen]))


@pytest.fixture(scope="module")
def project(cell: str, template: Path) -> Iterator[Path]:
    """A rendering that is gone once it was looked at: all of them are too many files to keep."""
    with TemporaryDirectory(prefix="formwork-rendering-", dir=memory()) as folder:
        yield render(template, Path(folder) / "service", CELLS[cell])


def test_rendering_here_is_rendering_by_the_command(template: Path, tmp_path: Path) -> None:
    """Byte for byte, and whatever was rendered before."""
    render(template, tmp_path / "before", {"example": False})
    here = render(template, tmp_path / "here", SHORTEST)
    by_the_command = Copier().copy(template, tmp_path / "by-the-command", SHORTEST)
    assert paths_in(here) == paths_in(by_the_command)
    for path in paths_in(here):
        one, other = here / path, by_the_command / path
        assert one.read_bytes() == other.read_bytes(), path
        assert one.stat().st_mode == other.stat().st_mode, path


def test_names_are_as_short_and_as_long_as_can_be() -> None:
    assert [len(SHORTEST[name]) for name in ("project_name", "project_slug", "package")] == [
        1,
        2,
        2,
    ]
    assert [len(LONGEST[name]) for name in ("project_name", "project_slug", "package")] == [
        60,
        30,
        30,
    ]
    assert len(LONGEST["description"]) == len(LONGEST["author"]) == 200


def test_the_linter_has_nothing_to_say(project: Path) -> None:
    ruff(project, "check", "--no-cache", "--output-format=concise")


def test_the_formatter_has_nothing_to_say(project: Path) -> None:
    ruff(project, "format", "--check", "--diff", "--no-cache")


def ruff(project: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "ruff", *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_python_compiles(project: Path) -> None:
    for file in project.rglob("*.py"):
        compile(file.read_bytes(), file, "exec", dont_inherit=True)


def test_no_template_is_left(project: Path, cell: str) -> None:
    """Only what the user typed may look like a template, and what GitHub or Prometheus expands."""
    assert not list(project.rglob("*.jinja"))
    typed = [str(CELLS[cell][name]) for name in ("description", "author")]
    for file in project.rglob("*"):
        if file.is_file() and file.suffix not in {".py", ".mako"} and file.name != ANSWERS_FILE:
            text = file.read_text(encoding="utf-8")
            for answer in filter(None, typed):
                text = text.replace(escaped(answer), "").replace(answer, "")
            text = text.replace("${{", "$(").replace("{{ $", "( $")
            assert "{{" not in text, file
            assert "{%" not in text, file
            assert "{#" not in text, file


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_files_end_in_one_newline(project: Path) -> None:
    for file in project.rglob("*"):
        if file.is_file() and (text := file.read_text(encoding="utf-8")):
            assert text.endswith("\n"), file
            assert not text.endswith("\n\n"), file
            assert "\r" not in text, file


def test_toml_and_yaml_are_read_back(project: Path, cell: str) -> None:
    for file in project.rglob("*.toml"):
        tomllib.loads(file.read_text(encoding="utf-8"))
    for file in [*project.rglob("*.yaml"), *project.rglob("*.yml")]:
        list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    described = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert described["description"] == CELLS[cell]["description"]
    assert described["authors"] == [{"name": CELLS[cell]["author"]}]
    assert canonicalize_license_expression(described["license"]) == described["license"]


def test_the_files_are_those_of_the_snapshots(project: Path, cell: str) -> None:
    package = CELLS[cell]["package"]
    active = space.active_overlays(CELLS[cell]) | {BASE}
    expected = {
        path.replace("{{package}}", package).replace("{{_copier_conf.answers_file}}", ANSWERS_FILE)
        for snapshot in SNAPSHOTS.glob("*.txt")
        if set(snapshot.stem.split("+")) <= active
        for path in snapshot.read_text(encoding="utf-8").splitlines()
    }
    assert paths_in(project) == expected


def test_the_snapshots_say_which_files_each_option_has(*, recording: bool) -> None:
    """`pytest --record` writes them anew. A path that goes missing is an edit lost in an update."""
    options: dict[str, list[str]] = {}
    for file in rendered_files():
        options.setdefault(file.option, []).append(file.target)
    found = {f"{option}.txt": "\n".join(sorted(paths)) + "\n" for option, paths in options.items()}
    if recording:
        for snapshot in SNAPSHOTS.glob("*.txt"):
            snapshot.unlink()
        for name, text in found.items():
            (SNAPSHOTS / name).write_text(text, encoding="utf-8")
    recorded = {path.name: path.read_text(encoding="utf-8") for path in SNAPSHOTS.glob("*.txt")}
    assert recorded == found
