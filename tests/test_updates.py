"""Updates: every switch of an option and back, and what becomes of edits that stand in the way."""

import re
from collections.abc import Callable
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from tests import oracle, space, user_edits
from tests.rendering import ANSWERS_FILE, paths_in, render, render_and_commit, update
from tests.repositories import changes, commit, conflicts, files_with_markers, git, release

pytestmark = pytest.mark.slow

MIGRATIONS = "/adapters/persistence/migrations/"
# A file of a line, not what runs them.
MIGRATION = re.compile(rf"{MIGRATIONS}[^/]+/")


def template_owned(service: Path) -> dict[str, str]:
    """Return what an update has to get right: all but migrations and the service's own files.

    What runs the migrations is the template's.
    """
    return {
        path: (service / path).read_text(encoding="utf-8")
        for path in paths_in(service) - set(service_owned())
        if not MIGRATION.search(path)
    }


def service_owned() -> list[str]:
    """Return the files that are rendered once, and then stay as they are."""
    patterns = space.settings()["_skip_if_exists"]
    return [path.replace("*", "my_service") for path in patterns]


@pytest.fixture(scope="module")
def formwork(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release(tmp_path_factory.mktemp("updates") / "formwork", "v0.0.1", sources=template)


def migrations(service: Path) -> dict[str, str]:
    return {
        path: (service / path).read_text(encoding="utf-8")
        for path in paths_in(service)
        if MIGRATION.search(path)
    }


def put_migrations_back(service: Path) -> None:
    """Restore those that an update has deleted, as `make template-update` does."""
    deleted = git(service, "diff", "HEAD", "--no-renames", "--diff-filter=D", "--name-only")
    if lines := [path for path in deleted.splitlines() if MIGRATION.search(path)]:
        git(service, "restore", "--source=HEAD", "--", *lines)


def way_through(axis: str) -> list[Any]:
    """Return a way through the values of an axis, from the default back to it.

    On a core axis it takes each step between two values, on the others those from the default.
    """
    values = valid_values(axis)
    steps = combinations(values, 2) if axis in space.CORE else product(values[:1], values[1:])
    return [value for step in steps for value in step] + values[:1]


def valid_values(axis: str) -> list[Any]:
    """Return what an axis can be while all others have the defaults that follow from it."""
    return [
        value for value in space.values(axis) if oracle.is_valid(space.completed({axis: value}))
    ]


@pytest.mark.parametrize("axis", [axis for axis in space.axes() if len(valid_values(axis)) > 1])
def test_a_switched_option_leaves_no_trace_of_the_way_and_loses_nothing(
    formwork: Path, tmp_path: Path, axis: str
) -> None:
    """From value to value of an axis: each time as if the service had been copied so, then edited.

    Migrations apart: those of all values that there were are kept.
    """
    start, *moves = way_through(axis)
    service = render_and_commit(formwork, tmp_path / "switched", {axis: start})
    kept = migrations(service)
    user_edits.write(service)
    commit(service, "Add what is the service's own")
    copied: dict[str, Path] = {}
    for value in moves:
        answers = space.completed({axis: value})
        update(service, answers)
        put_migrations_back(service)
        assert conflicts(service) == []
        commit(service, f"Switch to {value}")
        if str(value) not in copied:
            copied[str(value)] = render(formwork, tmp_path / str(value), answers)
            kept |= migrations(copied[str(value)])
            user_edits.write(copied[str(value)])
        assert template_owned(service) == template_owned(copied[str(value)])
        assert migrations(service) == kept
    assert user_edits.lost(service) == []


@pytest.fixture
def service(formwork: Path, tmp_path: Path) -> Path:
    return render_and_commit(formwork, tmp_path / "service")


def edit(service: Path, name: str, change: Callable[[str], str]) -> None:
    path = service / name
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def test_an_edited_file_goes_with_its_option_and_git_tells(service: Path) -> None:
    """Copier deletes it without a word; the commit before the update has it."""
    edited = "src/my_service/application/orders/get_order.py"
    added = "src/my_service/application/orders/archive_order.py"
    edit(service, edited, lambda text: text + "\n# An edit.\n")
    (service / added).write_text('"""Archive an order."""\n', encoding="utf-8")
    commit(service, "Edit the example")
    update(service, {"example": False})
    assert not (service / edited).exists()
    assert f" D {edited}" in f" {changes(service)}".splitlines()
    assert (service / added).exists(), "what a service adds is never the template's to delete"
    assert conflicts(service) == []
    git(service, "restore", edited)
    assert (service / edited).read_text(encoding="utf-8").endswith("# An edit.\n")


def test_edits_of_the_same_lines_are_conflicts_in_plain_sight(
    template: Path, tmp_path: Path
) -> None:
    """Two hunks in one file: neither side of either is lost, and Copier reports success."""
    formwork = release(tmp_path / "formwork", "v0.0.1", sources=template)
    service = render_and_commit(formwork, tmp_path / "service")
    first, last = "HOST: 0.0.0.0", "stop_grace_period: 40s"
    edit(service, "compose.yaml", lambda text: text.replace(first, "HOST: 10.0.0.1"))
    edit(service, "compose.yaml", lambda text: text.replace(last, "stop_grace_period: 90s"))
    commit(service, "Edit the template's own lines")
    edit(
        formwork, "template/compose.yaml.jinja", lambda text: text.replace(first, "HOST: 192.0.2.1")
    )
    edit(
        formwork,
        "template/compose.yaml.jinja",
        lambda text: text.replace(last, "stop_grace_period: 60s"),
    )
    release(formwork, "v0.0.2")
    update(service)
    merged = (service / "compose.yaml").read_text(encoding="utf-8")
    assert files_with_markers(service) == ["compose.yaml"]
    assert merged.count("<<<<<<<") == merged.count(">>>>>>>") == 2
    for line in (
        "HOST: 10.0.0.1",
        "HOST: 192.0.2.1",
        "stop_grace_period: 90s",
        "stop_grace_period: 60s",
    ):
        assert line in merged


def test_files_of_the_service_alone_are_never_touched(template: Path, tmp_path: Path) -> None:
    formwork = release(tmp_path / "formwork", "v0.0.1", sources=template)
    service = render_and_commit(formwork, tmp_path / "service")
    for path in service_owned():
        edit(service, path, lambda text: f"# The service's own.\n{text}")
    commit(service, "Edit what is ours")
    for path in space.settings()["_skip_if_exists"]:
        source = formwork / "template" / path.replace("*", "{{package}}")
        source = source if source.exists() else source.with_name(source.name + ".jinja")
        source.write_text(source.read_text(encoding="utf-8") + "\n# A release.\n", encoding="utf-8")
    release(formwork, "v0.0.2")
    update(service)
    assert changes(service).splitlines() == [f"M {ANSWERS_FILE}"]
