"""The routes: every module in this package that has a `router`; there is no list to edit."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from litestar import Router


def routers() -> Iterator[Router]:
    for module in iter_modules(__path__):
        router = getattr(import_module(f"{__name__}.{module.name}"), "router", None)
        if isinstance(router, Router):
            yield router
