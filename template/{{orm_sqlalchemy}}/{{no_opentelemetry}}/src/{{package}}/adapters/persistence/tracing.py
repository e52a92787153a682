"""Traces of statements: none."""

from sqlalchemy import Engine


def trace_statements(engine: Engine) -> None: ...
