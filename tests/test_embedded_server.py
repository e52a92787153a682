"""The PostgreSQL that a service's tests bring along, and that the processes of a run share."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.matrix.environments import environment, lock
from tests.matrix.pythons import installed_pythons
from tests.rendering import render

pytestmark = pytest.mark.slow

PROCESSES: Final = 8
SHARE: Final = """if True:
    import asyncio, sys
    from pathlib import Path
    from tests.postgresql import running_server

    async def share() -> None:
        async with running_server(sys.argv[1], Path(sys.argv[2])) as server:
            await server.sql.rows("SELECT")

    asyncio.run(share())
"""


def test_processes_start_and_stop_it_beside_each_other(template: Path, tmp_path: Path) -> None:
    """One process has its last test behind it while another comes to its first."""
    service = render(template, tmp_path / "service")
    python, log = next(iter(installed_pythons().values())), tmp_path / "log"
    lock(service, python, log)
    with environment(service, python, log) as ready:
        command = [ready.command("python"), "-c", SHARE, tmp_path.parent.name, tmp_path / "lock"]
        processes = [
            subprocess.Popen(
                command, cwd=service, env=ready.variables, stderr=subprocess.PIPE, text=True
            )
            for _ in range(PROCESSES)
        ]
        said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * PROCESSES, said
