"""The guide to jobs, followed to the letter with every framework."""

from pathlib import Path

import pytest

from tests import walkthrough
from tests.rendering import render_and_commit
from tests.services import Service

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("framework", ["fastapi", "flask", "litestar", "django"])
def test_what_it_adds_works(template: Path, open_folder: Path, framework: str) -> None:
    answers = {"framework": framework}
    rendered = render_and_commit(template, open_folder / framework, answers)
    service = Service(rendered, f"jobs-guide-{framework}")
    service.uv("sync")
    files = walkthrough.write_files(service.directory, "docs/jobs.md")
    tests = [file for file in files if Path(file).name.startswith("test_")]
    assert "src/my_service/entrypoints/http/routes/greetings.py" in files
    service.uv("run", "ruff", "format", "--check", *files)
    service.uv("run", "ruff", "check", *files)
    service.uv("run", "mypy")
    service.uv("run", "pytest", "-n", "0", "tests/http/test_openapi.py", *tests)
