"""What a cell goes through: rendered, checked, run. Each stage raises `StageError` if it fails."""

import shutil
import sys
from pathlib import Path

from tests.matrix.cells import Cell
from tests.matrix.environments import Environment
from tests.matrix.installed import unreserved_names
from tests.matrix.processes import StageError, clean_environment, run_logged
from tests.matrix.servers import PostgreSQL, serving
from tests.rendering import ANSWERS_FILE, render
from tests.repository import ROOT

SLUG = "my-service"


def render_cell(cell: Cell, template: Path, directory: Path) -> Path:
    """Render into an empty directory."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    return render(template, directory, cell.as_data())


def check(environment: Environment, log: Path) -> None:
    """Hold the service to its own definition of green, slow tests and all."""
    environment.run("make", "--no-print-directory", "check-all", log=log)
    if names := unreserved_names(environment, SLUG):
        raise StageError(f"extensions/reserved_names.jinja lacks {', '.join(names)}", log)


def boot(environment: Environment, postgresql: PostgreSQL, log: Path) -> float:
    """Migrate, serve, and keep the HTTP contract; return the seconds from start to healthy."""
    database_url = postgresql.new_database()
    environment.run(
        environment.command(SLUG),
        "migrate",
        log=log,
        ENVIRONMENT="production",
        ALLOWED_HOSTS="localhost",
        DATABASE_URL=database_url,
    )
    served = log.with_name("service.log")
    with (
        serving(environment, SLUG, database_url, served) as service,
        serving(environment, SLUG, database_url, served, RATE_LIMIT="5/minute") as limited,
    ):
        conform(
            environment.project / ANSWERS_FILE,
            base_url=service.base_url,
            limited_base_url=limited.base_url,
            log=log,
        )
    return service.seconds_to_health


def conform(answers: Path, *, base_url: str, limited_base_url: str, log: Path) -> None:
    """Run the conformance suite, black-box: with the harness's Python, not the service's."""
    command = [
        *(sys.executable, "-m", "pytest", "tests/conformance", "--quiet", "-p", "no:cacheprovider"),
        f"--base-url={base_url}",
        f"--limited-base-url={limited_base_url}",
        f"--answers={answers}",
    ]
    run_logged(command, cwd=ROOT, log=log, environment=clean_environment())
