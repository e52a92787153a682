"""Clients that do nothing: whoever else asks is answered all the same."""

from pathlib import Path
from typing import Final

import pytest

from tests.e2e.processes import eventually, serving

pytestmark = pytest.mark.slow

WHOLE: Final = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
UNREADABLE: Final = b"HEALTH\r\n\r\n"
HALF: Final = b"GET /health HTTP/1.1\r\nHost: 127."


@pytest.mark.parametrize("sent", [WHOLE, UNREADABLE, HALF], ids=["whole", "unreadable", "half"])
def test_they_keep_nobody_waiting_for_long(tmp_path: Path, database_url: str, sent: bytes) -> None:
    with serving(tmp_path, database_url) as service:
        with service.idle_clients(sent):
            assert eventually(lambda: service.answers("/docs")) < 15
        service.terminate()
        assert service.has_ended_well()
        assert not service.logged_errors
        assert service.errors == ""


def test_probes_do_not_wait_for_them(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, database_url) as service, service.idle_clients(HALF):
        for path in ("/health", "/ready"):
            assert service.get(path).elapsed.total_seconds() < 1
