"""The routes: every module in this package that has a `blueprint`; there is no list to edit."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    for module in iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "blueprint", None)
        if isinstance(blueprint, Blueprint):
            yield blueprint
