"""What an update leaves to be decided is not committed by oversight, and not merged."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rendering import render_and_commit
from tests.repositories import commit, git, run

MARKED = (
    "Ours and theirs:\n<<<<<<< before updating\nours\n=======\ntheirs\n>>>>>>> after updating\n"
)
LEFT = {
    "docs/notes.md": (MARKED, "no conflict markers"),
    "compose.yaml.rej": ("@@ -1 +1 @@\n-ours\n+theirs\n", "no rejected hunks of an update"),
}


@pytest.fixture
def service(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    service = render_and_commit(template, tmp_path / "service")
    run([sys.executable, "-m", "pre_commit", "install"], cwd=service)
    return service


@pytest.mark.parametrize("path", LEFT)
def test_the_hooks_refuse_what_is_undecided(service: Path, path: str) -> None:
    text, hook = LEFT[path]
    (service / path).write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match=rf"{hook}\.+Failed"):
        commit(service, "Update the template")
    assert git(service, "log", "--format=%s") == "Start from the template"


def test_the_hooks_take_text_that_only_looks_like_a_conflict(service: Path) -> None:
    headline = "Title\n=======\n\n> > > > > > > quoted, and <<<<<<< within a line\n"
    (service / "docs" / "notes.md").write_text(headline, encoding="utf-8")
    commit(service, "Write notes")
    assert git(service, "log", "-1", "--format=%s") == "Write notes"


@pytest.mark.parametrize("path", LEFT)
def test_ci_refuses_what_was_committed_nevertheless(service: Path, path: str) -> None:
    assert check(service).returncode == 0, check(service).stdout
    (service / path).write_text(LEFT[path][0], encoding="utf-8")
    commit_unchecked(service)
    checked = check(service)
    assert checked.returncode != 0
    assert f"Left to decide:\n{path}\n" in checked.stdout
    assert "- run: make check-conflicts\n" in (service / ".github/workflows/ci.yml").read_text(
        encoding="utf-8"
    )


def test_ci_refuses_a_migration_that_is_gone_or_another(service: Path) -> None:
    folder = service / "src/my_service/adapters/persistence/migrations"
    (migration,) = folder.glob("versions/orders/*_add_orders.py")
    with (folder / "env.py").open("a", encoding="utf-8") as runner:
        runner.write("# It runs them, and is none.\n")
    commit_unchecked(service)
    assert check(service, "check-migrations", "BASE=HEAD^").returncode == 0
    with migration.open("a", encoding="utf-8") as edited:
        edited.write("# Databases have run it.\n")
    commit_unchecked(service)
    checked = check(service, "check-migrations", "BASE=HEAD^")
    assert checked.returncode != 0
    assert f"are missing or changed:\n{migration.relative_to(service)}\n" in checked.stdout


def test_nothing_is_found_where_git_finds_nothing_to_look_at(service: Path, tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_bytes((service / "Makefile").read_bytes())
    assert check(tmp_path).returncode != 0


def commit_unchecked(service: Path) -> None:
    git(service, "add", "--all")
    git(service, "commit", "--quiet", "--no-verify", "--message", "Commit whatever it is")


def check(service: Path, *target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *(target or ["check-conflicts"])],
        cwd=service,
        capture_output=True,
        text=True,
        check=False,
    )
