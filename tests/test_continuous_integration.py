"""Whatever is a test is run: by `make test`, which is what CI runs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import space
from tests.matrix import servers, stages
from tests.matrix.__main__ import named, parse, part
from tests.matrix.cells import covering, every_cell, shard
from tests.matrix.pythons import installed_pythons
from tests.rendering import render
from tests.repositories import run
from tests.repository import ROOT, rendered_files

WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
JOBS = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
CONFORMANCE = ROOT / "tests" / "conformance"


def recipe(target: str) -> str:
    """Return a target's line in the Makefile and the commands below it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(rf"^{target}:.*\n(?:\t.*\n)*", makefile, re.MULTILINE)
    assert found is not None
    return found[0]


def test_ci_runs_make_test_and_make_test_runs_everything() -> None:
    assert "if" not in JOBS["test"], "whatever happens"
    assert JOBS["test"]["steps"][-1] == {"run": ".ci/run"}
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert {"lint", "suite", "matrix"} <= set(recipe("test").split())
    assert re.search(r"\tpytest( -n auto)?\n", recipe("suite")), (
        "all of tests/, without a selection"
    )
    assert "python -m tests.matrix" in recipe("matrix")
    assert "python -m tests.matrix.mutations" in recipe("mutations")


def test_make_matrix_is_all_pairs_and_make_test_each_value_once() -> None:
    assert "--tier=3" in made("matrix")
    assert "--tier=4" in made("matrix", "ALL=1")
    assert "--tier=2" in made("test")


def made(*arguments: str) -> str:
    """Return the last command that make would run."""
    return make("--dry-run", "--no-print-directory", *arguments).splitlines()[-1]


def make(*arguments: str) -> str:
    """Run make, and not as the make that may run these tests was asked to; return its output."""
    asked = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TIER", "ALL", "ARGS"}
    kept = {name: value for name, value in os.environ.items() if name not in asked}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=kept, capture_output=True, text=True, check=True
    ).stdout


def test_ci_lists_the_parts_of_the_matrix_and_runs_each() -> None:
    listing, running = JOBS["parts"], JOBS["matrix"]
    assert listing["if"] == "github.event_name != 'push'"
    listed = listing["steps"][-1]
    assert "--parts-of $CELLS" in listed["run"]
    assert listing["outputs"]["parts"] == f"${{{{ steps.{listed['id']}.outputs.parts }}}}"
    assert running["needs"] == "parts"
    parts = running["strategy"]["matrix"]["part"]
    assert parts == "${{ fromJSON(needs.parts.outputs.parts) }}"
    assert running["env"]["PART"] == "${{ matrix.part }}"


def test_ci_runs_all_pairs_for_pull_requests_and_everything_each_night() -> None:
    """And takes no cell for run that was not: all Pythons are there, and --strict asks for all."""
    everything = "${{ github.event_name == 'schedule' && '1' || '' }}"
    assert JOBS["parts"]["env"]["ALL"] == JOBS["matrix"]["env"]["ALL"] == everything
    installing, running = [step.get("run", "") for step in JOBS["matrix"]["steps"]][-2:]
    assert installing.split()[3:] == space.choices("minimum_python")
    assert running.startswith("make matrix ")
    assert "--shard $PART --strict " in running


def test_the_parts_are_printed_as_the_next_job_reads_them() -> None:
    printed = make("--silent", "matrix", "ARGS=--parts-of 6")
    cells = covering(list(installed_pythons()))
    shards = [shard(cells, *part(text)) for text in json.loads(printed)]
    assert len(shards) > 1
    assert {cell for some in shards for cell in some} == set(cells)


def test_whatever_runs_the_suite_has_the_whole_history() -> None:
    """Old releases are rendered from it."""
    for workflow in WORKFLOW.parent.glob("*.yml"):
        for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
            if ".ci/run" in [step.get("run") for step in job["steps"]]:
                assert job["steps"][0]["with"]["fetch-depth"] == 0, workflow


def test_ci_runs_every_mapper_on_the_oldest_postgresql_each_night() -> None:
    described = JOBS["oldest-postgresql"]
    oldest = (ROOT / "template" / "docs" / "decisions" / "database.md").read_text(encoding="utf-8")
    image = described["services"]["postgresql"]["image"]
    assert f"PostgreSQL {image.removeprefix('postgres:')} or newer" in oldest
    assert servers.TEST_DATABASE_URL in described["env"]
    arguments = described["steps"][-1]["run"].partition('ARGS="')[2].strip('"').split()
    cells = named(parse(arguments).cell)
    assert {cell.as_data()["orm"] for cell in cells} == set(space.choices("orm"))


def test_ci_tries_the_mutations() -> None:
    described = JOBS["mutations"]
    assert described["if"] == "github.event_name != 'push'"
    assert described["steps"][-1]["run"].startswith("make mutations ")


@pytest.mark.slow
def test_every_test_file_is_collected_or_run_by_the_matrix() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "--quiet",
        "-p",
        "no:cacheprovider",
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    collected = {ROOT / line.partition("::")[0] for line in listed.splitlines() if "::" in line}
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "*test_*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    files = {
        ROOT / path
        for path in filter(None, tracked)
        # Those of services are in cells: the next tests say so.
        if Path(path).name.startswith("test_") and not path.startswith("template/")
    }
    assert files - collected == set(CONFORMANCE.glob("test_*.py"))


def test_the_matrix_runs_the_conformance_suite_and_the_services_own_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[str] = []
    monkeypatch.setattr(
        stages, "run_logged", lambda command, **_: commands.append(" ".join(command))
    )
    stages.conform(
        tmp_path, base_url="http://a", limited_base_url="http://b", admin=None, log=tmp_path
    )
    assert "pytest tests/conformance" in commands[0]
    makefile = (ROOT / "template" / "Makefile.jinja").read_text(encoding="utf-8")
    assert re.search(r'^check-all:.*\n\t.*pytest --cov -m ""\n', makefile, re.MULTILINE)


def test_every_test_of_a_service_is_in_some_cell() -> None:
    overlays = {file.overlays for file in rendered_files() if "/test_" in f"/{file.target}"}
    cells = [space.active_overlays(cell.as_data()) for cell in every_cell()]
    assert all(any(set(wanted) <= active for active in cells) for wanted in overlays)


def test_the_workflows_of_a_service_are_safe(template: Path, tmp_path: Path) -> None:
    service = render(template, tmp_path / "service")
    zizmor = Path(sys.executable).with_name("zizmor")
    run([str(zizmor), "--offline", "--quiet", str(service / ".github")])


def test_a_service_looks_for_releases_of_its_template_with_no_more_rights_than_that_takes(
    template: Path, tmp_path: Path
) -> None:
    service = render(template, tmp_path / "service")
    workflow = (service / ".github/workflows/template-update.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(workflow)["jobs"]["update"]
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert job["steps"][-1]["run"].endswith("make template-pull-request\n")
    include = (service / ".gitlab/template-update.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(include).values()
    assert job["script"][-1] == "make template-pull-request ARGS=--gitlab"
    makefile = (service / "Makefile").read_text(encoding="utf-8")
    assert "python3 scripts/template_pull_request.py" in makefile


def test_renovate_proposes_releases_of_the_template_and_merges_none() -> None:
    preset = json.loads((ROOT / "renovate" / "service.json").read_text(encoding="utf-8"))
    (rule,) = preset["packageRules"]
    assert preset["copier"]["enabled"]
    assert rule["matchManagers"] == ["copier"]
    assert rule["automerge"] is False
