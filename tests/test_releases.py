"""From every release to the template as it stands: nothing is lost but what was announced."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import release_notes, releases, space
from tests.matrix.servers import PostgreSQL, postgresql, production
from tests.releases import Release
from tests.rendering import paths_in, render, render_and_commit, update
from tests.repositories import commit, conflicts, git
from tests.services import Service
from tests.test_answers import ARCHIVE, ARCHIVED, answers_of, read_answers
from tests.test_updates import MIGRATION, template_owned

pytestmark = pytest.mark.slow

SQL = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
RELEASES = releases.releases()
ARCHIVED_BY = [
    pytest.param(past, archived, id=f"{past.version}-{archived.stem}")
    for past in RELEASES
    for archived in ARCHIVED
    if archived.parent.name == past.version
]


@pytest.fixture(scope="module")
def formwork(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.history(tmp_path_factory.mktemp("releases") / "formwork", present=template)


def default_of(past: Release) -> space.Answers:
    """Return what a release stored of bare `--defaults`."""
    return read_answers(ARCHIVE / past.version / "default.yml")


# ------------------------------------------------------------------ unedited
@pytest.mark.parametrize(("past", "archived"), ARCHIVED_BY)
def test_an_update_makes_of_old_answers_what_a_copy_makes_of_them(
    formwork: Path, tmp_path: Path, past: Release, archived: Path
) -> None:
    """And it keeps them. Only what nobody was asked then has the default of now."""
    answers = read_answers(archived)
    service = render_and_commit(formwork, tmp_path / "service", answers, tag=past.tag)
    assert answers_of(service) == answers, "the archive has what the release has stored"
    update(service)
    assert conflicts(service) == []
    updated = answers_of(service)
    assert {name: updated[name] for name in answers} == answers
    asked_since = set(updated) - set(answers)
    assert all(updated[name] == space.default(name, updated) for name in asked_since)
    direct = render(formwork, tmp_path / "direct", answers)
    assert template_owned(service) == template_owned(direct)
    assert changed(service, "D", answers["package"]) <= set(past.gone)
    rewritten = filter(MIGRATION.search, changed(service, "M", answers["package"]))
    assert set(rewritten) <= set(past.rewritten_migrations)


def changed(service: Path, how: str, package: str) -> set[str]:
    """Return the paths that git sees changed so, as if the package had its default name."""
    options = ("--no-renames", "--name-only", f"--diff-filter={how}")
    paths = git(service, "diff", "HEAD", *options).splitlines()
    return {path.replace(f"src/{package}/", "src/my_service/") for path in paths}


@pytest.mark.parametrize("past", RELEASES, ids=lambda past: past.version)
def test_what_an_update_takes_away_was_announced(
    formwork: Path, tmp_path: Path, past: Release
) -> None:
    """Paths, and names that modules had; and nothing is announced that is still there."""
    old = render(formwork, tmp_path / "old", default_of(past), tag=past.tag)
    new = render(formwork, tmp_path / "new", default_of(past))
    paths = paths_in(old) - paths_in(new)
    names = names_in(old, defined) - names_in(new, importable)
    assert paths | {name for name in names if name.partition(":")[0] not in paths} == set(past.gone)
    told = "\n".join(sections_since(past))
    for gone in past.gone:
        path, _, name = gone.partition(":")
        assert path.removeprefix("src/my_service/") in told
        assert name in told


def names_in(service: Path, of: Callable[[ast.stmt], Iterator[str]]) -> set[str]:
    """Return the public names in the service's modules, as path:name."""
    return {
        f"{path.relative_to(service).as_posix()}:{name}"
        for path in (service / "src").rglob("*.py")
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        for name in of(statement)
        if not name.startswith("_")
    }


def defined(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case _:
            pass


def importable(statement: ast.stmt) -> Iterator[str]:
    """Yield also what a module has from another: a name that moved leaves itself there."""
    yield from defined(statement)
    if isinstance(statement, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in statement.names)


def sections_since(past: Release) -> Iterator[str]:
    """Yield what UPGRADING.md says of everything after this release."""
    for version, section in release_notes.sections(release_notes.STEPS).items():
        if version == past.version:
            return
        yield section


# -------------------------------------------------------------------- edited
@pytest.fixture(scope="module")
def database() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


class Grown(Service):
    """A service of an old release that was added to, migrated a database, and was then updated."""

    def __init__(self, past: Release, directory: Path, database_url: str) -> None:
        super().__init__(directory, f"release-{past.version}")
        self.past = past
        self.database_url = database_url

    def migrate(self, database_url: str) -> None:
        script = self.environment.command("my-service")
        self.run(script, "migrate", **production(database_url, 0))


@pytest.fixture(scope="module", params=RELEASES, ids=lambda past: past.version)
def updated(
    request: pytest.FixtureRequest, formwork: Path, database: PostgreSQL, open_folder: Path
) -> Grown:
    past: Release = request.param
    directory = open_folder / past.version / "service"
    render_and_commit(formwork, directory, default_of(past), tag=past.tag)
    service = Grown(past, directory, database.new_database())
    service.add_everything()
    service.migrate(service.database_url)
    update(directory)
    service.uv("lock")
    service.uv("sync")
    return service


@pytest.mark.xdist_group("releases")
def test_no_edit_is_lost_and_none_is_in_conflict(updated: Grown) -> None:
    assert conflicts(updated.directory) == []
    updated.expect_no_edit_lost()
    deleted = git(
        updated.directory, "diff", "HEAD", "--no-renames", "--diff-filter=D", "--name-only"
    )
    assert set(deleted.splitlines()) == {path for path in updated.past.gone if ":" not in path}


@pytest.mark.xdist_group("releases")
def test_a_database_becomes_what_a_new_one_is(updated: Grown, database: PostgreSQL) -> None:
    """By the migrations, and by the SQL that UPGRADING.md tells to run."""
    updated.migrate(updated.database_url)
    for section in sections_since(updated.past):
        for statements in SQL.findall(section):
            database.psql(updated.database_url, statements)
    fresh = database.new_database()
    updated.migrate(fresh)
    described = [database.psql(url, r"\d public.*") for url in (updated.database_url, fresh)]
    assert "ck_orders_status" in described[0]
    assert described[0] == described[1]


@pytest.mark.xdist_group("releases")
def test_the_services_own_checks_are_green(updated: Grown) -> None:
    updated.run("make", "--no-print-directory", "check")
    updated.run("make", "--no-print-directory", "greet")


@pytest.mark.xdist_group("releases")
def test_what_came_since_is_switched_on_without_a_conflict(updated: Grown) -> None:
    """All that new services have by default. It comes last: the service is another afterwards."""
    commit(updated.directory, "Update")
    update(updated.directory, space.defaults())
    assert conflicts(updated.directory) == []
    updated.expect_no_edit_lost()
