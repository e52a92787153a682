"""An existing service comes under the template as `docs/adopting.md` says, and loses nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import next_release
from tests.rendering import ANSWERS_FILE, render_and_commit
from tests.repositories import (
    IDENTITY,
    changes,
    commit,
    conflicts,
    files_with_markers,
    git,
    release,
    run,
)
from tests.repository import ROOT
from tests.services import Service

pytestmark = pytest.mark.slow

GUIDE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
ADDRESS = "ADDRESS-OF-THIS-REPOSITORY"
PYPROJECT = """[project]
name = "my-service"
version = "3.1"
dependencies = ["idna"]

[build-system]
requires = ["setuptools"]
"""
BILLING = '''"""What a customer owes."""


def total(prices: list[int]) -> int:
    return sum(prices)
'''
TEST = '''"""Bills add up."""

from my_service.billing import total


def test_a_bill_adds_up() -> None:
    assert total([1, 2]) == 3
'''
EXISTING = {
    "README.md": "# Billing\n\nAsk the billing people.\n",
    "pyproject.toml": PYPROJECT,
    "Makefile": "bill:\n\techo bill\n",
    "src/my_service/__init__.py": '"""Bills."""\n\n__version__ = "3.1"\n',
    "src/my_service/billing.py": BILLING,
    "tests/test_billing.py": TEST,
    "docs/billing.md": "# Billing\n\nOnce a month.\n",
}
IN_BOTH = {"README.md", "pyproject.toml", "Makefile", "src/my_service/__init__.py"}
OF_ITS_OWN = EXISTING.keys() - IN_BOTH
# Whoever follows the guide answers questions; here every answer is the default.
UVX = """#!/bin/sh
shift
command=$1
shift
exec '{python}' -m copier "$command" --defaults "$@"
"""


def commands(step: str) -> list[str]:
    """Return the commands that the guide gives below a heading."""
    section = re.search(rf"^#+ {step}.*?\n(.*?)(?=^#+ \w|\Z)", GUIDE, re.MULTILINE | re.DOTALL)
    assert section is not None, step
    blocks = re.findall(r"^```sh\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


class Adopter:
    """Somebody who follows the guide to the letter."""

    def __init__(self, directory: Path, formwork: Path) -> None:
        self.formwork = formwork
        self.service = directory / "service"
        uvx = directory / "bin" / "uvx"
        uvx.parent.mkdir()
        uvx.write_text(UVX.format(python=sys.executable), encoding="utf-8")
        uvx.chmod(0o755)
        self.environment = {
            **os.environ,
            **IDENTITY,
            "PATH": f"{uvx.parent}{os.pathsep}{os.environ['PATH']}",
        }

    def follow(self, step: str) -> str:
        """Do a step, as far as it goes, and return what was printed."""
        return "".join(self.do(command).stdout for command in commands(step))

    def do(self, command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command.replace(ADDRESS, str(self.formwork)),
            shell=True,
            cwd=self.service,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        # A merge with conflicts is what the guide foretells.
        assert done.returncode == 0 or command.startswith("git merge"), f"{command}\n{done.stdout}"
        return done


@pytest.fixture
def adopter(template: Path, tmp_path: Path) -> Adopter:
    formwork = release(tmp_path / "formwork", "v0.0.1", sources=template)
    adopter = Adopter(tmp_path, formwork)
    for path, text in EXISTING.items():
        file = adopter.service / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    commit(adopter.service, "Three years of billing")
    return adopter


@pytest.fixture
def service(adopter: Adopter) -> Path:
    """Return a service that was adopted."""
    for step in ("1", "2", "3"):
        adopter.follow(step)
    # By hand: both sides of this one are a docstring.
    git(adopter.service, "checkout", "--ours", "src/my_service/__init__.py")
    adopter.follow("4")
    return adopter.service


def test_the_guide_has_every_step_in_order() -> None:
    assert re.findall(r"^## (\d)\.", GUIDE, re.MULTILINE) == list("123456")
    assert ADDRESS in " ".join(commands("2"))


def test_what_both_have_is_a_conflict_in_plain_sight(adopter: Adopter) -> None:
    for step in ("1", "2"):
        adopter.follow(step)
    told = adopter.follow("3")
    assert set(re.findall(r"CONFLICT \(add/add\): .* in (\S+)$", told, re.MULTILINE)) == IN_BOTH
    assert set(files_with_markers(adopter.service)) == IN_BOTH
    for path in IN_BOTH:
        merged = (adopter.service / path).read_text(encoding="utf-8").splitlines()
        assert set(EXISTING[path].splitlines()) <= set(merged), path
    git(adopter.service, "checkout", "--theirs", "Makefile")
    with pytest.raises(AssertionError, match=r"Left to decide:(?s:.*)README\.md"):
        adopter.do("make check-conflicts")


def test_nothing_of_the_service_is_lost(service: Path) -> None:
    assert changes(service) == ""
    assert conflicts(service) == []
    for path in OF_ITS_OWN:
        assert (service / path).read_text(encoding="utf-8") == EXISTING[path]
    for path, text in EXISTING.items():
        assert git(service, "show", f"HEAD^1:{path}") == text.strip()
    assert "Three years of billing" in git(service, "log", "--format=%s")
    assert (service / ANSWERS_FILE).exists()


def test_an_update_without_a_newer_release_changes_nothing(service: Path) -> None:
    assert "The release is still v0.0.1;" in update(service)
    assert changes(service) == ""


def test_the_next_release_arrives(adopter: Adopter, service: Path) -> None:
    next_release.make(adopter.formwork)
    release(adopter.formwork, "v0.0.2")
    assert "From v0.0.1 to v0.0.2;" in update(service)
    assert conflicts(service) == []
    assert next_release.missing(service) == []
    for path in OF_ITS_OWN:
        assert (service / path).read_text(encoding="utf-8") == EXISTING[path]


def update(service: Path) -> str:
    """Do what `make template-update` does, locking apart; fails if anything is left to do."""
    copier = f"{sys.executable} -m copier"
    script = [sys.executable, "scripts/template_update.py"]
    return run([*script, "--copier", copier, "--", "--quiet"], cwd=service)


@pytest.mark.xdist_group("user-edits")
def test_the_adopted_service_is_green(service: Path) -> None:
    """With its own module in the layer that it is most like, which is all that was left to do."""
    git(service, "mv", "src/my_service/billing.py", "src/my_service/domain/billing.py")
    test = service / "tests" / "test_billing.py"
    text = test.read_text(encoding="utf-8")
    test.write_text(text.replace("my_service.billing", "my_service.domain.billing"), "utf-8")
    adopted = Service(service, "adoption")
    adopted.uv("lock")
    adopted.uv("sync")
    adopted.run("make", "--no-print-directory", "check")


def test_recopy_overwrites_edits_and_leaves_what_is_the_services_own(
    template: Path, tmp_path: Path
) -> None:
    formwork = release(tmp_path / "formwork", "v0.0.1", sources=template)
    adopter = Adopter(tmp_path, formwork)
    service = render_and_commit(formwork, adopter.service)
    own, once, edited, deleted = (
        service / path
        for path in ("src/my_service/domain/bill.py", "custom.mk", "compose.yaml", "Dockerfile")
    )
    for path in (own, once, edited):
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{text}# An edit.\n", encoding="utf-8")
    deleted.unlink()
    commit(service, "Make it ours")
    release(formwork, "v0.0.2")
    told = adopter.follow("Recopy")
    assert "-# An edit." in told
    assert changes(service).splitlines() == [
        "M .copier-answers.yml",
        " M compose.yaml",
        "?? Dockerfile",
    ]
    assert own.read_text(encoding="utf-8").endswith("# An edit.\n")
    assert once.read_text(encoding="utf-8").endswith("# An edit.\n")
    assert "# An edit." in git(service, "show", "HEAD:compose.yaml")
    assert "_commit: v0.0.2" in (service / ANSWERS_FILE).read_text(encoding="utf-8")
