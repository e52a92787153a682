"""The tables. Every module in this package is an app of Tortoise's, and has a line of migrations of its own."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = ["load_tables"]


def load_tables() -> dict[str, ModuleType]:
    """Return the module of each app."""
    return {module.name: import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)}
