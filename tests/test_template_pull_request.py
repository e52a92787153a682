"""`make template-pull-request`: what a scheduled job pushes, and what it asks of its host."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rendering import render_and_commit
from tests.repositories import changes, commit, files_with_markers, git, release
from tests.repository import TEMPLATE

pytestmark = pytest.mark.slow

BRANCH = "template-update"
# A template of a few files is enough, and quick.
QUESTIONS = """_subdirectory: template
_templates_suffix: .jinja
package: {type: str, default: my_service}
"""
COMPOSE = "services:\n  app:\n    environment:\n      HOST: 0.0.0.0\n"
# Stands in for GitHub's command: it notes what it was asked, and what it saw of the environment.
GH = """#!{python}
import json, sys
from pathlib import Path
here = Path(__file__).parent
with (here / "asked").open("a") as asked:
    print(json.dumps(sys.argv[1:]), file=asked)
if sys.argv[1:3] == ["pr", "list"]:
    print((here / "open").read_text())
if "--draft" in sys.argv and (here / "no-drafts").exists():
    sys.exit("Draft pull requests are not supported in this repository")
if sys.argv[1:3] == ["pr", "create"]:
    (here / "open").write_text('[{{"number": 7, "isCrossRepository": false}}]')
    print("https://github.example.invalid/owner/service/pull/7")
"""
# Copier, which notes beside that what it saw.
COPIER = """#!{python}
import os, runpy
from pathlib import Path
with (Path(__file__).parent / "seen-by-copier").open("a") as seen:
    print(dict(os.environ), file=seen)
runpy.run_module("copier", run_name="__main__", alter_sys=True)
"""
HOOK = """#!/bin/sh
for number in $(seq 0 $((GIT_PUSH_OPTION_COUNT - 1))); do
    eval "printf '%s\\n' \\"\\$GIT_PUSH_OPTION_$number\\""
