"""The pool of connections."""

from psycopg_pool import ConnectionPool

__all__ = ["ConnectionPool"]
