"""Whichever mapper wrote the migrations, it is the same database.

Tables, constraints, indexes and triggers are compared: a service can take another mapper and keep
its data, and what the database itself refuses does not depend on an answer.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import oracle, space
from tests.matrix.environments import environment, lock
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

Schema = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def schemas(template: Path) -> Mapping[str, Schema]:
    with postgresql() as server:
        return {mapper: migrated(server, template, mapper) for mapper in MAPPERS}


def migrated(server: PostgreSQL, template: Path, mapper: str) -> Schema:
    """Return the schema that the migrations of a service with this mapper make."""
    python = next(iter(installed_pythons().values()))
    directory = CACHE / "schemas" / mapper
    log = directory.with_suffix(".log")
    shutil.rmtree(directory, ignore_errors=True)
    database_url = server.new_database()
    project = render(template, directory, answers_with(mapper))
    lock(project, python, log)
    with environment(project, python, log) as ready:
        settings = {"ENVIRONMENT": "development", "DATABASE_URL": database_url}
        ready.run(ready.command("my-service"), "migrate", log=log, **settings)
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
def test_a_mapper_makes_the_same_database(schemas: Mapping[str, Schema], mapper: str) -> None:
    ours, theirs = schemas[REFERENCE], schemas[mapper]
    assert {table for table, _ in ours} >= {"orders", "order_lines", "jobs", "accounts"}
    assert theirs == ours
