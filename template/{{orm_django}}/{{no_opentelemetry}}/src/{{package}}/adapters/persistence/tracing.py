"""Traces of statements: none."""

from django.db.backends.base.base import BaseDatabaseWrapper


def trace_statements(connection: BaseDatabaseWrapper) -> None:
    """Do nothing."""
