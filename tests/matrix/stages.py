"""What a cell goes through: rendered, checked, run. Each stage raises `StageError` if it fails."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from tests.conformance.answers import read_answers
from tests.matrix.cells import Cell
from tests.matrix.environments import Environment
from tests.matrix.installed import unreserved_names
from tests.matrix.processes import StageError, clean_environment, run_logged
from tests.matrix.servers import PostgreSQL, free_port, production, serving, working
from tests.rendering import ANSWERS_FILE, render
from tests.repository import ROOT

SLUG = "my-service"
# Ways of knowing clients by accounts that the service keeps, and that a command makes.
ACCOUNTS = {"jwt"}


def render_cell(cell: Cell, template: Path, directory: Path) -> Path:
    """Render into an empty directory."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.parent.mkdir(parents=True, exist_ok=True)
    return render(template, directory, cell.as_data())


def check(environment: Environment, targets: Sequence[str], log: Path) -> None:
    """Hold the service to its own definition of green, by targets of its Makefile."""
    environment.run("make", "--no-print-directory", *targets, log=log)
    if names := unreserved_names(environment, SLUG):
        raise StageError(f"extensions/reserved_names.jinja lacks {', '.join(names)}", log)


def boot(environment: Environment, postgresql: PostgreSQL, log: Path) -> float:
    """Migrate, serve, work, keep the HTTP contract; return the seconds from start to healthy."""
    database_url = postgresql.new_database()
    settings = production(database_url, free_port())
    environment.run(environment.command(SLUG), "migrate", log=log, **settings)
    answers = environment.project / ANSWERS_FILE
    admin = _make_admin(environment, settings, log) if has_accounts(answers) else None
    served = log.with_name("service.log")
    with (
        working(environment, SLUG, database_url, log.with_name("worker.log")),
        serving(environment, SLUG, database_url, served) as service,
        serving(environment, SLUG, database_url, served, RATE_LIMIT="5/minute") as limited,
    ):
        conform(
            answers,
            base_url=service.base_url,
            limited_base_url=limited.base_url,
            admin=admin,
            log=log,
        )
    return service.seconds_to_health


def has_accounts(answers: Path) -> bool:
    return read_answers(answers)["auth"] in ACCOUNTS


def _make_admin(environment: Environment, settings: Mapping[str, str], log: Path) -> str:
    """Make an account as operators do, and return its username and password, joined by a colon."""
    username, password = "admin@example.com", uuid4().hex
    command = (environment.command(SLUG), "create-user", username, "--scope=admin")
    environment.run(*command, "--password-stdin", log=log, typed=f"{password}\n", **settings)
    return f"{username}:{password}"


def conform(
    answers: Path, *, base_url: str, limited_base_url: str, admin: str | None, log: Path
) -> None:
    """Run the conformance suite, black-box: with the harness's Python, not the service's."""
    command = [
        *(sys.executable, "-m", "pytest", "tests/conformance", "--quiet", "-p", "no:cacheprovider"),
        f"--base-url={base_url}",
        f"--limited-base-url={limited_base_url}",
        f"--answers={answers}",
        *([f"--admin={admin}"] if admin else []),
    ]
    run_logged(command, cwd=ROOT, log=log, environment=clean_environment())
