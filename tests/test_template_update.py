"""`make template-update`: an update that tells what Copier keeps to itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rendering import COPIER, render, render_and_commit
from tests.repositories import changes, commit, git, release
from tests.repository import copy_sources
from tests.services import Service
from tests.space import Answers

pytestmark = pytest.mark.slow

EDITED = "src/my_service/application/orders/get_order.py"
MIGRATION = (
    "src/my_service/adapters/persistence/migrations/versions/orders/b86d14f2c0a7_add_orders.py"
)
# What the migrations of the queue need, and no service without it.
QUEUE = ["procrastinate>=3.4", "psycopg[binary]"]
EDIT = "\n# Café.\n".encode("latin-1")


@pytest.fixture
def formwork(template: Path, tmp_path: Path) -> Path:
    return release(tmp_path / "formwork", "v0.0.1", sources=template)


@pytest.fixture
def service(formwork: Path, tmp_path: Path) -> Path:
    return render_and_commit(formwork, tmp_path / "service", {"observability": []})


def update(service: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/template_update.py", "--copier", COPIER, "--", *more],
        cwd=service,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def listed(told: str, title: str) -> list[str]:
    """Return what was told under a title."""
    _, _, after = told.partition(f"\n{title}")
    return re.findall("^- `(.+)`$", after.partition("\n\n")[2].partition("\n\n")[0], re.MULTILINE)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def release_a_change(formwork: Path) -> None:
    replace(formwork / "template/compose.yaml.jinja", "HOST: 0.0.0.0", "HOST: 192.0.2.1")
    release(formwork, "v0.0.2")


def test_an_update_that_leaves_nothing_to_do(formwork: Path, service: Path) -> None:
    release_a_change(formwork)
    done = update(service)
    assert done.returncode == 0, done.stdout
    assert "From v0.0.1 to v0.0.2" in done.stdout
    assert "HOST: 192.0.2.1" in (service / "compose.yaml").read_text(encoding="utf-8")


def test_without_a_newer_release_nothing_is_done(service: Path) -> None:
    done = update(service)
    assert done.returncode == 0, done.stdout
    assert done.stdout == "The template has no newer release.\n"
    assert changes(service) == ""


def test_answers_may_change_within_a_release(service: Path) -> None:
    done = update(service, "--data", "license=apache")
    assert done.returncode == 0, done.stdout
    assert "The release is still v0.0.1; the diff shows what changed." in done.stdout
    assert "LICENSE" in changes(service)


def test_without_any_release_there_is_no_newer_one(template: Path, tmp_path: Path) -> None:
    formwork = copy_sources(tmp_path / "formwork", of=template)
    commit(formwork, "Begin")
    service = render_and_commit(formwork, tmp_path / "service", {"observability": []})
    assert update(service).stdout.endswith("The template has no newer release.\n")


@pytest.mark.parametrize(
    ("conflict", "named"),
    [
        ("inline", "Conflicts: decide, then take the markers out:\n\n- `compose.yaml`\n"),
        ("rej", "apply them by hand, then delete the file:\n\n- `compose.yaml.rej`\n"),
    ],
)
def test_conflicts_are_named_once(formwork: Path, service: Path, conflict: str, named: str) -> None:
    replace(service / "compose.yaml", "HOST: 0.0.0.0", "HOST: 10.0.0.1")
    commit(service, "Listen elsewhere")
    release_a_change(formwork)
    done = update(service, "--conflict", conflict)
    assert done.returncode == 1, done.stdout
    assert named in done.stdout
    assert done.stdout.count("compose.yaml") == 1


@pytest.mark.parametrize("place", [".", "services/desk"])
def test_edits_that_go_with_an_option_are_named_and_migrations_stay(
    formwork: Path, tmp_path: Path, place: str
) -> None:
    """Also those of a service that is a folder of a repository, and those that are no UTF-8."""
    repository = tmp_path / "repository"
    service = render(formwork, repository / place, {"observability": []})
    commit(repository, "Start from the template")
    file = service / EDITED
    file.write_bytes(file.read_bytes() + EDIT)
    (service / MIGRATION).write_bytes((service / MIGRATION).read_bytes() + EDIT)
    commit(repository, "Edit the example")
    done = update(service, "--data", "example=false")
    assert done.returncode == 1, done.stdout
    assert listed(done.stdout, "Edited files that went with their option") == [EDITED]
    assert MIGRATION in done.stdout
    assert (service / MIGRATION).read_bytes().endswith(EDIT)
    assert not file.exists()
    git(service, "restore", "--source=HEAD", EDITED)
    assert file.read_bytes().endswith(EDIT)


def test_what_is_left_without_what_it_imports_is_named(formwork: Path, service: Path) -> None:
    added = service / "src/my_service/application/orders/refund_order.py"
    added.write_text("from my_service.domain.order import OrderId\n", encoding="utf-8")
    (service / "src/my_service/entrypoints/http/routes/refunds.py").write_text(
        "from my_service.application.orders import refund_order\n", encoding="utf-8"
    )
    commit(service, "Refund")
    done = update(service, "--data", "example=false")
    assert done.returncode == 1, done.stdout
    assert listed(done.stdout, "Files of yours that import") == [
        "src/my_service/application/orders/refund_order.py"
    ]


@pytest.mark.parametrize("given", [["--data", "exmaple=false"], ["-dexmaple=false"]])
def test_an_answer_that_nobody_asks_for_is_named(
    formwork: Path, service: Path, given: list[str]
) -> None:
    done = update(service, *given)
    assert done.returncode == 1, done.stdout
    assert listed(done.stdout, "Answers that the template does not ask for") == ["exmaple"]


def test_an_address_that_leads_nowhere_is_refused(service: Path) -> None:
    answers = service / ".copier-answers.yml"
    source = re.search("^_src_path: (.+)$", answers.read_text(encoding="utf-8"), re.MULTILINE)
    assert source is not None
    replace(answers, source[1], ".")
    commit(service, "Write the address as it was given")
    done = update(service)
    assert done.returncode == 2, done.stdout
    assert "the template is at . (_src_path): write its URL, or its whole path" in done.stdout


@pytest.mark.parametrize(
    ("before", "switched", "dependencies"),
    [
        ({}, ["queue=none", "example=false"], QUEUE),
        ({"framework": "django"}, ["auth=none"], []),
        ({"orm": "asyncpg"}, ["queue=none", "example=false"], QUEUE),
        ({"orm": "tortoise"}, ["queue=none", "auth=none"], QUEUE),
    ],
    ids=["sqlalchemy", "django", "asyncpg", "tortoise"],
)
def test_migrations_whose_option_is_gone_still_run(
    formwork: Path, open_folder: Path, before: Answers, switched: list[str], dependencies: list[str]
) -> None:
    """With the models that they have brought: what compares the two would drop the tables."""
    directory = open_folder / "-".join([*before.values(), *switched])
    service = Service(render_and_commit(formwork, directory, before), "off")
    service.uv("lock")
    commit(service.directory, "Lock")
    done = update(service.directory, *(f"--data={answer}" for answer in switched))
    assert done.returncode == bool(dependencies), done.stdout
    assert listed(done.stdout, "Dependencies that went") == dependencies
    service.uv("lock")
    for dependency in dependencies:
        service.uv("add", dependency)
    service.uv("sync")
    service.run(service.environment.command("ruff"), "check", "--quiet")
    tests = ["tests/integration/test_migrations.py", "tests/cli/test_migrations.py"]
    service.run(service.environment.command("pytest"), "-n0", "--quiet", "-m", "", *tests)


def test_a_dependency_that_the_template_brings_too_is_named(formwork: Path, service: Path) -> None:
    """uv would neither add to it nor remove one of the two."""
    project = service / "pyproject.toml"
    replace(project, "\ndependencies = [", '\ndependencies = [\n    "Prometheus_Client>=0.20",')
    commit(service, "Count")
    done = update(service, "--data", "observability=[prometheus]")
    assert done.returncode == 1, done.stdout
    assert listed(done.stdout, "Dependencies that the template brings") == ["prometheus-client"]


def test_another_orm_gets_no_tables_of_the_old_one(formwork: Path, service: Path) -> None:
    done = update(service, "--data", "orm=tortoise")
    assert done.returncode == 0, done.stdout
    kept = listed(done.stdout, "Migrations that were put back")
    assert MIGRATION in kept
    assert all("/persistence/migrations/" in path for path in kept)


def test_a_file_that_was_deleted_stays_deleted(formwork: Path, service: Path) -> None:
    (service / "docs/template-updates.md").unlink()
    commit(service, "Have no need of it")
    release_a_change(formwork)
    done = update(service)
    assert done.returncode == 0, done.stdout
    assert changes(service).split() == ["M", ".copier-answers.yml", "M", "compose.yaml"]


def test_what_changed_in_a_file_that_is_elsewhere_by_now_is_told(
    formwork: Path, service: Path
) -> None:
    (service / "docs/template-updates.md").unlink()
    (service / "compose.yaml").rename(service / "docs/compose.yaml")
    commit(service, "Move it")
    release_a_change(formwork)
    done = update(service)
    assert done.returncode == 0, done.stdout
    assert listed(done.stdout, "Files that you moved or deleted") == ["compose.yaml"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_edit_is_merged_or_named(formwork: Path, service: Path, encoding: str) -> None:
    """To git, a text in UTF-16 is no text."""
    readme = service / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8") + "\nOurs.\n", encoding=encoding)
    commit(service, "Say more")
    replace(formwork / "template/README.md.jinja", "## Daily work", "## Day by day")
    release(formwork, "v0.0.2")
    done = update(service)
    text = readme.read_text(encoding="utf-8")
    is_named = " brings yours back:\n\n- `README.md`\n" in done.stdout
    assert "## Day by day" in text
    assert is_named is ("\nOurs.\n" not in text)
    assert is_named is (encoding == "utf-16")
    assert done.returncode == (1 if is_named else 0), done.stdout


def test_what_git_ignores_is_not_written(formwork: Path, service: Path) -> None:
    compose = service / "compose.yaml"
    ours = compose.read_text(encoding="utf-8") + "# Ours.\n"
    git(service, "rm", "--quiet", "--cached", "compose.yaml")
    (service / ".git/info/exclude").write_text("/compose.yaml\n", encoding="utf-8")
    compose.write_text(ours, encoding="utf-8")
    commit(service, "Have one on each machine")
    release_a_change(formwork)
    done = update(service)
    assert done.returncode == 1, done.stdout
    assert "Files that git ignores: yours are as they were" in done.stdout
    assert compose.read_text(encoding="utf-8") == ours


def test_an_answer_that_gives_way_to_another_is_named(formwork: Path, tmp_path: Path) -> None:
    service = render_and_commit(formwork, tmp_path / "service", {"orm": "asyncpg"})
    done = update(service, "--data", "framework=flask")
    assert done.returncode == 1, done.stdout
    named = done.stdout.partition("Answers that changed, though nobody asked for it:")[2]
    assert named.split("\n\n")[1].strip() == "- `orm: sqlalchemy, was asyncpg`"


def test_what_is_not_committed_is_not_put_at_risk(formwork: Path, service: Path) -> None:
    release(formwork, "v0.0.2")
    (service / "notes.txt").write_text("Remember.\n", encoding="utf-8")
    assert "Commit or stash" in refused(service)
    assert changes(service) == "?? notes.txt"
    git(service, "config", "status.showUntrackedFiles", "no")
    assert "notes.txt" in refused(service)
    commit(service, "Remember")
    git(service, "update-index", "--skip-worktree", "compose.yaml")
    git(service, "update-index", "--assume-unchanged", ".env.example")
    assert refused(service).endswith("\n.env.example\ncompose.yaml\n")


def test_where_there_is_nothing_to_go_back_to_nothing_is_done(
    formwork: Path, tmp_path: Path
) -> None:
    service = render(formwork, tmp_path / "service", {})
    assert "There is no commit here" in refused(service)
    commit(service, "Start from the template")
    replace(service / ".copier-answers.yml", "_commit: v0.0.1", "_commit:")
    commit(service, "Forget")
    assert "does not say which release" in refused(service)


def refused(service: Path) -> str:
    done = update(service)
    assert done.returncode == 2, done.stdout
    return done.stdout


def test_a_copier_that_fails_is_no_update(formwork: Path, service: Path) -> None:
    release(formwork, "v0.0.2")
    done = update(service, "--data", "framework=none-such")
    assert done.returncode == 2, done.stdout
    assert changes(service) == ""
