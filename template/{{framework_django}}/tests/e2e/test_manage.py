"""Django's commands, as people type them."""

from pathlib import Path

import pytest

from tests.e2e.processes import accessible_folder, eventually, started
from tests.http.staff import PASSWORD
from tests.sql import Sql

pytestmark = pytest.mark.slow


def test_without_a_database_they_take_the_one_for_development() -> None:
    with accessible_folder() as folder, started(folder, "manage check --database default") as service:
        assert service.process.wait(60) == 0
        assert "Database  postgresql://" in service.errors


def test_staff_are_added_in_production(tmp_path: Path, database: Sql, database_url: str) -> None:
    command = "manage createsuperuser --noinput --username grace --email grace@example.com"
    production = {"ENVIRONMENT": "production", "ALLOWED_HOSTS": "127.0.0.1", "DATABASE_URL": database_url}
    with started(tmp_path, command, DJANGO_SUPERUSER_PASSWORD=PASSWORD, **production) as service:
        assert service.process.wait(60) == 0
    assert database.rows("SELECT username, is_superuser FROM staff_users") == [("grace", True)]


def test_djangos_own_server_serves_the_whole_service(tmp_path: Path, database: Sql, database_url: str) -> None:
    settings = {"ENVIRONMENT": "development", "DATABASE_URL": database_url}
    with started(tmp_path, "manage runserver --noreload {port}", **settings) as service:
        eventually(service.answers)
        assert service.get("/ready").status_code == 200
        assert service.get("/admin/login/").headers["X-Frame-Options"] == "DENY"
