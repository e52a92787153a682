"""SQL that others have written."""

from contextlib import closing

from sqlalchemy import Connection


def run_script(connection: Connection, script: str) -> None:
    """Run a script of any number of statements, which the driver takes if it has no parameters."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(script)
