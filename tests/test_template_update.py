"""`make template-update`: an update that tells what Copier keeps to itself."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rendering import render_and_commit
from tests.repositories import changes, commit, git, release

pytestmark = pytest.mark.slow

EDITED = "src/my_service/application/orders/get_order.py"
MIGRATION = (
    "src/my_service/adapters/persistence/migrations/versions/orders/b86d14f2c0a7_add_orders.py"
)


@pytest.fixture
def formwork(template: Path, tmp_path: Path) -> Path:
    return release(tmp_path / "formwork", "v0.0.1", sources=template)


@pytest.fixture
def service(formwork: Path, tmp_path: Path) -> Path:
    return render_and_commit(formwork, tmp_path / "service", {"observability": []})


def update(service: Path, *more: str) -> subprocess.CompletedProcess[str]:
    copier = f"{sys.executable} -m copier"
    return subprocess.run(
        [sys.executable, "scripts/template_update.py", "--copier", copier, "--", *more],
        cwd=service,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_update_that_leaves_nothing_to_do(formwork: Path, service: Path) -> None:
    replace(formwork / "template/compose.yaml.jinja", "HOST: 0.0.0.0", "HOST: 192.0.2.1")
    release(formwork, "v0.0.2")
    done = update(service)
    assert done.returncode == 0, done.stdout
    assert "From v0.0.1 to v0.0.2" in done.stdout
    assert "HOST: 192.0.2.1" in (service / "compose.yaml").read_text(encoding="utf-8")


def test_conflicts_are_named(formwork: Path, service: Path) -> None:
    replace(service / "compose.yaml", "HOST: 0.0.0.0", "HOST: 10.0.0.1")
    commit(service, "Listen elsewhere")
    replace(formwork / "template/compose.yaml.jinja", "HOST: 0.0.0.0", "HOST: 192.0.2.1")
    release(formwork, "v0.0.2")
    done = update(service)
    assert done.returncode == 1, done.stdout
    assert "Conflicts: decide, then take the markers out:\n\n- `compose.yaml`\n" in done.stdout


def test_edits_that_go_with_an_option_are_named_and_migrations_stay(service: Path) -> None:
    file = service / EDITED
    file.write_text(file.read_text(encoding="utf-8") + "\n# An edit.\n", encoding="utf-8")
    commit(service, "Edit the example")
    done = update(service, "--data", "example=false")
    assert done.returncode == 1, done.stdout
    named = done.stdout.partition("Edited files that went with their option")[2]
    assert re.findall("^- `(.+)`$", named, re.MULTILINE) == [EDITED]
    assert MIGRATION in done.stdout
    assert (service / MIGRATION).exists()
    assert not (service / EDITED).exists()
    git(service, "restore", "--source=HEAD", EDITED)
    assert "# An edit." in file.read_text(encoding="utf-8")


def test_what_is_not_committed_is_not_put_at_risk(formwork: Path, service: Path) -> None:
    release(formwork, "v0.0.2")
    (service / "notes.txt").write_text("Remember.\n", encoding="utf-8")
    done = update(service)
    assert done.returncode == 2, done.stdout
    assert "Commit or stash" in done.stdout
    assert changes(service) == "?? notes.txt"


def test_a_copier_that_fails_is_no_update(formwork: Path, service: Path) -> None:
    release(formwork, "v0.0.2")
    done = update(service, "--data", "framework=none-such")
    assert done.returncode == 2, done.stdout
    assert changes(service) == ""
