"""SQL that others have written."""

from sqlalchemy import Connection


def run_script(connection: Connection, script: str) -> None:
    """Run a script of any number of statements, which only the driver takes."""
    connection.connection.run_async(lambda driver: driver.execute(script))