done >> options
"""


def script(path: Path, text: str) -> Path:
    write(path, text).chmod(0o755)
    return path


class Host:
    """A host's repository, and a service that is developed there."""

    def __init__(self, directory: Path, formwork: Path) -> None:
        self.formwork = formwork
        self.remote = directory / "remote.git"
        git(directory, "init", "--quiet", "--bare", str(self.remote))
        git(self.remote, "config", "receive.advertisePushOptions", "true")
        script(self.remote / "hooks" / "post-receive", HOOK)
        self.service = render_and_commit(formwork, directory / "service")
        git(self.service, "remote", "add", "origin", str(self.remote))
        git(self.service, "push", "--quiet", "origin", "HEAD:main")
        self.gh = script(directory / "bin" / "gh", GH.format(python=sys.executable))
        self.copier = script(directory / "bin" / "copier", COPIER.format(python=sys.executable))
        (self.gh.parent / "open").write_text("[]", encoding="utf-8")

    def release(self, tag: str, address: str) -> None:
        """Release a template that changes a line of one file."""
        write(self.formwork / "template" / "compose.yaml", COMPOSE.replace("0.0.0.0", address))
        release(self.formwork, tag)

    def run(self, *arguments: str) -> str:
        """Do what a scheduled job does, and return what it prints."""
        git(self.service, "switch", "--quiet", "main")
        lock = f"{sys.executable} -c \"import os; open('seen', 'w').write(str(os.environ))\""
        done = subprocess.run(
            [
                sys.executable,
                "scripts/template_pull_request.py",
                "--copier",
                str(self.copier),
                "--lock",
                lock,
                *arguments,
            ],
            cwd=self.service,
            env=os.environ
            | {
                "PATH": f"{self.gh.parent}{os.pathsep}{os.environ['PATH']}",
                "GH_TOKEN": "a-token-that-may-push",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def asked(self) -> list[list[str]]:
        """Return what GitHub's command was asked since the last time."""
        notes = self.gh.parent / "asked"
        found = [json.loads(line) for line in notes.read_text(encoding="utf-8").splitlines()]
        notes.unlink()
        return found

    def pushed(self, path: str) -> str:
        return git(self.remote, "show", f"{BRANCH}:{path}")

    def branches(self) -> list[str]:
        return git(self.remote, "branch", "--format=%(refname:short)").splitlines()


def small_template(directory: Path) -> Path:
    """Return the first release of a template that holds the scripts and little beside them."""
    write(directory / "copier.yml", QUESTIONS)
    write(directory / "template" / "compose.yaml", COMPOSE)
    answers = "{{_copier_conf.answers_file}}.jinja"
    for name in (answers, "scripts/template_update.py.jinja", "scripts/template_pull_request.py"):
        write(directory / "template" / name, (TEMPLATE / name).read_text(encoding="utf-8"))
    return release(directory, "v0.0.1")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path, small_template(tmp_path / "formwork"))


def edit_the_same_line(host: Host) -> None:
    write(host.service / "compose.yaml", COMPOSE.replace("0.0.0.0", "10.0.0.1"))
    commit(host.service, "Listen elsewhere")


def test_no_release_no_request(host: Host) -> None:
    assert "no newer release" in host.run()
    assert host.branches() == ["main"]
    assert not (host.gh.parent / "asked").exists()


def test_a_release_is_proposed(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    assert "HOST: 192.0.2.1" in host.pushed("compose.yaml")
    assert changes(host.service) == ""
    listing, creating = host.asked()
    assert listing[:2] == ["pr", "list"]
    assert creating[:4] == ["pr", "create", "--head", BRANCH]
    options = dict(zip(creating[2::2], creating[3::2], strict=True))
    assert options["--title"] == "Update the template to 0.0.2"
    assert options["--body"].startswith("From v0.0.1 to v0.0.2")


def test_what_is_left_to_decide_makes_it_a_draft(host: Host) -> None:
    edit_the_same_line(host)
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    assert files_with_markers(host.service) == ["compose.yaml"]
    assert "<<<<<<<" in host.pushed("compose.yaml")
    _, (*_, body, draft) = host.asked()
    assert draft == "--draft"
    assert "Conflicts: decide" in body
    assert "- `compose.yaml`" in body


def test_without_drafts_it_is_a_request_like_any_other(host: Host) -> None:
    (host.gh.parent / "no-drafts").touch()
    edit_the_same_line(host)
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    _, refused, created = host.asked()
    assert refused == [*created, "--draft"]
    assert "- `compose.yaml`" in created[-1]


def test_a_request_that_is_open_becomes_a_draft(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    git(host.service, "switch", "--quiet", "main")
    edit_the_same_line(host)
    host.asked()
    host.run()
    assert host.asked()[-1] == ["pr", "ready", "7", "--undo"]


def test_the_next_release_changes_the_request_that_is_open(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    host.asked()
    host.release("v0.0.3", "192.0.2.2")
    host.run()
    assert "HOST: 192.0.2.2" in host.pushed("compose.yaml")
    assert git(host.remote, "rev-list", "--count", f"main..{BRANCH}") == "1"
    _, changing, ready = host.asked()
    assert changing[:5] == ["api", "--silent", "--method", "PATCH", "repos/{owner}/{repo}/pulls/7"]
    assert "title=Update the template to 0.0.3" in changing
    assert ready == ["pr", "ready", "7"]


def test_a_request_from_a_fork_is_left_alone(host: Host) -> None:
    """Its branch may have the same name."""
    of_a_fork = '[{"number": 6, "isCrossRepository": true}]'
    (host.gh.parent / "open").write_text(of_a_fork, encoding="utf-8")
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    _, creating = host.asked()
    assert creating[:2] == ["pr", "create"]


def test_a_branch_that_somebody_committed_to_is_left_alone(host: Host) -> None:
    edit_the_same_line(host)
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    (host.service / "decided.txt").write_text("By a person.\n", encoding="utf-8")
    commit(host.service, "Decide")
    git(host.service, "push", "--quiet", "origin", BRANCH)
    release(host.formwork, "v0.0.3")
    assert "Somebody has committed to template-update" in host.run()
    assert host.pushed("decided.txt") == "By a person."


def test_a_branch_that_was_merged_is_written_anew(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    (host.service / "decided.txt").write_text("By a person.\n", encoding="utf-8")
    commit(host.service, "Decide")
    git(host.service, "push", "--quiet", "origin", BRANCH)
    git(host.service, "switch", "--quiet", "main")
    git(host.service, "merge", "--quiet", "--no-ff", "--no-edit", BRANCH)
    release(host.formwork, "v0.0.3")
    host.run()
    assert "_commit: v0.0.3" in host.pushed(".copier-answers.yml")


def test_gitlab_opens_the_request_itself(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run("--gitlab")
    create, title, description = options(host)
    assert create == "merge_request.create"
    assert title == "merge_request.title=Update the template to 0.0.2"
    assert description.startswith("merge_request.description=From v0.0.1 to v0.0.2")
    assert not (host.gh.parent / "asked").exists()


def test_a_draft_on_gitlab(host: Host) -> None:
    edit_the_same_line(host)
    host.release("v0.0.2", "192.0.2.1")
    host.run("--gitlab")
    _, title, description = options(host)
    assert title == "merge_request.title=Draft: Update the template to 0.0.2"
    assert r":\n\n- `compose.yaml`" in description


def options(host: Host) -> list[str]:
    """Return the options of the last push."""
    return (host.remote / "options").read_text(encoding="utf-8").splitlines()[-3:]


def test_an_update_that_fails_pushes_nothing(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    (host.service / "notes.txt").write_text("Not committed.\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="Commit or stash"):
        host.run()
    assert host.branches() == ["main"]


def test_what_is_built_on_the_way_sees_no_token(host: Host) -> None:
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    by_copier = (host.copier.parent / "seen-by-copier").read_text(encoding="utf-8")
    assert len(by_copier.splitlines()) > 1
    for seen in (by_copier, host.pushed("seen")):
        assert "PATH" in seen
        assert "a-token-that-may-push" not in seen


def test_the_way_that_gitlabs_job_pushes_is_hidden_too(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names a URL with a token in the environment, as `.gitlab/template-update.yml` does."""
    host.release("v0.0.2", "192.0.2.1")
    elsewhere = tmp_path / "elsewhere.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(host.remote), str(elsewhere))
    git(elsewhere, "config", "receive.advertisePushOptions", "true")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "remote.origin.pushurl")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(elsewhere))
    host.run("--gitlab")
    assert host.branches() == ["main"]
    assert str(elsewhere) not in git(elsewhere, "show", f"{BRANCH}:seen")


def test_a_file_that_the_service_deleted_stays_deleted(host: Host) -> None:
    (host.service / "compose.yaml").unlink()
    commit(host.service, "Do without it")
    host.release("v0.0.2", "192.0.2.1")
    host.run()
    assert "compose.yaml" not in git(host.remote, "ls-tree", "--name-only", BRANCH).splitlines()
    assert "--draft" not in host.asked()[-1]
