import os

import pytest

from tests.e2e.processes import accessible_folder, eventually, started

pytestmark = pytest.mark.slow


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_command_starts_all_that_is_needed_and_ctrl_c_stops_it() -> None:
    with accessible_folder() as folder, started(folder, "dev") as service:
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
